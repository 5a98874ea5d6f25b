using System.Diagnostics;
using System.Text.Json.Nodes;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.OnnxBackend;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench.Peers;

/// <summary>Our side of the comparison, in a process of its own: what <c>boosters.py</c> does for the others.</summary>
internal static class OurTraining
{
    private const int PartitionRows = 4_096;

    public static PeerMeasures Run(JsonObject options)
    {
        (NativeBuffer<float> x, long rows, int features) = NpyFile.Read((string)options["x_train"]!);
        (NativeBuffer<float> y, _, _) = NpyFile.Read((string)options["y_train"]!);
        FeatureInfo[] columns = [.. Enumerable.Range(0, features).Select(i => new FeatureInfo { Name = $"f{i:000}" })];
        using var matrix = new FeatureMatrix(columns, x, rows);
        var train = new LabelledRows(matrix, y.Span.ToArray());
        BoosterOptions booster = TrainingCase.ToBooster(options);

        ResidentMemory.ResetPeak();
        long before = ResidentMemory.CurrentBytes;
        long start = Stopwatch.GetTimestamp();
        BoosterResult result;
        double binning, total;
        using (var run = new BoostingRun(new BoosterInputs(train), booster, CancellationToken.None))
        {
            binning = Stopwatch.GetElapsedTime(start).TotalSeconds;
            result = run.Run(null);
            total = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        var measures = new PeerMeasures
        {
            Numbers =
            {
                ["binning"] = binning,
                ["boosting"] = total - binning,
                ["total"] = total,
                ["memory"] = ResidentMemory.PeakAbove(before),
            },
            Texts = { ["version"] = SourceTree.Commit },
        };
        y.Dispose();
        Predict(result.Ensemble, columns, options, measures);
        return measures;
    }

    // As `churn score` runs a backend: partitions in parallel, one runtime thread each. By both that a user can choose, the default first.
    private static void Predict(TreeEnsemble ensemble, FeatureInfo[] columns, JsonObject options, PeerMeasures measures)
    {
        (NativeBuffer<float> x, long rows, int features) = NpyFile.Read((string)options["x_test"]!);
        using (x)
        {
            ChurnModel model = ModelFile.Encode(new ChurnModel { Predictor = ensemble, Metadata = new ModelMetadata { Features = columns } }, x.Slice(0, features * 64));
            float[] probability = new float[rows], margin = new float[rows];
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = (int)options["threads"]! };
            measures.Numbers[TrainingEntry.PredictDefault] = Speed(OnnxModelBackend.Open(model));
            measures.Numbers[TrainingEntry.PredictFastest] = Speed(SimdBackend.Open(model));
            NpyFile.Write((string)options["predictions"]!, probability, rows, 0);

            double Speed(IModelBackend opened)
            {
                using IModelBackend backend = opened;
                Pass(backend);
                return rows / Sample.Median([.. Enumerable.Range(0, 3).Select(_ => Pass(backend))]) / 1e6;
            }

            double Pass(IModelBackend backend)
            {
                long start = Stopwatch.GetTimestamp();
                Parallel.For(0, (int)((rows + PartitionRows - 1) / PartitionRows), parallel, partition =>
                {
                    int first = partition * PartitionRows, count = (int)Math.Min(PartitionRows, rows - first);
                    backend.Predict(x.Slice((long)first * features, count * features), probability.AsSpan(first, count), margin.AsSpan(first, count));
                });
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }
    }
}
