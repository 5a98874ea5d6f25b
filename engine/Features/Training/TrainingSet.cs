using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Rows of one snapshot within a training set.</summary>
/// <param name="AsOf">Microseconds since 1970 UTC; <see cref="FeatureSnapshot.Timeless"/> for a plain table.</param>
/// <param name="Start">First row.</param>
/// <param name="Count">Rows.</param>
/// <param name="Positives">Rows with label 1; 0 where the label is a number.</param>
public sealed record SnapshotRange(long AsOf, long Start, long Count, long Positives)
{
    /// <summary>Mean of the labels: the share of positives, or of numbers their mean; NaN without a row.</summary>
    public double LabelMean { get; init; } = double.NaN;

    /// <summary>Customers whose label would be another one, had all been known that the data knows: it was counted as known at <see cref="TrainingSetOptions.LabelsKnownAt"/>.</summary>
    public long LabelsNotYetKnown { get; init; }
}

/// <summary>Which snapshots a training set holds.</summary>
public sealed record TrainingSetOptions
{
    /// <summary>As-of instants, microseconds since 1970 UTC, any order; censored ones are dropped and reported.</summary>
    public required IReadOnlyList<long> AsOf { get; init; }

    /// <summary>By as-of instant, when the labels of its snapshot are counted: what was not known by then does not show in them, nor in who was at risk.
    /// A snapshot whose label window is not over by then is dropped and reported. One that is not named here takes all that the data knows.</summary>
    public IReadOnlyDictionary<long, long> LabelsKnownAt { get; init; } = new Dictionary<long, long>();

    /// <summary>Categories are frozen from the snapshots up to this instant, included: those the model trains on. Ignored when the plan is frozen.</summary>
    public long FreezeThrough { get; init; } = long.MaxValue;

    /// <summary>Most categories a feature may have; the rarest beyond are missing.</summary>
    public int CategoryLimit { get; init; } = DefaultCategoryLimit;

    /// <summary>Default of <see cref="CategoryLimit"/>.</summary>
    public const int DefaultCategoryLimit = 10_000;

    /// <summary>Threads.</summary>
    public JobBudget Budget { get; init; } = new();
}

/// <summary>Features and labels of several snapshots, earliest first; within one by partition and key.</summary>
/// <remarks>Owns its matrix and keys; dispose it once.</remarks>
public sealed class TrainingSet : IDisposable
{
    internal TrainingSet(FeaturePlan plan, FeatureMatrix matrix, Column keys) => (Plan, Matrix, Keys) = (plan, matrix, keys);

    /// <summary>The plan with its categories frozen: what goes into the model.</summary>
    public FeaturePlan Plan { get; }

    /// <summary>[N, F] features, snapshot after snapshot.</summary>
    public FeatureMatrix Matrix { get; }

    /// <summary>[N] 1 for churn, 0 for none; where the label is a number, that.</summary>
    public required float[] Labels { get; init; }

    /// <summary>[N] keys of the customers, Int64 or Utf8.</summary>
    public Column Keys { get; }

    /// <summary>[N] number of the customer, the same in every snapshot: for splits that keep a customer together.</summary>
    public required int[] Customers { get; init; }

    /// <summary>The snapshots, ascending in time.</summary>
    public required IReadOnlyList<SnapshotRange> Snapshots { get; init; }

    /// <summary>Snapshots that were asked for and dropped.</summary>
    public required IReadOnlyList<CensoredSnapshot> Censored { get; init; }

    /// <summary>What the user should know, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Rows of a plain table left out because their label is missing, or customers at risk whose target has no value, such as a mean without rows.</summary>
    public long RowsWithoutLabel { get; init; }

    /// <summary>Customers at risk left out of a snapshot because they churned in the gap before its label window, over all snapshots.</summary>
    public long RowsChurnedInGap { get; init; }

    /// <summary>Computes features and labels.</summary>
    /// <param name="plan">Of the same hash as the data's; when its categories are frozen they are kept, else they are frozen here.</param>
    /// <param name="data">Events and attributes.</param>
    /// <param name="options">Which snapshots.</param>
    /// <param name="cancellation">Stops between partitions.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> without a label; <see cref="ChurnDataException"/> when no snapshot is usable or a plain table's label
    /// has other than two values.</remarks>
    public static TrainingSet Build(FeaturePlan plan, CustomerData data, TrainingSetOptions options, CancellationToken cancellation) =>
        new TrainingSetBuilder(plan, data, options, cancellation).Build();

    /// <inheritdoc/>
    public void Dispose()
    {
        Matrix.Dispose();
        Keys.Dispose();
    }
}
