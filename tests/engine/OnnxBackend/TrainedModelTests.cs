using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.TestKit;
using ChurnEngine.Trainer;

namespace ChurnEngine.OnnxBackend.Tests;

/// <summary>Models of edge data, from the trainer through a file to both backends.</summary>
public sealed class TrainedModelTests
{
    private const int RowCount = 100_000, Categories = 100_000;

    // Facts-onnx 14: a runtime unrolls sets, and died of some 40,000 members. The trainer names at most 254 categories a feature, however many there are.
    [Fact]
    public void Fit_HundredThousandCategories_TrainsSavesLoadsAndScoresAlike()
    {
        using var folder = new TemporaryDirectory();
        using FeatureMatrix matrix = FeatureMatrix.Allocate([Named("shop", Categories), Named("city", Categories), new FeatureInfo { Name = "age" }], RowCount);
        float[] labels = Fill(matrix, new Random(5));
        TreeEnsemble ensemble = Booster.Fit(new LabelledRows(matrix, labels), null, new BoosterOptions { Trees = 100, MaxCategoriesPerSplit = 255, MinRowsPerCategory = 10, CategorySmoothing = 1 }).Ensemble;
        int[] named = [.. ensemble.Trees.SelectMany(tree => tree.LeftCategories).OfType<CategorySet>().SelectMany(set => set.Codes)];
        Assert.InRange(named.Length, 40_000, 400_000);
        Assert.InRange(named.Max(), 90_000, Categories - 1);

        float[] rows = matrix.Rows(0, 5000).ToArray();
        (rows[0], rows[3], rows[6]) = (float.NaN, Categories + 7, -1);
        Save(ensemble, matrix, folder["m.onnx"], rows);
        AssertAlike(ModelFile.Load(folder["m.onnx"]), rows);
    }

    [Fact]
    public void Fit_InfiniteAndMissingValues_ScoreAlike()
    {
        var random = new Random(9);
        using FeatureMatrix matrix = FeatureMatrix.Allocate([new FeatureInfo { Name = "a" }, new FeatureInfo { Name = "b" }, new FeatureInfo { Name = "constant" }, new FeatureInfo { Name = "empty" }], 4000);
        float[] labels = new float[4000];
        for (int row = 0; row < labels.Length; row++)
        {
            Span<float> values = matrix.Row(row);
            values[0] = random.Next(6) switch { 0 => float.PositiveInfinity, 1 => float.NegativeInfinity, 2 => float.NaN, _ => random.NextSingle() };
            values[1] = random.Next(3) == 0 ? float.NaN : random.Next(2) == 0 ? float.PositiveInfinity : float.MaxValue;
            (values[2], values[3]) = (7, float.NaN);
            labels[row] = random.NextDouble() < (values[0] > 0.5f ? 0.7 : 0.2) + (float.IsNaN(values[1]) ? 0.2 : 0) ? 1 : 0;
        }
        using var folder = new TemporaryDirectory();
        foreach (TreeEnsemble ensemble in (TreeEnsemble[])[Booster.Fit(new LabelledRows(matrix, labels), null, new BoosterOptions { Trees = 30 }).Ensemble, Forest.Fit(new LabelledRows(matrix, labels), new ForestOptions { Trees = 30, ExtraTrees = true }).Ensemble])
        {
            float[] rows = matrix.Rows(0, 4000).ToArray();
            Save(ensemble, matrix, folder["m.onnx"], rows);
            AssertAlike(ModelFile.Load(folder["m.onnx"]), rows);
        }
    }

    private static void Save(TreeEnsemble ensemble, FeatureMatrix matrix, string path, float[] rows) =>
        ModelFile.Save(new ChurnModel { Predictor = ensemble, Metadata = new ModelMetadata { Features = matrix.Features } }, path, rows);

    private static void AssertAlike(ChurnModel model, float[] rows)
    {
        using IModelBackend backend = OnnxModelBackend.Open(model);
        Outputs walk = Outputs.Of(new WalkBackend(model), rows), onnx = Outputs.Of(backend, rows);
        Assert.Equal(walk.Margin, onnx.Margin);
        Assert.InRange(walk.Margin.Distinct().Count(), 20, int.MaxValue);
    }

    // Frequent codes lie anywhere in the dictionary, a long tail is seen once or never.
    private static float[] Fill(FeatureMatrix matrix, Random random)
    {
        double[] risk = [.. Enumerable.Range(0, Categories).Select(_ => random.NextDouble() - 0.5)];
        float[] labels = new float[RowCount];
        for (int row = 0; row < RowCount; row++)
        {
            Span<float> values = matrix.Row(row);
            for (int feature = 0; feature < 2; feature++)
                values[feature] = (int)(Math.Pow(Categories, random.NextDouble()) - 1) * 99_989L % Categories;
            values[2] = random.NextSingle();
            labels[row] = random.NextDouble() < 0.5 + 0.8 * risk[(int)values[0]] * risk[(int)values[1]] + 0.2 * risk[(int)values[0]] ? 1 : 0;
        }
        return labels;
    }

    private static FeatureInfo Named(string name, int categories) =>
        new() { Name = name, Kind = FeatureKind.Categorical, Categories = [.. Enumerable.Range(0, categories).Select(code => $"{name}{code}")] };
}
