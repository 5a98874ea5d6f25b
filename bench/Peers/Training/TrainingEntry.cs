using System.Globalization;
using System.Text.Json.Nodes;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench.Peers;

/// <summary>Training and prediction against XGBoost (hist) and scikit-learn (HistGradientBoosting), as Debian ships them.</summary>
internal sealed class TrainingEntry : IPeerEntry
{
    private const string Script = "Training/boosters.py";
    private const double AllowedAuc = 0.0005;
    private const long Seed = 7;

    /// <summary>Rows a second as each is used where nothing is said: ours by ONNX Runtime.</summary>
    public const string PredictDefault = "predict";

    /// <summary>Rows a second by the fastest that each has: ours by <c>--backend simd</c>; the others have one way.</summary>
    public const string PredictFastest = "predict_fastest";

    public string Name => "train";

    public string Summary =>
        """
        train: gradient boosting on equal rows under equal options, each booster in a fresh process, timed inside it from arrays in memory in the type the library
        works in (float32; float64 for scikit-learn); compiling our code, which happens as it runs, counts. Memory is the peak above what was resident before training. Prediction is of the test rows, median of three
        passes after a warm-up, in partitions as `churn score` runs it: ours by ONNX Runtime, its default, and by `--backend simd`, each beside the one way of the others. AUC and log-loss are computed by one program for all.
        """;

    public IReadOnlyList<DebianPackage> Needs { get; } = [new("python3-xgboost", "xgboost"), new("python3-sklearn", "sklearn.ensemble")];

    public IEnumerable<PeerCase> Cases(PeerRequest request) => Chosen(request).Select(one => Case(one, request));

    public PeerMeasures Measure(string contestant, JsonObject options) => OurTraining.Run(options);

    // The published cases fit into about a quarter of an hour; one thread and 63 bins are asked once each, on the small shape.
    private static IEnumerable<TrainingCase> Chosen(PeerRequest request)
    {
        IReadOnlyList<RowShape> shapes = request.Quick ? RowShape.Quick : RowShape.Full;
        int most = request.Threads.Max();
        foreach (RowShape shape in shapes)
        {
            foreach (int threads in request.Threads)
            {
                foreach (GrowthPolicy growth in new[] { GrowthPolicy.LeafWise, GrowthPolicy.DepthWise })
                {
                    foreach (int bins in new[] { 255, 63 })
                    {
                        int changes = (threads == most ? 0 : 1) + (growth == GrowthPolicy.LeafWise ? 0 : 1) + (bins == 255 ? 0 : 1);
                        bool varied = shape == shapes[0] && changes == 1;
                        bool deep = shape == shapes[1] && changes == 1 && growth == GrowthPolicy.DepthWise;
                        if (request.Grid || changes == 0 || varied || deep)
                            yield return new TrainingCase { Shape = shape, Growth = growth, Bins = bins, Threads = threads, Trees = request.Quick ? 40 : 200 };
                    }
                }
            }
        }
    }

    private static PeerCase Case(TrainingCase one, PeerRequest request)
    {
        string folder = Path.Combine(request.Cache, "predictions");
        RowFiles files = RowFiles.Of(request.Cache, one.Shape, Seed);
        float[] labels = [];
        return new PeerCase
        {
            Parameters = one.Parameters,
            EqualOptions = one.Describe(),
            SecondsPerRound = Seconds(one),
            // A round of the largest shape is over a minute: three of them say as much as the noise allows in the time.
            MostRounds = Seconds(one) > 60 ? 3 : int.MaxValue,
            Contestants = [Ours("ours", null), Ours("xgboost", Script), Ours("sklearn", Script)],
            Metrics =
            [
                new("binning", "binning", "s"), new("boosting", "boosting", "s"), new("total", "total", "s"),
                new("memory", "peak above the matrix", "MB") { Decimals = 0 },
                new(PredictDefault, "prediction", "M rows/s") { Kind = MetricKind.Rate, Decimals = 3 },
                new(PredictFastest, "prediction, ours by simd", "M rows/s") { Kind = MetricKind.Rate, Decimals = 3 },
                new("auc", "test AUC", "") { Kind = MetricKind.Shown, Decimals = 5 },
                new("logloss", "test log-loss", "") { Kind = MetricKind.Shown, Decimals = 5 },
            ],
            Prepare = say =>
            {
                Directory.CreateDirectory(folder);
                files.Make(one.Shape, Seed, say);
                (NativeBuffer<float> y, _, _) = NpyFile.Read(files.YTest);
                using (y)
                    labels = y.Span.ToArray();
            },
            Complete = (contestant, measures) => Judge(contestant, measures, labels),
            Judge = EqualAccuracy,
        };

        Contestant Ours(string peer, string? script) => new(peer, script, one.Options(peer, files, Path.Combine(folder, peer + ".npy")))
        {
            // scikit-learn has no option for it.
            Environment = new Dictionary<string, string> { ["OMP_NUM_THREADS"] = one.Threads.ToString(CultureInfo.InvariantCulture), ["OPENBLAS_NUM_THREADS"] = "1" },
        };
    }

    private static void Judge(Contestant contestant, PeerMeasures measures, float[] labels)
    {
        measures.Numbers.TryAdd(PredictFastest, measures[PredictDefault]);
        (NativeBuffer<float> probability, _, _) = NpyFile.Read((string)contestant.Options["predictions"]!);
        using (probability)
        {
            measures.Numbers["auc"] = RocAuc.Compute(probability.Span, labels);
            measures.Numbers["logloss"] = ProbabilityLoss.LogLoss(probability.Span, labels);
        }
    }

    internal static IEnumerable<Verdict> EqualAccuracy(IReadOnlyList<ContestantRuns> runs)
    {
        double ours = runs[0].Median("auc");
        ContestantRuns best = runs.Skip(1).MaxBy(run => run.Median("auc"))!;
        double difference = ours - best.Median("auc"), among = best.Median("auc") - runs.Skip(1).Min(run => run.Median("auc"));
        yield return new Verdict(difference >= -AllowedAuc, string.Create(CultureInfo.InvariantCulture,
            $"test AUC {ours:N5}, the best peer's {best.Median("auc"):N5} ({best.Title}): {(difference < 0 ? "lower" : "higher")} by {Math.Abs(difference):N5}, allowed {AllowedAuc} lower; the peers differ by {among:N5}"));
    }

    // From shared measurements of this kind of machine: 6 ns a row, feature and tree on one core for each peer, and starting and reading.
    private static double Seconds(TrainingCase one)
    {
        double updates = (double)one.Shape.TrainRows * one.Shape.FeatureCount * one.Trees;
        double each = updates * 6e-9 * (one.Depth > 0 ? 1.2 : 1) / one.Threads;
        return 3 * (each + 2.5) + one.Shape.TestRows * one.Trees * 4 * 90e-9 / one.Threads;
    }
}
