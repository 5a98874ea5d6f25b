using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench.Peers;

/// <summary>Our SHAP values against XGBoost's of the same trees, on one core.</summary>
internal sealed class ShapEntry : IPeerEntry
{
    private const int CheckedRows = 2_000, Passes = 1;
    private const double Tolerance = 1e-4;
    private const long Seed = 7;

    public string Name => "shap";

    public string Summary =>
        """
        shap: exact path-dependent SHAP values of one and the same model, on one core, rows in memory; each in a fresh process, after a warm-up, one pass. Ours is what `churn score` gives its
        reasons by (tables of patterns, in double); walk is our row-by-row form, which defines it; XGBoost (pred_contribs, one thread) gets the model as its own JSON. It and the walk explain fewer rows.
        """;

    public IReadOnlyList<DebianPackage> Needs { get; } = [new("python3-xgboost", "xgboost")];

    public IEnumerable<PeerCase> Cases(PeerRequest request) => [Case(request, GrowthPolicy.LeafWise), Case(request, GrowthPolicy.DepthWise)];

    public PeerMeasures Measure(string contestant, JsonObject options)
    {
        TreeEnsemble ensemble = ModelFile.Load((string)options["model"]!).Ensemble;
        (NativeBuffer<float> x, long all, int features) = NpyFile.Read((string)options["x_test"]!);
        using (x)
        {
            int rows = (int)Math.Min(all, (int)options["rows"]!);
            IExplainer explainer = contestant == "ours" ? CompiledShap.For(ensemble) : new TreeShap(ensemble);
            const int PartRows = 8_192;
            double[] part = new double[PartRows * features];
            float[] first = new float[CheckedRows * (features + 1)];
            Keep(explainer, x.Slice(0, CheckedRows * features), first, features);
            double seconds = Sample.Median([.. Enumerable.Range(0, Passes).Select(_ => Pass())]);
            NpyFile.Write((string)options["predictions"]!, first, CheckedRows, features + 1);
            return new PeerMeasures { Numbers = { ["explain"] = rows / seconds / 1e3 }, Texts = { ["version"] = SourceTree.Commit } };

            double Pass()
            {
                long start = Stopwatch.GetTimestamp();
                for (int row = 0; row < rows; row += PartRows)
                {
                    int count = Math.Min(PartRows, rows - row);
                    explainer.Explain(x.Slice((long)row * features, count * features), part.AsSpan(0, count * features));
                }
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }
    }

    // As XGBoost lays them out: the features, then the expected margin.
    private static void Keep(IExplainer explainer, ReadOnlySpan<float> rows, float[] target, int features)
    {
        double[] values = new double[rows.Length];
        explainer.Explain(rows, values);
        for (int row = 0; row < CheckedRows; row++)
        {
            for (int feature = 0; feature < features; feature++)
                target[row * (features + 1) + feature] = (float)values[row * features + feature];
            target[row * (features + 1) + features] = (float)explainer.ExpectedMargin;
        }
    }

    private static PeerCase Case(PeerRequest request, GrowthPolicy growth)
    {
        RowShape shape = RowShape.ManyToPredict(request.Quick);
        var training = new TrainingCase { Shape = shape, Growth = growth, Threads = 1, Trees = request.Quick ? 40 : 200 };
        string folder = Path.Combine(request.Cache, "shap"), model = Path.Combine(folder, $"{training.Leaves}-leaves.onnx"), json = Path.ChangeExtension(model, ".json");
        RowFiles files = RowFiles.Of(request.Cache, shape, Seed);
        int fewer = request.Quick ? 2_000 : 20_000;
        double walks = (double)training.Trees * Passes;
        return new PeerCase
        {
            Parameters = [.. training.Parameters.Where(parameter => parameter.Key != "bins"), new("trees", $"{training.Trees}")],
            EqualOptions = $"{shape.TestRows:N0} rows x {shape.FeatureCount} for ours, {fewer:N0} for the others; models of {training.Describe()}",
            SecondsPerRound = walks * (shape.TestRows * 100e-9 + fewer * 9e-6) + 12,
            MostRounds = growth == GrowthPolicy.LeafWise ? 2 : 1,
            Contestants = [Of("ours", null, shape.TestRows), Of("walk", null, fewer), Of("xgboost", "Shap/contributions.py", fewer)],
            Metrics = [new("explain", "explanation", "k rows/s") { Kind = MetricKind.Rate, Decimals = 1 }],
            Prepare = say =>
            {
                files.Make(shape, Seed, say);
                Directory.CreateDirectory(folder);
                say("training the model");
                OnnxEntry.Train(training with { Threads = Environment.ProcessorCount }, files, model);
                XgboostJson.Write(ModelFile.Load(model).Ensemble, json);
            },
            Judge = Judge,
        };

        Contestant Of(string name, string? script, int rows)
        {
            JsonObject options = training.Options(name, files, Path.Combine(folder, name + ".npy"));
            (options["model"], options["xgboost_model"], options["rows"], options["passes"], options["checked"]) = (model, json, rows, Passes, CheckedRows);
            return new Contestant(name, script, options) { Environment = new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1" } };
        }
    }

    private static IEnumerable<Verdict> Judge(IReadOnlyList<ContestantRuns> runs)
    {
        float[] ours = Read(runs[0]);
        foreach (ContestantRuns other in runs.Skip(1))
        {
            float[] theirs = Read(other);
            double largest = Enumerable.Range(0, theirs.Length).Max(i => Math.Abs((double)ours[i] - theirs[i]));
            yield return new Verdict(largest <= Tolerance, string.Create(CultureInfo.InvariantCulture, $"values of {CheckedRows:N0} rows differ from {other.Contestant.Name}'s by {largest:G2} at most, allowed {Tolerance}"));
        }
    }

    private static float[] Read(ContestantRuns run)
    {
        (NativeBuffer<float> values, _, _) = NpyFile.Read((string)run.Contestant.Options["predictions"]!);
        using (values)
            return values.Span.ToArray();
    }
}
