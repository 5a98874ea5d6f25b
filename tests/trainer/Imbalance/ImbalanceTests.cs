using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

public sealed class ImbalanceTests
{
    [Fact]
    public void Undersample_FewPositives_LeavesOutNegativesAlone()
    {
        LabelledRows rows = Rare(4000, 0.1);
        using FeatureMatrix matrix = rows.Matrix;
        EvenRows even = new Imbalance { Ratio = 0.5 }.Apply(rows, rows);
        using FeatureMatrix kept = even.Train.Matrix;
        (int negatives, int positives) = Imbalance.Count(even.Train);
        Assert.Equal(Imbalance.Count(rows).Positives, positives);
        Assert.InRange((double)positives / negatives, 0.46, 0.54);
        // Rows to stop on keep all customers, at the odds of those trained on.
        Assert.Equal(rows.Labels.Length, even.Stop!.Labels.Length);
        Assert.Equal(0.5, Odds(even.Stop), 0.001);
        EvenRows enough = new Imbalance { Ratio = 0.05 }.Apply(rows, rows);
        Assert.Same(rows, enough.Train);
        Assert.Same(rows, enough.Stop);
    }

    [Fact]
    public void Smote_FewPositives_MakesRowsBetweenThem()
    {
        LabelledRows rows = Rare(3000, 0.08);
        using FeatureMatrix matrix = rows.Matrix;
        var smote = new Imbalance { Method = ImbalanceMethod.Smote, Ratio = 0.4 };
        EvenRows even = smote.Apply(rows, rows), again = smote.Apply(rows, rows);
        using FeatureMatrix made = even.Train.Matrix, same = again.Train.Matrix;
        (int negatives, int positives) = Imbalance.Count(even.Train);
        Assert.Equal(Imbalance.Count(rows).Negatives, negatives);
        Assert.Equal((int)Math.Round(0.4 * negatives), positives);
        Assert.Equal(0.4, Odds(even.Stop!), 0.001);
        Assert.Equal(made.Rows(0, (int)made.RowCount), same.Rows(0, (int)made.RowCount));
        int count = rows.Labels.Length;
        Assert.Equal(matrix.Rows(0, count), made.Rows(0, count));
        for (int feature = 0; feature < matrix.FeatureCount; feature++)
        {
            float[] parents = [.. Enumerable.Range(0, count).Where(row => rows.Labels.Span[row] == 1).Select(row => matrix.Row(row)[feature]).Where(float.IsFinite)];
            bool isCode = matrix.Features[feature].Kind == FeatureKind.Categorical;
            for (long row = count; row < made.RowCount; row++)
            {
                float value = made.Row(row)[feature];
                Assert.True(float.IsNaN(value) || value >= parents.Min() && value <= parents.Max());
                Assert.True(!isCode || float.IsNaN(value) || parents.Contains(value));
            }
        }
        // Between, and not copies.
        Assert.Contains(Enumerable.Range(count, positives - Imbalance.Count(rows).Positives), row => made.Row(row)[7] is var noise && !Enumerable.Range(0, count).Any(other => matrix.Row(other)[7] == noise));
    }

    [Fact]
    public void Smote_CapOnRows_IsKept()
    {
        LabelledRows rows = Rare(2000, 0.1);
        using FeatureMatrix matrix = rows.Matrix;
        EvenRows even = new Imbalance { Method = ImbalanceMethod.Smote, Ratio = 1, MostRows = 50 }.Apply(rows, null);
        using FeatureMatrix made = even.Train.Matrix;
        Assert.Equal(2050, made.RowCount);
        Assert.Same(rows, new Imbalance { Method = ImbalanceMethod.Smote, Ratio = 1, MostRows = 0 }.Apply(rows, null).Train);
    }

