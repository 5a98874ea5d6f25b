using ChurnEngine.Columns;
using ChurnEngine.Examples;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Trainer.Tests;

/// <summary>The examples of trainer/README.md run, and are what the README prints.</summary>
public class ExampleTests
{
    private static readonly BoosterOptions s_options = new() { Trees = 80, LearningRate = 0.1, EarlyStoppingRounds = 0 };

    [Theory]
    [InlineData(nameof(PseudoHuber))]
    [InlineData(nameof(MinimalVarianceRows))]
    [InlineData(nameof(CostlyFeatures))]
    public void Readme_Prints_TheFileAsItIs(string example)
    {
        string code = File.ReadAllText(Path.Combine(Repository.Root, "tests", "trainer", "Examples", example + ".cs")).Trim();
        Assert.Contains($"```csharp\n{code}\n```", File.ReadAllText(Path.Combine(Repository.Root, "trainer", "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void PseudoHuber_LabelsWithOutliers_IsNearerToTheTruthThanSquaredError()
    {
        (LabelledRows churn, double[] logOdds) = TestRows.Churn(4000, seed: 3);
        using FeatureMatrix matrix = churn.Matrix;
        var rows = new LabelledRows(matrix, logOdds.Select((value, row) => (float)(row % 50 == 0 ? value + 60 : value)).ToArray());
        double squared = Error(Booster.Fit(rows, null, s_options with { Objective = ObjectiveKind.SquaredError }).Ensemble);
        double huber = Error(Booster.Fit(new BoosterInputs(rows) { Objective = new PseudoHuber(1) }, s_options).Ensemble);
        Assert.InRange(huber, 0, 0.6 * squared);

        double Error(TreeEnsemble ensemble) => Enumerable.Range(0, 4000).Average(row => Math.Abs(ensemble.Margin(matrix.Row(row)) - logOdds[row]));
    }

    [Fact]
    public void MinimalVarianceRows_AFractionOfTheRows_LosesLittleAndIsTheSameForAnyThreads()
    {
        (LabelledRows rows, _) = TestRows.Churn(20_000, seed: 3);
        (LabelledRows later, _) = TestRows.Churn(10_000, seed: 4);
        using FeatureMatrix matrix = rows.Matrix, test = later.Matrix;
        BoosterResult[] sampled = [.. new[] { 1, 5 }.Select(threads => Booster.Fit(new BoosterInputs(rows) { Sampler = new MinimalVarianceRows(0.3, seed: 1) }, s_options with { Threads = threads }))];
        Assert.Equal(sampled[0].TrainLoss, sampled[1].TrainLoss);
        Assert.InRange(sampled[0].Ensemble.Trees[40].LeafCover.Sum(), 0.1 * 20_000, 0.6 * 20_000);
        Assert.Equal(Auc(Booster.Fit(rows, null, s_options).Ensemble, later), Auc(sampled[0].Ensemble, later), 0.01);
    }

    [Fact]
    public void CostlyFeatures_Price_IsPaidOnlyWhereItGains()
    {
        (LabelledRows rows, _) = TestRows.Churn(5000, seed: 3);
        using FeatureMatrix matrix = rows.Matrix;
        int Uses(double price) => Booster.Fit(new BoosterInputs(rows) { SplitRule = new CostlyFeatures(new Dictionary<string, double> { ["tenure"] = price }) }, s_options).Ensemble.Trees.Sum(tree => tree.Feature.Count(feature => feature == 0));
        int free = Uses(0), cheap = Uses(20), dear = Uses(1e9);
        Assert.True(free > cheap && cheap > 0 && dear == 0, $"{free}, {cheap}, {dear}");
    }

    private static double Auc(TreeEnsemble ensemble, LabelledRows rows) =>
        TestRows.Auc([.. Enumerable.Range(0, (int)rows.Matrix.RowCount).Select(row => ensemble.Margin(rows.Matrix.Row(row)))], rows.Labels.Span);
}
