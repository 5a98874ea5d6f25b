using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public sealed class FeatureSelectionTests
{
    private const int Rows = 3000, Noise = 12;

    [Theory]
    [InlineData(SelectionMethod.Null, null)]
    [InlineData(SelectionMethod.Permutation, null)]
    [InlineData(SelectionMethod.Permutation, 3)]
    public void Choose_FewFeaturesThatMatterAmongNoise_KeepsThose(SelectionMethod method, int? most)
    {
        LabelledRows rows = Noisy(1);
        using FeatureMatrix matrix = rows.Matrix;
        var selection = new FeatureSelection { Method = method, Rounds = 8, Most = most };
        int[] kept = selection.Choose(rows, 1, default);
        Assert.Equal(kept, selection.Choose(rows, 3, default));
        string[] names = [.. kept.Select(column => matrix.Features[column].Name)];
        if (most is null)
        {
            Assert.Superset(new HashSet<string> { "tenure", "plays", "trend" }, names.ToHashSet());
            Assert.InRange(names.Count(name => name.StartsWith("noise", StringComparison.Ordinal)), 0, 3);
        }
        else
        {
            Assert.Equal(3, names.Length);
        }
        Assert.Equal(kept.Order(), kept);
        Assert.Contains("noise_3", (selection with { Always = ["noise_3"] }).Choose(rows, 1, default).Select(column => matrix.Features[column].Name));
    }

    [Fact]
    public void Choose_NothingButNoise_KeepsTheBestOne()
    {
        LabelledRows rows = Noisy(2);
        using FeatureMatrix matrix = rows.Matrix;
        var random = new Random(4);
        LabelledRows blind = rows with { Labels = Enumerable.Range(0, Rows).Select(_ => (float)random.Next(2)).ToArray() };
        Assert.InRange(new FeatureSelection { Rounds = 10, Quantile = 1 }.Choose(blind, 2, default).Length, 1, 6);
    }

    [Theory]
    [InlineData(AlgorithmKind.Boosting)]
    [InlineData(AlgorithmKind.Logistic)]
    [InlineData(AlgorithmKind.Stack)]
    public void Fit_SomeFeatures_ReadsAllAndLooksAtThose(AlgorithmKind kind)
    {
        LabelledRows rows = Noisy(3);
        using FeatureMatrix matrix = rows.Matrix;
        var boosting = new BoosterAlgorithm(new BoosterOptions { Trees = 20, Threads = 2 });
        var logistic = new LogisticAlgorithm(new LogisticRegressionOptions { Alpha = 1e-3, Threads = 2 });
        IAlgorithm algorithm = kind switch { AlgorithmKind.Boosting => boosting, AlgorithmKind.Logistic => logistic, _ => new StackAlgorithm(kind, [("boosting", boosting), ("logistic", logistic)]) };
        TrainedPredictor trained = new RecipeAlgorithm(new Recipe { Threads = 2, Build = _ => algorithm, Select = new FeatureSelection { Rounds = 5 } }).Fit(rows, rows);
        Assert.Equal(matrix.FeatureCount, trained.Predictor.FeatureCount);
        Assert.InRange(trained.Selected.Count, 3, matrix.FeatureCount - 4);
        Assert.Equal(string.Join(", ", trained.Selected), trained.Options["SelectedFeatures"]);
        // What was left out may say anything.
        float[] row = matrix.Row(7).ToArray();
        double margin = trained.Predictor.Margin(row);
        for (int feature = 0; feature < row.Length; feature++)
        {
            if (!trained.Selected.Contains(matrix.Features[feature].Name))
                row[feature] = feature % 2 == 0 ? float.NaN : 1e9f;
        }
        Assert.Equal(margin, trained.Predictor.Margin(row));
        ModelFile.Encode(new ChurnModel { Predictor = trained.Predictor, Metadata = new ModelMetadata { Features = matrix.Features, Importance = trained.Importance } }, row);
    }

    // The eight features of TestRows.Churn, and as many of noise as are asked for.
    private static LabelledRows Noisy(int seed)
    {
        (LabelledRows rows, _) = TestRows.Churn(Rows, seed);
        using FeatureMatrix own = rows.Matrix;
        FeatureMatrix wide = FeatureMatrix.Allocate([.. own.Features, .. Enumerable.Range(0, Noise).Select(i => TestRows.Numeric($"noise_{i}"))], Rows);
        var random = new Random(seed);
        for (int row = 0; row < Rows; row++)
        {
            own.Row(row).CopyTo(wide.Row(row));
            foreach (ref float value in wide.Row(row)[own.FeatureCount..])
                value = random.NextSingle();
        }
        return rows with { Matrix = wide };
    }
}
