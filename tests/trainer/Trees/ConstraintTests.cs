using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class ConstraintTests
{
    private static readonly BoosterOptions s_options = new() { Trees = 30, LearningRate = 0.3, MinRowsInLeaf = 5 };

    public static TheoryData<int, BoosterOptions> Cases()
    {
        var data = new TheoryData<int, BoosterOptions>();
        for (int seed = 1; seed <= 4; seed++)
        {
            data.Add(seed, s_options);
            data.Add(seed, s_options with { Growth = GrowthPolicy.DepthWise, MaxDepth = 5, L1 = 0.5, MaxDeltaStep = 1 });
            data.Add(seed, s_options with { QuantizedGradients = false, MaxBins = 16, RowSample = 0.7 });
            data.Add(seed, s_options with { Objective = ObjectiveKind.Quantile, QuantileAlpha = 0.3 });
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_Monotone_NoRowCanMoveTheWrongWay(int seed, BoosterOptions options)
    {
        (LabelledRows rows, _) = TestRows.Churn(1500, seed);
        using FeatureMatrix matrix = rows.Matrix;
        // Against the data in "plays", which lowers the risk; with it in "tenure" and "trend".
        var constraints = MonotoneConstraints.Of([new("plays", 1), new("tenure", -1), new("trend", 1)]);
        TreeEnsemble ensemble = Booster.Fit(rows, null, options with { MonotoneConstraints = constraints }).Ensemble;
        Assert.Equal(0, Violations(ensemble, matrix));
        Assert.NotEqual(0, Violations(Booster.Fit(rows, null, options).Ensemble, matrix));
        Assert.Contains(ensemble.Trees, tree => tree.Feature.Contains(0) || tree.Feature.Contains(3));
    }

    [Theory]
    [InlineData(GrowthPolicy.LeafWise)]
    [InlineData(GrowthPolicy.DepthWise)]
    public void Fit_InteractionGroups_NoPathMixesThem(GrowthPolicy growth)
    {
        (LabelledRows rows, _) = TestRows.Churn(4000, seed: 2);
        using FeatureMatrix matrix = rows.Matrix;
        BoosterOptions options = s_options with { Growth = growth };
        // "plays" stands in two groups; flag, noise, plan and region in none, which makes them the third.
        TreeEnsemble ensemble = Booster.Fit(rows, null, options with { InteractionConstraints = InteractionConstraints.Of([["tenure", "plays"], ["plays", "spend", "trend"]]) }).Ensemble;
        int[][] allowed = [[0, 1], [1, 2, 3], [4, 5, 6, 7]];
        Assert.All(Paths(ensemble), path => Assert.Contains(allowed, group => path.IsSubsetOf(group)));
        Assert.Contains(Paths(ensemble), path => path.Count == 3);
        Assert.Contains(Paths(Booster.Fit(rows, null, options).Ensemble), path => path.Contains(0) && path.Contains(3));
    }

    [Fact]
    public void Fit_ConstraintsAndSamplesByNode_GiveTheSameBytesForAnyThreads()
    {
        (LabelledRows rows, _) = TestRows.Churn(20_000, seed: 2);
        using FeatureMatrix matrix = rows.Matrix;
        BoosterOptions options = s_options with { Trees = 8, ColumnSampleByLevel = 0.8, ColumnSampleByNode = 0.7, GossTopRate = 0.2, GossOtherRate = 0.2, MonotoneConstraints = MonotoneConstraints.Of([new("tenure", -1)]) };
        string[] models = [.. new[] { 1, 2, 7 }.Select(threads => string.Join('|', Booster.Fit(rows, null, options with { Threads = threads }).Ensemble.Trees.Select(tree => $"{string.Join(' ', tree.Feature)} {string.Join(' ', tree.LeafValue.Select(BitConverter.DoubleToInt64Bits))}")))];
        Assert.Single(models.Distinct());
    }

    [Theory]
    [InlineData("tenur: 1", "did you mean 'tenure'")]
    [InlineData("plan: 1", "categories have no order")]
    public void Fit_MonotoneOnNoNumericFeature_IsRefused(string text, string says)
    {
        (LabelledRows rows, _) = TestRows.Churn(100, seed: 2);
        using FeatureMatrix matrix = rows.Matrix;
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => Booster.Fit(rows, null, s_options with { MonotoneConstraints = MonotoneConstraints.TryParse(text)! }));
        Assert.Contains(says, error.ToString() + error.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ tenure: -1, 'support calls': 1 }", "support calls: 1, tenure: -1")]
    [InlineData("a:b: +1", "a:b: 1")]
    [InlineData("tenure", null)]
    [InlineData("tenure: 2", null)]
    [InlineData("a: 1, a: 1", null)]
    public void MonotoneTryParse_Text_IsReadOrRefused(string text, string? expected) => Assert.Equal(expected, MonotoneConstraints.TryParse(text)?.ToString());

    [Theory]
    [InlineData("[[a, b], [c]]", "[[a, b], [c]]")]
    [InlineData("[ ['x y'] ]", "[[x y]]")]
    [InlineData("[a, b]", null)]
    [InlineData("[[a, ], [c]]", null)]
    [InlineData("[]", null)]
    [InlineData("[[a], b]", null)]
    public void InteractionTryParse_Text_IsReadOrRefused(string text, string? expected) => Assert.Equal(expected, InteractionConstraints.TryParse(text)?.ToString());

    // Moves each constrained feature of each row through its values and counts steps of the margin against the order.
    private static int Violations(TreeEnsemble ensemble, FeatureMatrix matrix)
    {
        int count = 0;
        foreach ((int feature, int direction) in ((int, int)[])[(1, 1), (0, -1), (3, 1)])
        {
            for (int row = 0; row < 60; row++)
            {
                float[] values = matrix.Row(row).ToArray();
                double last = double.NegativeInfinity;
                for (int step = 0; step <= 40; step++)
                {
                    values[feature] = feature == 3 ? -1 + step / 20f : step * (feature == 0 ? 3 : 0.5f);
                    double margin = direction * ensemble.Margin(values);
                    // Sums of the same leaves in one order: no rounding between equal ones.
                    count += margin < last ? 1 : 0;
                    last = margin;
                }
            }
        }
        return count;
    }

    private static IEnumerable<HashSet<int>> Paths(TreeEnsemble ensemble) => ensemble.Trees.SelectMany(tree => Below(tree, tree.NodeCount == 0 ? ~0 : 0, []));

    private static IEnumerable<HashSet<int>> Below(DecisionTree tree, int at, HashSet<int> path) =>
        at < 0 ? [path] : Below(tree, tree.Left[at], [.. path, tree.Feature[at]]).Concat(Below(tree, tree.Right[at], [.. path, tree.Feature[at]]));
}
