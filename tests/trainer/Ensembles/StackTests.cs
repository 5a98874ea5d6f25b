using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public sealed class StackTests
{
    [Fact]
    public void Weights_OfKnownMargins_AreThoseOfTheirLogit()
    {
        var random = new Random(2);
        const int Rows = 20_000;
        double[][] margins = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, Rows).Select(_ => random.NextDouble() * 4 - 2).ToArray())];
        float[] labels = [.. Enumerable.Range(0, Rows).Select(row => random.NextDouble() < 1 / (1 + Math.Exp(-(0.5 + 1.2 * margins[0][row] + 0.4 * margins[2][row]))) ? 1f : 0)];
        double[] weights = StackWeights.Fit(margins, labels, default);
        Assert.Equal([0.5, 1.2, 0, 0.4], weights, (a, b) => Math.Abs(a - b) < 0.06);
        // Turned round, the first would be best with a weight below 0: it gets none.
        double[] turned = StackWeights.Fit([[.. margins[0].Select(margin => -margin)], margins[2]], labels, default);
        Assert.Equal(0, turned[1]);
        Assert.InRange(turned[2], 0.2, 0.5);
        // Rows of weight 0 do not count.
        float[] half = [.. Enumerable.Range(0, Rows).Select(row => row < Rows / 2 ? 1f : 0)];
        double[] of = StackWeights.Fit([.. margins.Select(all => all[..(Rows / 2)])], labels.AsSpan(0, Rows / 2), default), weighed = StackWeights.Fit(margins, labels, half);
        Assert.Equal(of, weighed, (a, b) => Math.Abs(a - b) < 0.02);
    }

    [Fact]
    public void Fit_ThreeMembers_IsNoWorseThanItsBest_AndSettles()
    {
        (LabelledRows rows, _) = TestRows.Churn(6000, 12);
        using FeatureMatrix matrix = rows.Matrix;
        LabelledRows train = new(matrix.View(0, 3000), rows.Labels[..3000]), stop = new(matrix.View(3000, 1500), rows.Labels[3000..4500]);
        StackAlgorithm stack = Stack();
        TrainedPredictor trained = stack.Fit(train, stop);
        double Loss(IPredictor predictor, double slope)
        {
            double[] margins = new double[1500];
            predictor.Margins(matrix.Rows(4500, 1500), margins);
            return ProbabilityLoss.LogLoss([.. margins.Select(margin => (float)OutputLink.Sigmoid.Apply(slope * margin))], rows.Labels.Span[4500..]);
        }
        double best = trained.Members.Min(member => Loss(member.Predictor, 1));
        Assert.True(Loss(trained.Predictor, 1) < best + 0.003, $"{Loss(trained.Predictor, 1)} and {best}");
        Assert.IsType<StackedModel>(trained.Predictor);
        Assert.All(trained.MemberWeights.Skip(1), weight => Assert.True(weight >= 0));
        Assert.Equal("Stack", trained.Options["Algorithm"]);
        Assert.True(trained.Options.ContainsKey("boosting.LearningRate"));

        TrainedPredictor settled = stack.Settle([trained, trained]).Fit(train, null);
        Assert.Equal(trained.MemberWeights, settled.MemberWeights);
        Assert.Equal(trained.Members[0].Trees, settled.Members[0].Trees);
    }

    [Fact]
    public void Fit_RecentAndHistorical_LeansOnTheRecentWhereTheWorldChanged()
    {
        (LabelledRows rows, _) = TestRows.Churn(9000, 13);
        using FeatureMatrix matrix = rows.Matrix;
        // In the first two thirds everything is the other way round.
        float[] labels = [.. rows.Labels.ToArray().Select((label, row) => row < 4000 ? 1 - label : label)];
        LabelledRows train = new(matrix.View(0, 6000), labels.AsMemory(0, 6000)), stop = new(matrix.View(6000, 1500), labels.AsMemory(6000, 1500));
        var booster = new BoosterAlgorithm(new BoosterOptions { Trees = 40, Threads = 2 });
        TrainedPredictor trained = new StackAlgorithm(AlgorithmKind.RecentHistorical, [("historical", booster), ("recent", new RecentAlgorithm(booster, 1.0 / 3))]).Fit(train, stop);
        Assert.True(trained.MemberWeights[2] > 0.5 && trained.MemberWeights[1] < 0.2, string.Join(" ", trained.MemberWeights));
        Assert.IsType<TreeEnsemble>(trained.Predictor);
        Assert.Contains(trained.Importance, feature => feature.Gain > 0);
        double[] margins = new double[1500];
        trained.Predictor.Margins(matrix.Rows(7500, 1500), margins);
        Assert.InRange(TestRows.Auc(margins, labels.AsSpan(7500)), 0.7, 0.95);
    }

    private static StackAlgorithm Stack() => new(AlgorithmKind.Stack,
    [
        ("boosting", new BoosterAlgorithm(new BoosterOptions { Trees = 100, LearningRate = 0.1, MaxLeaves = 7, Threads = 2 })),
        ("forest", new ForestAlgorithm(new ForestOptions { Trees = 50, MaxLeaves = 64, Threads = 2 })),
        ("logistic", new LogisticAlgorithm(new LogisticRegressionOptions { Threads = 2 })),
    ]);
}
