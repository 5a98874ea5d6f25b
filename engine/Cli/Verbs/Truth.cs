using ChurnEngine.Columns;
using ChurnEngine.DataGen;
using ChurnEngine.Evaluation;
using ChurnEngine.Ingest;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>What the best possible model would have reached on the same customers: the world's own probabilities. Nothing but the demo reads them.</summary>
internal static class Truth
{
    /// <summary>Metrics of the true probabilities on the customers, labels and threshold of <paramref name="test"/>.</summary>
    public static ClassificationMetrics Measure(string data, LabelledScores test, CancellationToken cancellation)
    {
        Dictionary<long, double> truth = Read(Path.Combine(data, TruthFile.RelativePath), test.AsOf, cancellation);
        float[] probability = new float[test.Labels.Length];
        for (int row = 0; row < probability.Length; row++)
            probability[row] = (float)truth[test.Keys[row]];
        return ClassificationMetrics.Evaluate(probability, test.Labels, test.Threshold);
    }

    private static Dictionary<long, double> Read(string path, long asOf, CancellationToken cancellation)
    {
        using var session = new IngestSession(new IngestOptions());
        var contract = new TableContract { Columns = [.. TruthFile.Schema.Fields.Select(field => new ColumnContract(field.Name, field.Type))] };
        var result = new Dictionary<long, double>();
        foreach (RecordBatch batch in session.Read(new TableSource { Name = "truth", Path = path }, contract, cancellation))
        {
            using (batch)
            {
                ReadOnlySpan<long> customers = batch.Values<long>(TruthFile.CustomerId);
                ReadOnlySpan<long> instants = batch.Values<long>(TruthFile.AsOf);
                ReadOnlySpan<double> probabilities = batch.Values<double>(TruthFile.Probability);
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