    // Two numbers on a line and one category: neighbours, and what lies between them, by hand.
    [Fact]
    public void Smote_ByHand_LiesOnTheLineBetweenNeighbours()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("a"), [0, 1, 10, 11, 5, 5, 5, 5, 5, 5]), (TestRows.Numeric("b"), [0, 2, 20, float.NaN, 9, 9, 9, 9, 9, 9]), (TestRows.Categorical("plan", 3), [1, 1, 2, 2, 0, 0, 0, 0, 0, 0]));
        var rows = new LabelledRows(matrix, new float[] { 1, 1, 1, 1, 0, 0, 0, 0, 0, 0 });
        EvenRows even = new Imbalance { Method = ImbalanceMethod.Smote, Ratio = 1, Neighbours = 1 }.Apply(rows, null);
        using FeatureMatrix made = even.Train.Matrix;
        Assert.Equal(12, made.RowCount);
        for (long row = 10; row < 12; row++)
        {
            (float a, float b, float plan) = (made.Row(row)[0], made.Row(row)[1], made.Row(row)[2]);
            if (plan == 1)
                Assert.True(a is >= 0 and <= 1 && Math.Abs(b - 2 * a) < 1e-6);
            else
                Assert.True(plan == 2 && a is >= 10 and <= 11 && b == 20);
        }
    }

    [Fact]
    public void Cost_ByAFeature_WeighsCustomersByIt()
    {
        using FeatureMatrix matrix = TestRows.Matrix((TestRows.Numeric("spend"), [10, 30, -5, float.NaN, 25]), (TestRows.Numeric("other"), [1, 2, 3, 4, 5]));
        var rows = new LabelledRows(matrix, new float[] { 0, 1, 0, 1, 0 });
        EvenRows weighed = new Imbalance { Method = ImbalanceMethod.Cost, Column = "spend" }.Apply(rows, rows);
        // The mean of those known, with what is below 0 as 0, is 65 / 4.
        Assert.Equal([10 / 16.25f, 30 / 16.25f, 0, 1, 25 / 16.25f], weighed.Train.Weights.ToArray());
        Assert.Equal(weighed.Train.Weights.ToArray(), weighed.Stop!.Weights.ToArray());
        Assert.Equal(4034, Assert.Throws<ChurnDataException>(() => new Imbalance { Method = ImbalanceMethod.Cost, Column = "spent" }.Apply(rows, null)).Code.Number);
        using FeatureMatrix nothing = TestRows.Matrix((TestRows.Numeric("spend"), [0, -1]));
        Assert.Equal(4035, Assert.Throws<ChurnDataException>(() => new Imbalance { Method = ImbalanceMethod.Cost, Column = "spend" }.Apply(new LabelledRows(nothing, new float[] { 0, 1 }), null)).Code.Number);
    }

    // Trees that stop on rows of other odds would undo the change instead of learning.
    [Theory]
    [InlineData(ImbalanceMethod.Undersample)]
    [InlineData(ImbalanceMethod.Smote)]
    public void Fit_EvenedOut_StopsWhereItLearnsNoMore(ImbalanceMethod method)
    {
        LabelledRows rows = Rare(8000, 0.08);
        using FeatureMatrix matrix = rows.Matrix;
        LabelledRows train = new(matrix.View(0, 5000), rows.Labels[..5000]), stop = new(matrix.View(5000, 3000), rows.Labels[5000..]);
        var recipe = new Recipe { Threads = 2, Build = _ => new BoosterAlgorithm(new BoosterOptions { Trees = 300, LearningRate = 0.1, MaxLeaves = 7, Threads = 2 }), Imbalance = new Imbalance { Method = method } };
        TrainedPredictor even = new RecipeAlgorithm(recipe).Fit(train, stop);
        Assert.InRange(even.Trees, 10, 250);
        Assert.StartsWith(method == ImbalanceMethod.Smote ? "smote" : "undersample", even.Options["Imbalance"], StringComparison.Ordinal);
        double[] margins = new double[3000];
        even.Predictor.Margins(stop.Matrix.Rows(0, 3000), margins);
        Assert.InRange(TestRows.Auc(margins, stop.Labels.Span), 0.7, 0.95);
    }

    private static double Odds(LabelledRows rows)
    {
        double positive = 0, negative = 0;
        for (int row = 0; row < rows.Labels.Length; row++)
        {
            if (rows.Labels.Span[row] == 1)
                positive += rows.Weights.Span[row];
            else
                negative += rows.Weights.Span[row];
        }
        return positive / negative;
    }

    // TestRows.Churn with most of its positives taken away.
    private static LabelledRows Rare(int count, double share)
    {
        (LabelledRows rows, _) = TestRows.Churn(count * 3, 11);
        using FeatureMatrix all = rows.Matrix;
        int positives = (int)(count * share);
        int[] chosen =
        [
            .. Enumerable.Range(0, count * 3).Where(row => rows.Labels.Span[row] == 1).Take(positives),
            .. Enumerable.Range(0, count * 3).Where(row => rows.Labels.Span[row] == 0).Take(count - positives),
        ];
        new Random(1).Shuffle(chosen);
        return rows.Gather(chosen);
    }
}
