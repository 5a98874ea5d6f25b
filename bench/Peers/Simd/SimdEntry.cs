using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;
using ChurnEngine.OnnxBackend;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench.Peers;

/// <summary>Our vectors against ONNX Runtime, the scalar walk and XGBoost, on one core, from float32 rows to probabilities.</summary>
internal sealed class SimdEntry : IPeerEntry
{
    private const int CheckedRows = 20_000, Passes = 3;
    private const float Tolerance = 1e-6f;
    private const double AllowedAuc = 0.002;
    private const long Seed = 7;

    public string Name => "simd";

    public string Summary =>
        """
        simd: prediction on one core, from rows of float32 in memory to probabilities; each in a fresh process, after a warm-up, median of three passes. `--backend simd` (values to codes counted), ONNX Runtime
        with one thread in blocks of 8,192 rows as `--backend onnx` runs it, and the scalar walk predict by one and the same model; XGBoost by a model of its own, trained under equal options (inplace_predict, one thread).
        """;

    public IReadOnlyList<DebianPackage> Needs { get; } = [new("python3-xgboost", "xgboost")];

    public IEnumerable<PeerCase> Cases(PeerRequest request) => [Case(request, GrowthPolicy.LeafWise), Case(request, GrowthPolicy.DepthWise)];

    public PeerMeasures Measure(string contestant, JsonObject options)
    {
        ChurnModel model = ModelFile.Load((string)options["model"]!);
        (NativeBuffer<float> x, long rows, int features) = NpyFile.Read((string)options["x_test"]!);
        using (x)
        {
            using IModelBackend backend = contestant switch { "ours" => SimdBackend.Open(model), "walk" => WalkBackend.Open(model), _ => OnnxModelBackend.Open(model) };
            float[] probability = new float[rows], margin = new float[rows];
            Pass();
            double seconds = Sample.Median([.. Enumerable.Range(0, Passes).Select(_ => Pass())]);
            NpyFile.Write((string)options["predictions"]!, probability, rows, 0);
            return new PeerMeasures
            {
                Numbers = { ["predict"] = rows / seconds / 1e6, ["leaves"] = model.Ensemble.Trees.Average(tree => tree.LeafCount) },
                Texts = { ["version"] = contestant == "onnxruntime" ? OnnxModelBackend.RuntimeVersion : SourceTree.Commit },
            };

            double Pass()
            {
                // Rows beyond 2^31 floats would not fit one span.
                const int PartRows = 65_536;
                long start = Stopwatch.GetTimestamp();
                for (int first = 0; first < rows; first += PartRows)
                {
                    int count = (int)Math.Min(PartRows, rows - first);
                    backend.Predict(x.Slice((long)first * features, count * features), probability.AsSpan(first, count), margin.AsSpan(first, count));
                }
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }
    }

    private static PeerCase Case(PeerRequest request, GrowthPolicy growth)
    {
        RowShape shape = RowShape.ManyToPredict(request.Quick);
        var training = new TrainingCase { Shape = shape, Growth = growth, Threads = 1, Trees = request.Quick ? 40 : 200 };
        string folder = Path.Combine(request.Cache, "simd"), model = Path.Combine(folder, $"{training.Leaves}-leaves.onnx");
        RowFiles files = RowFiles.Of(request.Cache, shape, Seed);
        float[] labels = [];
        double walks = (double)shape.TestRows * training.Trees * (Passes + 1);
        return new PeerCase
        {
            Parameters = [.. training.Parameters.Where(parameter => parameter.Key != "bins"), new("trees", $"{training.Trees}")],
            EqualOptions = $"{shape.TestRows:N0} rows x {shape.FeatureCount}; models of {training.Describe()}",
            SecondsPerRound = walks * (0.5e-9 + 9e-9 + 25e-9 + 20e-9) + 12,
            // A round is most of a minute; the second growth is a look, so that all comparisons together stay near half an hour.
            MostRounds = growth == GrowthPolicy.LeafWise ? 3 : 1,
            Contestants = [Of("ours", null), Of("onnxruntime", null), Of("walk", null), Of("xgboost", "Training/boosters.py")],
            Metrics = [new("predict", "prediction", "M rows/s") { Kind = MetricKind.Rate, Decimals = 3 }, new("auc", "test AUC", "") { Kind = MetricKind.Shown, Decimals = 5 }],
            Prepare = say =>
            {
                files.Make(shape, Seed, say);
                Directory.CreateDirectory(folder);
                say("training the model");
                OnnxEntry.Train(training with { Threads = Environment.ProcessorCount }, files, model);
                labels = Read(files.YTest);
            },
            Complete = (contestant, measures) => measures.Numbers["auc"] = RocAuc.Compute(Read((string)contestant.Options["predictions"]!), labels),
            Judge = Judge,
        };

        Contestant Of(string name, string? script)
        {
            JsonObject options = training.Options(name, files, Path.Combine(folder, name + ".npy"));
            options["model"] = model;
            return new Contestant(name, script, options) { Environment = new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1" } };
        }
    }

    private static IEnumerable<Verdict> Judge(IReadOnlyList<ContestantRuns> runs)
    {
        float[] ours = Read((string)runs[0].Contestant.Options["predictions"]!);
        foreach (ContestantRuns other in runs.Where(run => run.Contestant.Name is "onnxruntime" or "walk"))
        {
            float allowed = other.Contestant.Name == "walk" ? 0 : Tolerance;
            float[] theirs = Read((string)other.Contestant.Options["predictions"]!);
            int rows = Math.Min(CheckedRows, theirs.Length);
            float largest = Enumerable.Range(0, rows).Max(row => Math.Abs(ours[row] - theirs[row]));
            yield return new Verdict(largest <= allowed, string.Create(CultureInfo.InvariantCulture, $"probabilities of {rows:N0} rows differ from {other.Contestant.Name}'s by {largest:R} at most, allowed {allowed:R}"));
        }
        if (runs.FirstOrDefault(run => run.Contestant.Name == "xgboost") is { } xgboost)
        {
            double difference = Math.Abs(runs[0].Median("auc") - xgboost.Median("auc"));
            yield return new Verdict(difference <= AllowedAuc, string.Create(CultureInfo.InvariantCulture, $"test AUC of our model and of xgboost's differ by {difference:N5}, allowed {AllowedAuc}"));
        }
    }

    private static float[] Read(string path)
    {
        (NativeBuffer<float> values, _, _) = NpyFile.Read(path);
        using (values)
            return values.Span.ToArray();
    }
}
