using System.Diagnostics;
using System.Text.Json.Nodes;
using ChurnEngine.Bench.Peers;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;
using ChurnEngine.Pipeline;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench.Tuning;

/// <summary>What one family came to on one table.</summary>
/// <param name="Name">Who.</param>
/// <param name="Auc">[K] ROC-AUC of each outer fold.</param>
/// <param name="PrAuc">[K] average precision.</param>
/// <param name="LogLoss">[K] log-loss, calibrated.</param>
/// <param name="FitSeconds">Mean time of a fit, search included.</param>
/// <param name="Commit">Of the sources that measured it.</param>
internal sealed record FamilyResult(string Name, double[] Auc, double[] PrAuc, double[] LogLoss, double FitSeconds, string Commit);

/// <summary>One table, learnt by every family on the same outer folds, each tuned within them.</summary>
internal sealed record FamiliesRun(string Table, int Rows, IReadOnlyList<FamilyResult> Families)
{
    private const string Script = "../Tuning/families.py";

    // A search within five folds: scikit-learn's forest on a table with columns of many categories takes half an hour on one thread.
    private static readonly TimeSpan s_peerLimit = TimeSpan.FromHours(2);

    /// <summary>Families of other houses, by the names of <c>families.py</c>.</summary>
    public static IReadOnlyList<string> Peers { get; } = ["xgboost", "sklearn_boosting", "sklearn_forest", "sklearn_logistic"];

    /// <summary>Ours by the names of their algorithms, then the peers.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Contender.Of(Comparison.Models, TrainSettings.Default, hasTime: false).Select(contender => contender.Name), .. Peers];

    /// <summary>Learns; each family is kept the moment it is done, for a run that goes on.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="families">Who learns, of <see cref="Names"/>.</param>
    /// <param name="size">How much is learnt.</param>
    /// <param name="run">Folder for what is kept and handed over; whether what an earlier run of that size kept there counts.</param>
    /// <param name="say">Told what is done now.</param>
    /// <param name="cancellation">Stops.</param>
    public static FamiliesRun Of(LabelledTable table, IReadOnlyList<string> families, FamiliesSize size, (string Folder, bool Resume) run, Action<string> say, CancellationToken cancellation)
    {
        int[] foldOf = StratifiedFolds.Assign(table.Rows.Labels.Span, size.Folds, 1);
        TrainSettings settings = TrainSettings.Default with { Tune = new TuneSettings { Trials = size.Trials } };
        var kept = new KeptFamilies(Path.Combine(run.Folder, table.IsDrawn ? $"{table.Name}-{table.Rows.Labels.Length}.json" : $"{table.Name}.json"), size, run.Resume);
        foreach (Contender contender in Contender.Of(Comparison.Models, settings, hasTime: false).Where(contender => families.Contains(contender.Name)))
            kept.Once($"our {contender.Name}", name => Ours(table, contender, (foldOf, size), cancellation), say);
        foreach (string peer in Peers.Where(families.Contains))
            kept.Once(peer, _ => Theirs(table, peer, (foldOf, size), run.Folder, cancellation), say);
        return new FamiliesRun(table.Name, table.Rows.Labels.Length, kept.Families);
    }

    private static FamilyResult Ours(LabelledTable table, Contender contender, (int[] Of, FamiliesSize Size) folds, CancellationToken cancellation)
    {
        float[] predicted = new float[folds.Of.Length], labels = table.Rows.Labels.ToArray();
        double seconds = 0;
        var context = new StepContext(new JobBudget { Threads = folds.Size.Threads }, null, cancellation);
        for (int part = 0; part < folds.Size.Folds; part++)
        {
            (int[] train, int[] stop) = TableFolds.SplitOff(labels, TableFolds.RowsWhere(folds.Of, f => f != part), part);
            int[] test = TableFolds.RowsWhere(folds.Of, f => f == part);
            LabelledRows[] parts = [.. new[] { train, stop, test }.Select(table.Rows.Gather)];
            long started = Stopwatch.GetTimestamp();
            TrainedPredictor trained = table.Algorithm(contender.Settings, folds.Size.Threads).Fit(parts[0], parts[1], null, cancellation);
            seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
            double[] stopMargins = FittedModel.Margins(trained.Predictor, parts[1].Matrix, context), margins = FittedModel.Margins(trained.Predictor, parts[2].Matrix, context);
            Calibration calibration = CalibrationChoice.Of(stopMargins, parts[1].Labels.ToArray(), new CalibrationOptions { Threads = folds.Size.Threads }).Calibration;
            for (int i = 0; i < test.Length; i++)
                predicted[test[i]] = (float)calibration.Probability(margins[i]);
            foreach (LabelledRows one in parts)
                one.Matrix.Dispose();
        }
        return Measure($"our {contender.Name}", predicted, labels, folds.Of, seconds / folds.Size.Folds);
    }

    private static FamilyResult Theirs(LabelledTable table, string peer, (int[] Of, FamiliesSize Size) folds, string scratch, CancellationToken cancellation)
    {
        Directory.CreateDirectory(scratch);
        int features = table.Rows.Matrix.FeatureCount, count = folds.Of.Length;
        string At(string name) => Path.Combine(scratch, $"{table.Name}-{name}.npy");
        NpyFile.Write(At("x"), table.Rows.Matrix.Rows(0, count).ToArray(), count, features);
        NpyFile.Write(At("y"), table.Rows.Labels.ToArray(), count, 0);
        NpyFile.Write(At("folds"), [.. folds.Of.Select(part => (float)part)], count, 0);
        PeerMeasures measures = PeerProcess.Run("families", new Contestant(peer, Script, new JsonObject
        {
            ["peer"] = peer,
            ["x"] = At("x"),
            ["y"] = At("y"),
            ["folds"] = At("folds"),
            ["categorical"] = new JsonArray([.. table.IsCategorical.Select(isCategorical => (JsonNode)isCategorical)]),
            ["predictions"] = At(peer),
            ["trials"] = folds.Size.Trials,
            ["threads"] = folds.Size.Threads,
        })
        { Limit = s_peerLimit }, cancellation);
        (NativeBuffer<float> predictions, _, _) = NpyFile.Read(At(peer));
        using (predictions)
            return Measure(peer, predictions.Slice(0, count).ToArray(), table.Rows.Labels.ToArray(), folds.Of, measures["fit_seconds"]);
    }

    private static FamilyResult Measure(string name, float[] predicted, float[] labels, int[] of, double seconds)
    {
        int parts = of.Max() + 1;
        ClassificationMetrics[] metrics = [.. Enumerable.Range(0, parts).Select(part =>
        {
            int[] rows = TableFolds.RowsWhere(of, f => f == part);
            return ClassificationMetrics.Evaluate([.. rows.Select(row => predicted[row])], [.. rows.Select(row => labels[row])], 0.5);
        })];
        return new FamilyResult(name, [.. metrics.Select(one => one.RocAuc.Auc)], [.. metrics.Select(one => one.PrAuc)], [.. metrics.Select(one => one.LogLoss)], seconds, SourceTree.Commit + (SourceTree.IsDirty ? ", changed" : ""));
    }
}

/// <summary>How much is learnt.</summary>
/// <param name="Folds">Outer folds.</param>
/// <param name="Trials">Trials within each.</param>
/// <param name="Threads">Threads.</param>
internal sealed record FamiliesSize(int Folds, int Trials, int Threads);
