using FsCheck;
using FsCheck.Fluent;

namespace ChurnEngine.Models.Tests;

public class CounterfactualSearchTests
{
    private const int Features = 5;

    [Fact]
    public void Find_RandomModelsRowsAndActions_IsTheSmallestChangeThereIs() => Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
    {
        (TreeEnsemble ensemble, float[] row, ActionableFeature[] actions, double limit) = Draw(seed);
        Counterfactual found = CounterfactualSearch.Find(ensemble, row, actions, margin => margin < limit);
        (int Changes, double Distance)? expected = BruteForceCounterfactual.Find(ensemble, row, actions, margin => margin < limit);
        Assert.True(found.IsExact);
        Assert.Equal(expected is not null, found.IsReached);
        if (expected is not { } smallest)
            return;
        Assert.Equal(smallest.Changes, found.Changes.Count);
        Assert.Equal(smallest.Distance, found.Distance, 1e-9);
        Assert.Equal((smallest.Changes, smallest.Distance), (found.LeastChanges, found.LeastDistance), (a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-9);
        // The model itself says so, of values that may be chosen.
        float[] changed = Apply(row, found);
        Assert.Equal(ensemble.Margin(changed), found.Margin);
        Assert.True(found.Margin < limit);
        Assert.All(found.Changes, change => Assert.True(IsAllowed(change, actions.First(action => action.Feature == change.Feature))));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(21, 1));

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void Find_TooFewBoxes_GivesWhatWasFound_WithABoundThatHolds(int seed)
    {
        int unproved = 0;
        for (int round = 0; round < 40; round++)
        {
            (TreeEnsemble ensemble, float[] row, ActionableFeature[] actions, double limit) = Draw(1000 * seed + round);
            Counterfactual cut = CounterfactualSearch.Find(ensemble, row, actions, margin => margin < limit, mostBoxes: 3);
            (int Changes, double Distance)? smallest = BruteForceCounterfactual.Find(ensemble, row, actions, margin => margin < limit);
            if (cut.IsReached)
                Assert.True(ensemble.Margin(Apply(row, cut)) < limit);
            if (smallest is not { } least)
            {
                Assert.False(cut.IsReached);
                continue;
            }
            Assert.True(!cut.IsExact || cut.IsReached);
            Assert.True(cut.LeastChanges <= least.Changes && (cut.LeastChanges < least.Changes || cut.LeastDistance <= least.Distance + 1e-9));
            unproved += cut.IsExact ? 0 : 1;
        }
        Assert.True(unproved > 0, "no case was cut short");
    }

    [Fact]
    public void Find_OneTree_TakesTheNearestValueOfTheCell_AndWholeNumbersOfCounts()
    {
        // x0 <= 3.5 -> 1, else -1: from 1, just above 3.5; of a count, 4.
        TreeEnsemble ensemble = Stump();
        Assert.Equal(MathF.BitIncrement(3.5f), Assert.Single(Of([new ActionableFeature(0)]).Changes).To);
        FeatureChange whole = Assert.Single(Of([new ActionableFeature(0) { IsWhole = true, Spread = 2 }]).Changes);
        Assert.Equal((1f, 4f, 1.5), (whole.From, whole.To, whole.Distance));
        Assert.Equal(6, Assert.Single(Of([new ActionableFeature(0) { Least = 6 }]).Changes).To);
        Counterfactual none = Of([new ActionableFeature(0) { CanRise = false }]);
        Assert.True(none is { IsReached: false, IsExact: true, Changes.Count: 0 });
        Assert.False(Of([new ActionableFeature(0) { Most = 3.5f }]).IsReached);
        Assert.False(Of([]).IsReached);
        // What is missing is not changed.
        Assert.False(CounterfactualSearch.Find(ensemble, [float.NaN], [new ActionableFeature(0)], margin => margin < 0).IsReached);

        Counterfactual Of(ActionableFeature[] actions) => CounterfactualSearch.Find(ensemble, [1f], actions, margin => margin < 0);
    }

    [Fact]
    public void Find_LowAlready_ChangesNothing()
    {
        Counterfactual found = CounterfactualSearch.Find(Stump(), [9f], [new ActionableFeature(0)], margin => margin < 0);
        Assert.True(found is { IsReached: true, IsExact: true, LeastChanges: 0 });
        Assert.Empty(found.Changes);
    }

    [Fact]
    public void Find_ArgumentsThatMakeNoSense_Throw()
    {
        Assert.Throws<ArgumentException>(() => CounterfactualSearch.Find(Stump(), [1f, 2f], [], margin => margin < 0));
        Assert.Throws<ArgumentException>(() => CounterfactualSearch.Find(Stump(), [1f], [new ActionableFeature(1)], margin => margin < 0));
        Assert.Throws<ArgumentException>(() => CounterfactualSearch.Find(Stump(), [1f], [new ActionableFeature(0), new ActionableFeature(0)], margin => margin < 0));
        Assert.Throws<ArgumentException>(() => CounterfactualSearch.Find(Stump(), [1f], [new ActionableFeature(0) { Spread = 0 }], margin => margin < 0));
    }

    [Fact]
    public void Find_ARealSize_EndsWithinItsBoxes()
    {
        var random = new RandomTrees(5, 10);
        TreeEnsemble ensemble = random.Ensemble(200, 31);
        float[] row = random.Rows(1);
        for (int feature = 0; feature < row.Length; feature++)
            row[feature] = float.IsNaN(row[feature]) ? 1 : row[feature];
        double limit = ensemble.Margin(row) - 2;
        ActionableFeature[] actions = [.. Enumerable.Range(0, 10).Select(feature => new ActionableFeature(feature) { Codes = feature % 2 == 1 ? [0, 1, 2, 3, 4] : null })];
        Counterfactual found = CounterfactualSearch.Find(ensemble, row, actions, margin => margin < limit);
        Assert.True(found.IsReached);
        Assert.InRange(found.Boxes, 1, CounterfactualSearch.MostBoxes);
    }

    private static (TreeEnsemble Ensemble, float[] Row, ActionableFeature[] Actions, double Limit) Draw(int seed)
    {
        var random = new Random(seed);
        var trees = new RandomTrees(seed, Features);
        TreeEnsemble ensemble = trees.Ensemble(random.Next(1, 5), random.Next(2, 6));
        float[] row = trees.Rows(1);
        ActionableFeature[] actions = [.. Enumerable.Range(0, Features).Where(_ => random.Next(3) > 0).Take(4).Select(feature => feature % 2 == 1
            ? new ActionableFeature(feature) { Codes = [.. Enumerable.Range(0, 6).Where(_ => random.Next(4) > 0)] }
            : new ActionableFeature(feature)
            {
                CanRise = random.Next(4) > 0,
                CanFall = random.Next(4) > 0,
                IsWhole = random.Next(3) == 0,
                Spread = 0.5 + random.NextDouble(),
                Least = random.Next(3) == 0 ? random.NextSingle() * 3 : float.NegativeInfinity,
                Most = random.Next(3) == 0 ? 1 + random.NextSingle() * 3 : float.PositiveInfinity,
            })];
        return (ensemble, row, actions, ensemble.Margin(row) - random.NextDouble() * 2);
    }

    private static float[] Apply(float[] row, Counterfactual found)
    {
        float[] changed = [.. row];
        foreach (FeatureChange change in found.Changes)
            changed[change.Feature] = change.To;
        return changed;
    }

    private static bool IsAllowed(FeatureChange change, ActionableFeature action) => action.Codes is { } codes
        ? codes.Contains((int)change.To)
        : change.To >= action.Least && change.To <= action.Most && (change.To > change.From ? action.CanRise : action.CanFall) && (!action.IsWhole || change.To == MathF.Floor(change.To));

    private static TreeEnsemble Stump() => new()
    {
        FeatureCount = 1,
        BaseMargin = 0,
        Trees = [new DecisionTree { Feature = [0], Threshold = [3.5f], LeftCategories = [null], MissingGoesLeft = [true], Left = [~0], Right = [~1], LeafValue = [1, -1] }],
    };
}
