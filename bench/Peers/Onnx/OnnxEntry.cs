using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.OnnxBackend;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench.Peers;

/// <summary>Our use of ONNX Runtime against the plain use of it: same runtime, same model, same rows.</summary>
internal sealed class OnnxEntry : IPeerEntry
{
    // A call of the whole is a partition of `churn score`, which has about so many customers.
    private const int PartitionRows = 16_384, CheckedRows = 2_000;
    private const float Tolerance = 1e-6f;
    private const long Seed = 7;

    // What each does, and how many rows it goes through: the slow ones are timed on fewer.
    private static readonly (string Name, int Batch, int Rows, bool Anew)[] s_naive =
        [("one-call", int.MaxValue, int.MaxValue, false), ("calls-of-1000", 1000, int.MaxValue, false), ("row-by-row", 1, CheckedRows * 5, false), ("session-a-call", 1000, CheckedRows * 10, true), (SilentFallback, int.MaxValue, int.MaxValue, false)];

    // The same model through our backends: the tensor form is made for a GPU, and on the processor it only shows what it would cost there.
    private static readonly (string Name, int Rows, Func<ChurnModel, IModelBackend> Open)[] s_ours =
        [("ours", int.MaxValue, OnnxModelBackend.Open), (OneThread, int.MaxValue, OnnxModelBackend.Open), ("tensor-form", CheckedRows * 20, OnnxModelBackend.OpenTensorForm), (Cuda, int.MaxValue, OnnxModelBackend.OpenOnCuda)];

    private const string Cuda = "cuda", OneThread = "one-thread", SilentFallback = "cuda-silent-fallback";

    public string Name => "onnx";

    public string Summary =>
        """
        onnx: one model in the same ONNX Runtime, used as `churn score` uses it (one session with one thread of its own, partitions in parallel, no copy) and as first
        examples use it: a default session and the whole table in one call, calls of 1,000 rows, row by row, and a new session for each 1,000 rows. Beside them our use on one thread, and the tensor form of
        the trees on the processor, for which it is not made; and, where CUDA can be had, on the GPU, with the plain use of it, which runs the trees on the processor in silence.
        Each in a fresh process, rows in memory, after a warm-up; median of three passes.
        """;

    public IReadOnlyList<DebianPackage> Needs { get; } = [];

    public IEnumerable<PeerCase> Cases(PeerRequest request) => request.Threads.Where(threads => request.Grid || threads == request.Threads.Max()).Select(threads => Case(request, threads));

    public PeerMeasures Measure(string contestant, JsonObject options)
    {
        (NativeBuffer<float> x, long all, int features) = NpyFile.Read((string)options["x_test"]!);
        using (x)
        {
            int index = Array.FindIndex(s_naive, naive => naive.Name == contestant);
            int own = Array.FindIndex(s_ours, ours => ours.Name == contestant);
            float[] probability = new float[Math.Min((int)all, index < 0 ? s_ours[own].Rows : s_naive[index].Rows)];
            PeerMeasures measures = index < 0
                ? Ours(x, probability, contestant == OneThread ? 1 : (int)options["threads"]!, ((string)options["model"]!, s_ours[own].Open))
                : Naive(x.Slice(0, probability.Length * features).ToArray(), probability, options, s_naive[index]);
            measures.Texts["version"] = index < 0 ? SourceTree.Commit : OnnxModelBackend.RuntimeVersion;
            NpyFile.Write((string)options["folder"]! + $"/onnx-{contestant}.npy", probability.AsSpan(0, Math.Min(CheckedRows, probability.Length)), Math.Min(CheckedRows, probability.Length), 0);
            return measures;
        }
    }

