using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>A table of probabilities that are known to be right, because the world was drawn with them.</summary>
/// <param name="Path">Parquet file.</param>
/// <param name="Key">Column with the customer, a whole number.</param>
/// <param name="AsOf">Column with the instant.</param>
/// <param name="Probability">Column with the probability.</param>
public sealed record KnownProbabilities(string Path, string Key, string AsOf, string Probability);

/// <summary>What the best possible model would have reached on the same customers. Only the demo asks: a stage that did would learn from the answers.</summary>
public static class BestReachableStep
{
    private const double StandardErrors = 3;

    /// <summary>Metrics of the known probabilities on the customers, labels and threshold of <paramref name="test"/>.</summary>
    public static IReadOnlyDictionary<string, double> Run(KnownProbabilities known, LabelledScores test, StepContext context) =>
        context.Stages.Time("compare", () => Measure(known, test, context), metrics => metrics.Rows).ToDictionary();

    /// <summary>The alarm of a model that is better than the best possible one by more than three standard errors; null when it is not.</summary>
    /// <remarks>Source: design.md section 4.</remarks>
    public static string? Alarm(IReadOnlyDictionary<string, double> model, IReadOnlyDictionary<string, double> best)
    {
        double limit = best["roc_auc"] + StandardErrors * best["roc_auc_se"];
        return model["roc_auc"] > limit ? FormattableString.Invariant($"LEAKAGE ALARM: test AUC {model["roc_auc"]:F4} is above what this world allows ({limit:F4})") : null;
    }

    private static ClassificationMetrics Measure(KnownProbabilities known, LabelledScores test, StepContext context)
    {
        Dictionary<long, double> truth = Read(known, test.AsOf, context);
        float[] probability = new float[test.Labels.Length];
        for (int row = 0; row < probability.Length; row++)
            probability[row] = (float)truth[test.Keys[row]];
        return ClassificationMetrics.Evaluate(probability, test.Labels, test.Threshold);
    }

    private static Dictionary<long, double> Read(KnownProbabilities known, long asOf, StepContext context)
    {
        using var session = new IngestSession(new IngestOptions { Budget = context.Budget });
        var contract = new TableContract
        {
            Columns = [new(known.Key, ColumnType.Int64, NotNull: true), new(known.AsOf, ColumnType.TimestampMicros, NotNull: true), new(known.Probability, ColumnType.Float64, NotNull: true)],
        };
        var result = new Dictionary<long, double>();
        foreach (RecordBatch batch in session.Read(new TableSource { Name = "known probabilities", Path = known.Path }, contract, context.Cancellation))
        {
            using (batch)
            {
                ReadOnlySpan<long> customers = batch.Values<long>(known.Key);
                ReadOnlySpan<long> instants = batch.Values<long>(known.AsOf);
                ReadOnlySpan<double> probabilities = batch.Values<double>(known.Probability);
                for (int row = 0; row < batch.Length; row++)
                {
                    if (instants[row] == asOf)
                        result.Add(customers[row], probabilities[row]);
                }
            }
        }
        return result;
    }
}
