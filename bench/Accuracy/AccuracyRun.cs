using System.Text.Json.Nodes;
using ChurnEngine.Bench.Peers;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Bench.Accuracy;

/// <summary>One table, learnt by everybody on the same folds.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Features">Features.</param>
/// <param name="Aucs">[R x K] by who learnt: ours, the peers, and ours with categories as sets.</param>
internal sealed record AccuracyRun(string Table, int Rows, int Features, IReadOnlyDictionary<string, double[]> Aucs)
{
    public const string Ours = "ours", OurSets = "ours, categories as sets";
    public const int Trees = 200, Leaves = 31, Bins = 255;
    public const double Rate = 0.05, L2 = 1, MinChildWeight = 1e-3;
    private const string Script = "../Accuracy/folds.py";

    /// <summary>The boosters of other houses, by the names of <c>boosters.py</c>.</summary>
    public static IReadOnlyList<string> Peers { get; } = ["xgboost", "sklearn"];

    /// <summary>Learns.</summary>
    public static AccuracyRun Of(PlainTable table, string data, string scratch, Action<string> say, CancellationToken cancellation)
    {
        TableRows rows = table.Read(data);
        float[][] folds = Folds.Deal(rows.Y);
        int features = rows.Names.Count, count = rows.Y.Length;
        Directory.CreateDirectory(scratch);
        string At(string name) => Path.Combine(scratch, $"{table.Name}-{name}.npy");
        NpyFile.Write(At("x"), rows.X, count, features);
        NpyFile.Write(At("y"), rows.Y, count, 0);
        NpyFile.Write(At("folds"), [.. folds.SelectMany(of => of)], folds.Length, count);
        var aucs = new Dictionary<string, double[]> { [Ours] = Learn(rows, folds, sets: false, cancellation), [OurSets] = Learn(rows, folds, sets: true, cancellation) };
        foreach (string peer in Peers)
        {
            say($"{table.Name}: {peer}");
            PeerProcess.Run("accuracy", new Contestant(peer, Script, new JsonObject
            {
                ["peer"] = peer,
                ["x"] = At("x"),
                ["y"] = At("y"),
                ["folds"] = At("folds"),
                ["predictions"] = At(peer),
                ["growth"] = "leaf-wise",
                ["leaves"] = Leaves,
                ["depth"] = 0,
                ["bins"] = Bins,
                ["trees"] = Trees,
                ["rate"] = Rate,
                ["l2"] = L2,
                ["min_child_weight"] = MinChildWeight,
                ["threads"] = 1,
            })
            { Environment = new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1" } }, cancellation);
            (NativeBuffer<float> predictions, _, _) = NpyFile.Read(At(peer));
            using (predictions)
                aucs[peer] = [.. folds.SelectMany((of, repeat) => Measure(predictions.Slice((long)repeat * count, count).ToArray(), rows.Y, of))];
        }
        return new AccuracyRun(table.Name, count, features, aucs);
    }

    private static double[] Learn(TableRows rows, float[][] folds, bool sets, CancellationToken cancellation)
    {
        int features = rows.Names.Count;
        FeatureInfo[] infos = [.. rows.Names.Select((name, feature) => sets && rows.IsCategorical[feature]
            ? new FeatureInfo { Name = name, Kind = FeatureKind.Categorical, Categories = [.. Enumerable.Range(0, 1 + (int)rows.X.Where((value, i) => i % features == feature && !float.IsNaN(value)).Max()).Select(code => $"{code}")] }
            : new FeatureInfo { Name = name })];
        using FeatureMatrix matrix = FeatureMatrix.Allocate(infos, rows.Y.Length);
        for (int row = 0; row < rows.Y.Length; row++)
            rows.X.AsSpan(row * features, features).CopyTo(matrix.Row(row));
        var options = new BoosterOptions { Trees = Trees, LearningRate = Rate, MaxLeaves = Leaves, MaxBins = Bins, L2 = L2, MinChildWeight = MinChildWeight, MinRowsInLeaf = 1, EarlyStoppingRounds = 0 };
        return [.. folds.SelectMany(of =>
        {
            float[] margins = new float[rows.Y.Length];
            for (int part = 0; part < Folds.Parts; part++)
            {
                int[] train = [.. Enumerable.Range(0, of.Length).Where(row => of[row] != part)];
                using FeatureMatrix seen = matrix.Gather(train);
                TreeEnsemble ensemble = Booster.Fit(new LabelledRows(seen, train.Select(row => rows.Y[row]).ToArray()), null, options, null, cancellation).Ensemble;
                foreach (int row in Enumerable.Range(0, of.Length).Where(row => of[row] == part))
                    margins[row] = (float)ensemble.Margin(matrix.Row(row));
            }
            return Measure(margins, rows.Y, of);
        })];
    }

    // A model ranks the rows of its own part; margins of different models do not compare.
    private static IEnumerable<double> Measure(float[] scores, float[] labels, float[] of) => Enumerable.Range(0, Folds.Parts).Select(part =>
    {
        int[] rows = [.. Enumerable.Range(0, of.Length).Where(row => of[row] == part)];
        return RocAuc.Compute([.. rows.Select(row => scores[row])], [.. rows.Select(row => labels[row])]);
    });
}