    private static PeerMeasures Ours(NativeBuffer<float> x, float[] probability, int threads, (string Path, Func<ChurnModel, IModelBackend> Open) model)
    {
        using IModelBackend backend = model.Open(ModelFile.Load(model.Path));
        float[] margin = new float[probability.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        return Time(probability.Length, () => Parallel.For(0, (probability.Length + PartitionRows - 1) / PartitionRows, parallel, partition =>
        {
            int first = partition * PartitionRows, count = Math.Min(PartitionRows, probability.Length - first);
            backend.Predict(x.Slice((long)first * backend.FeatureCount, count * backend.FeatureCount), probability.AsSpan(first, count), margin.AsSpan(first, count));
        }));
    }

    private static PeerMeasures Naive(float[] rows, float[] probability, JsonObject options, (string Name, int Batch, int Rows, bool Anew) how)
    {
        using var naive = new NaiveOnnx(File.ReadAllBytes((string)options["model"]!), rows.Length / probability.Length, (int)options["threads"]!) { OnCuda = how.Name == SilentFallback };
        int batch = Math.Min(how.Batch, probability.Length);
        return Time(probability.Length, how.Anew ? () => naive.Anew(rows, probability, batch) : () => naive.Kept(rows, probability, batch));
    }

    private static PeerMeasures Time(int rows, Action pass)
    {
        ResidentMemory.ResetPeak();
        long before = ResidentMemory.CurrentBytes;
        pass();
        double[] seconds = new double[3];
        for (int i = 0; i < seconds.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            pass();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return new PeerMeasures { Numbers = { ["rate"] = rows / Sample.Median(seconds) / 1e6, ["memory"] = ResidentMemory.PeakAbove(before) } };
    }

    private static PeerCase Case(PeerRequest request, int threads)
    {
        RowShape shape = RowShape.ManyToPredict(request.Quick);
        var training = new TrainingCase { Shape = shape, Growth = GrowthPolicy.LeafWise, Threads = Environment.ProcessorCount, Trees = request.Quick ? 40 : 200 };
        string folder = Path.Combine(request.Cache, "onnx");
        RowFiles files = RowFiles.Of(request.Cache, shape, Seed);
        string model = Path.Combine(folder, "model.onnx");
        bool hasCuda = CudaState.Look().IsUsable;
        var options = new JsonObject { ["model"] = model, ["x_test"] = files.XTest, ["threads"] = threads, ["folder"] = folder };
        return new PeerCase
        {
            Parameters = [new("shape", shape.Name), new("trees", $"{training.Trees}"), new("threads", $"{threads}")],
            EqualOptions = $"{shape.TestRows:N0} rows x {shape.FeatureCount}, {training.Trees} trees of 31 leaves; {(threads == Environment.ProcessorCount ? $"default sessions, which take all {threads} cores" : $"{threads} threads")}",
            SecondsPerRound = 6 * (2 + 4.0 * shape.TestRows * training.Trees * 30e-9 / threads),
            // A round is a minute and a half.
            MostRounds = 2,
            Contestants = [.. s_ours.Select(ours => ours.Name).Concat(s_naive.Select(naive => naive.Name)).Where(name => (hasCuda || name is not (Cuda or SilentFallback)) && (threads > 1 || name != OneThread)).Select(name => new Contestant(name, null, options))],
            Metrics = [new("rate", "prediction", "M rows/s") { Kind = MetricKind.Rate, Decimals = 4 }, new("memory", "peak above the rows", "MB") { Decimals = 0 }],
            Prepare = say =>
            {
                files.Make(shape, Seed, say);
                Directory.CreateDirectory(folder);
                say("training the model");
                Train(training, files, model);
            },
            Judge = runs => runs.Skip(1).Select(run => SameOutputs(folder, run.Contestant.Name)),
        };
    }

    internal static void Train(TrainingCase training, RowFiles files, string path)
    {
        (NativeBuffer<float> x, long rows, int features) = NpyFile.Read(files.XTrain);
        (NativeBuffer<float> y, _, _) = NpyFile.Read(files.YTrain);
        FeatureInfo[] columns = [.. Enumerable.Range(0, features).Select(i => new FeatureInfo { Name = $"f{i:000}" })];
        using (y)
        {
            using var matrix = new FeatureMatrix(columns, x, rows);
            BoosterResult result = Booster.Fit(new LabelledRows(matrix, y.Span.ToArray()), null, TrainingCase.ToBooster(training.Options("ours", files, "")));
            ModelFile.Save(new ChurnModel { Predictor = result.Ensemble, Metadata = new ModelMetadata { Features = columns } }, path, matrix);
        }
    }

    private static Verdict SameOutputs(string folder, string contestant)
    {
        float[] ours = Read("ours"), theirs = Read(contestant);
        float largest = Enumerable.Range(0, theirs.Length).Max(row => Math.Abs(ours[row] - theirs[row]));
        return new Verdict(largest <= Tolerance, string.Create(CultureInfo.InvariantCulture, $"probabilities of {theirs.Length:N0} rows differ from {contestant}'s by {largest:R} at most, allowed {Tolerance:R}"));

        float[] Read(string name)
        {
            (NativeBuffer<float> values, _, _) = NpyFile.Read(Path.Combine(folder, $"onnx-{name}.npy"));
            using (values)
                return values.Span.ToArray();
        }
    }
}
