using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>The ground truth that lies beside a generated world: for each customer at risk at each month's start, the probability its churn was drawn with.</summary>
/// <remarks>Only tests and the comparison in <c>churn demo</c> may read it; a stage that does would be learning from the answers.
/// The snapshot at the end of the last month has probabilities, but nothing was drawn: its <see cref="Churned"/> is null.
/// Rows are ordered by customer, then by instant.</remarks>
public static class TruthFile
{
    /// <summary>Where it is, below the folder of the world.</summary>
    public const string RelativePath = "truth/probabilities.parquet";

    /// <summary>int64, as in the other tables.</summary>
    public const string CustomerId = "customer_id";

    /// <summary>Timestamp: start of the month the row is about.</summary>
    public const string AsOf = "as_of";

    /// <summary>float64: probability of leaving within [as_of, as_of + 30 days).</summary>
    public const string Probability = "probability";

    /// <summary>Boolean: whether the customer then left; null at the scoring date.</summary>
    public const string Churned = "churned";

    /// <summary>The four columns, in the file's order.</summary>
    public static Schema Schema { get; } = new(
        new Field(CustomerId, ColumnType.Int64, Nullable: false),
        new Field(AsOf, ColumnType.TimestampMicros, Nullable: false),
        new Field(Probability, ColumnType.Float64, Nullable: false),
        new Field(Churned, ColumnType.Boolean));
}
