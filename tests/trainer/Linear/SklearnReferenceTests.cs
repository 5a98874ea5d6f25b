using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

/// <summary>The coefficients of scikit-learn 1.2.1, solver saga, on the same rows; sklearn_reference.py made the numbers.</summary>
public sealed class SklearnReferenceTests
{
    private const int RowCount = 600;

    // Where saga ends at tol 1e-14, on this scale.
    private const double Accuracy = 2e-6;

    [Fact]
    public void Fit_ElasticNet_IsThatOfSklearn() => AssertIs(0.01, 0.5, weighted: false, 0.565446166785, new()
    {
        [ModelCoefficient.InterceptName] = 0.6533239488,
        ["tenure"] = -0.0519671877,
        ["spend"] = 0.0087480104,
        ["spend (missing)"] = 0.8982918372,
        ["plan 0"] = 0.0000000000,
        ["plan 1"] = 0.5646838969,
        ["plan 2"] = -0.4399420499,
        ["plan (other)"] = 0.0107588682,
        ["plan (missing)"] = 0.3909344524,
    });

    [Fact]
    public void Fit_Lasso_IsThatOfSklearn() => AssertIs(0.003, 1.0, weighted: false, 0.564670218237, new()
    {
        [ModelCoefficient.InterceptName] = 0.6601836099,
        ["tenure"] = -0.0545650887,
        ["spend"] = 0.0095117128,
        ["spend (missing)"] = 0.9713610855,
        ["plan 0"] = 0.0000000000,
        ["plan 1"] = 0.6097330001,
        ["plan 2"] = -0.4702844194,
        ["plan (other)"] = 0.0906692118,
        ["plan (missing)"] = 0.4672069296,
    });

    [Fact]
    public void Fit_Ridge_IsThatOfSklearn() => AssertIs(0.1, 0.0, weighted: false, 0.579116838035, new()
    {
        [ModelCoefficient.InterceptName] = 0.4958238975,
        ["tenure"] = -0.0352374454,
        ["spend"] = 0.0057481416,
        ["spend (missing)"] = 0.6466264298,
        ["plan 0"] = -0.1056959682,
        ["plan 1"] = 0.3668272152,
        ["plan 2"] = -0.4047511446,
        ["plan (other)"] = 0.0472312257,
        ["plan (missing)"] = 0.2518318455,
    });

    [Fact]
    public void Fit_Weighted_IsThatOfSklearn() => AssertIs(0.004, 0.3, weighted: true, 0.571908314571, new()
    {
        [ModelCoefficient.InterceptName] = 0.7878790067,
        ["tenure"] = -0.0539421871,
        ["spend"] = 0.0085099398,
        ["spend (missing)"] = 0.7643003530,
        ["plan 0"] = -0.0451383041,
        ["plan 1"] = 0.5309157294,
        ["plan 2"] = -0.5791016745,
        ["plan (other)"] = 0.1309414235,
        ["plan (missing)"] = 0.4035062023,
    });

    private static void AssertIs(double alpha, double l1Ratio, bool weighted, double loss, Dictionary<string, double> expected)
    {
        LabelledRows rows = Rows(weighted);
        Assert.Equal(284, rows.Labels.Span.ToArray().Count(label => label == 1));
        LogisticRegressionResult result = LogisticRegression.Fit(rows, null, new LogisticRegressionOptions { Alpha = alpha, L1Ratio = l1Ratio, Tolerance = 1e-11, Threads = 2 });
        Assert.True(result.HasConverged);
        Assert.Equal(loss, result.TrainLoss, 1e-8);
        Assert.Equal(expected.Count - 1, result.Columns);
        Dictionary<string, double> actual = result.Coefficients.ToDictionary(c => c.Level.Length == 0 ? c.Feature : $"{c.Feature} {c.Level}", c => c.Value);
        Assert.Subset(expected.Keys.ToHashSet(), actual.Keys.ToHashSet());
        Assert.All(expected, pair => Assert.True(Math.Abs(pair.Value - actual.GetValueOrDefault(pair.Key)) < Accuracy, $"{pair.Key}: {pair.Value} in scikit-learn, {actual.GetValueOrDefault(pair.Key)} here"));
    }

    // The same draws as in the script.
    private static LabelledRows Rows(bool weighted)
    {
        uint state = 12345;
        FeatureMatrix matrix = FeatureMatrix.Allocate([TestRows.Numeric("tenure"), TestRows.Numeric("spend"), new FeatureInfo { Name = "plan", Kind = FeatureKind.Categorical, Categories = ["0", "1", "2", "3", "4", "5", "6"] }], RowCount);
        float[] labels = new float[RowCount], weights = new float[RowCount];
        for (int i = 0; i < RowCount; i++)
        {
            uint tenure = Draw(60), spend = Draw(1000), plan = Draw(100);
            int code = plan < 50 ? 0 : plan < 80 ? 1 : plan < 98 ? 2 : 3 + (int)Draw(4);
            Span<float> row = matrix.Row(i);
            row[0] = tenure;
            row[1] = Draw(10) == 0 ? float.NaN : spend / 8f;
            row[2] = Draw(20) == 0 ? float.NaN : code;
            double odds = 1 - 0.05 * tenure + (float.IsNaN(row[1]) ? 0.8 : 0.01 * (row[1] - 60)) + (code == 1 ? 0.9 : code == 2 ? -0.4 : 0);
            labels[i] = Draw(1_000_000) < 1_000_000 / (1 + Math.Exp(-odds)) ? 1 : 0;
            weights[i] = (1 + Draw(16)) / 8f;
        }
        return new LabelledRows(matrix, labels, weighted ? weights : default);

        uint Draw(uint n)
        {
            state = (state * 1103515245 + 12345) % 2147483648;
            return (state >> 8) % n;
        }
    }
}
