using ChurnEngine.Columns;

namespace ChurnEngine.Decisions.Tests;

public class ActionPlannerTests
{
    [Fact]
    public void Plan_WorkedExamples_LeavesOneAloneAndTargetsTheOther()
    {
        ActionPlan alone = ActionPlanner.Plan([0.8f], [100], new DecisionOptions { SaveRate = 0.4, Cost = 50 });
        Assert.Equal((0, 0, 1), (alone.Contacts.Count, alone.Worthwhile, alone.Considered));
        Assert.Equal([Decision.NotWorthIt], alone.Decisions);

        ActionPlan plan = ActionPlanner.Plan([0.5f], [2000], new DecisionOptions { SaveRate = 0.4, Cost = 75 });
        Assert.Equal([0], plan.Contacts.Rows);
        Assert.Equal((325, 0.2, 75), (plan.Totals.ExpectedValue, plan.Totals.ExpectedSaves, plan.Totals.Spend));
        Assert.Equal((AllocationProof.Exact, 0), (plan.Proof, plan.Gap));
    }

    [Theory]
    [InlineData(1, 0, 3), InlineData(2, 10, 0), InlineData(3, 500, 0), InlineData(4, 5000, 7), InlineData(5, 20_000, 3), InlineData(6, 20_000, 0)]
    public void Plan_Random_EqualsSortingEverything_AndKeepsTheLimits(int seed, int rows, int levels)
    {
        var random = new Random(seed);
        float[] probability = [.. Enumerable.Range(0, rows).Select(_ => levels == 0 ? random.NextSingle() : random.Next(levels + 1) / (float)levels)];
        double[] value = [.. Enumerable.Range(0, rows).Select(_ => levels == 0 ? random.NextDouble() * 500 : 200)];
        foreach (int capacity in new[] { 0, 1, 3, 1000, 30_000 })
        {
            foreach (double? budget in new double?[] { null, 10, 99.99, 25_000 })
            {
                var options = new DecisionOptions { Cost = 10, SaveRate = 0.5, Capacity = capacity, Budget = budget };
                int limit = Math.Min(capacity == 0 ? int.MaxValue : capacity, budget is { } money ? (int)(money / 10) : int.MaxValue);
                int[] worthwhile = [.. Enumerable.Range(0, rows).Where(row => Earns(probability[row], value[row], options) > 0)];
                int[] expected = [.. worthwhile.OrderByDescending(row => Earns(probability[row], value[row], options)).ThenBy(row => row).Take(limit)];

                ActionPlan plan = ActionPlanner.Plan(probability, value, options);

                Assert.Equal(expected, plan.Contacts.Rows);
                Assert.Equal(worthwhile.Length, plan.Worthwhile);
                Assert.Equal(expected.Sum(row => Earns(probability[row], value[row], options)), plan.Totals.ExpectedValue, 1e-6);
                Assert.Equal(expected.Sum(row => probability[row] * 0.5), plan.Totals.ExpectedSaves, 1e-6);
                Assert.True(plan.Totals.Spend <= (budget ?? double.MaxValue));
            }
        }
    }

    [Fact]
    public void Plan_UnknownValue_IsLeftAloneAndCounted()
    {
        ActionPlan plan = ActionPlanner.Plan([0.9f, 0.9f, 0.9f], [double.NaN, 500, -500], new DecisionOptions());
        Assert.Equal([1], plan.Contacts.Rows);
        Assert.Equal([Decision.NoValue, Decision.Contact, Decision.NotWorthIt], plan.Decisions);
    }

    [Fact]
    public void Plan_BudgetInTenths_PaysForAllItCan()
    {
        float[] probability = [.. Enumerable.Repeat(0.5f, 10)];
        ActionPlan plan = ActionPlanner.Plan(probability, [], new DecisionOptions { Cost = 0.1, Budget = 0.3 });
        Assert.Equal(3, plan.Contacts.Count);
        Assert.Equal(0.3, plan.Totals.Spend);
        Assert.Equal([0, 1, 2], plan.Contacts.Rows);
        Assert.Equal(7, plan.CountOf(Decision.Budget));
        Assert.Equal(10, ActionPlanner.Plan(probability, [], new DecisionOptions { Cost = 0, Budget = 0 }).Contacts.Count);
    }

    [Theory]
    [InlineData(float.NaN), InlineData(-0.01f), InlineData(1.01f), InlineData(float.PositiveInfinity)]
    public void Plan_NoProbability_NamesTheRow(float bad)
    {
        float[] probability = new float[3000];
        probability[2999] = bad;
        var error = Assert.Throws<ChurnDataException>(() => ActionPlanner.Plan(probability, [], new DecisionOptions()));
        Assert.Equal(("CE7004", true), (error.Code.ToString(), error.Message.Contains("row 2999", StringComparison.Ordinal)));
    }

    [Fact]
    public void Plan_InfiniteValueOrOtherLength_Throws()
    {
        var error = Assert.Throws<ChurnDataException>(() => ActionPlanner.Plan([0.1f], [double.PositiveInfinity], new DecisionOptions()));
        Assert.Equal("CE7005", error.Code.ToString());
        Assert.Throws<ArgumentException>(() => ActionPlanner.Plan([0.1f, 0.2f], [1], new DecisionOptions()));
    }

    public static TheoryData<string, DecisionOptions> BadOptions => new()
    {
        { "CE7001", new() { Value = 0 } }, { "CE7001", new() { Value = double.NaN } }, { "CE7001", new() { SaveRate = 0 } }, { "CE7001", new() { SaveRate = 1.1 } },
        { "CE7001", new() { Cost = -1 } }, { "CE7001", new() { Cost = 1e-9 } }, { "CE7001", new() { Capacity = -1 } }, { "CE7001", new() { Budget = double.NaN } },
        { "CE7002", new() { RiskCuts = new(0.6, 0.3) } }, { "CE7002", new() { RiskCuts = new(0, 0.5) } }, { "CE7003", new() { Cost = 10, Budget = 9 } },
        { "CE7001", new() { Days = 0 } }, { "CE7007", Of(new Offer { Name = "a", Cost = -1, SaveRate = 0.1 }) }, { "CE7007", Of(new Offer { Name = "a", Cost = 1, SaveRate = 1.1 }) },
        { "CE7007", Of(new Offer { Name = "a", Cost = 1, SaveRate = double.NaN }) }, { "CE7007", Of(new Offer { Name = "a", Cost = 1, SaveRate = 0.1, Capacity = -1 }) },
        { "CE7008", Of(new Offer { Name = "", Cost = 1, SaveRate = 0.1 }) }, { "CE7008", Of(new Offer { Name = "a", Cost = 1, SaveRate = 0.1 }, new Offer { Name = "a", Cost = 2, SaveRate = 0.1 }) },
        { "CE7003", Of(new Offer { Name = "a", Cost = 5, SaveRate = 0.1 }) with { Budget = 4 } },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Plan_BadOptions_SayWhatAndWhatToDo(string code, DecisionOptions options)
    {
        var error = Assert.Throws<ChurnConfigException>(() => ActionPlanner.Plan([0.5f], [], options));
        Assert.Equal(code, error.Code.ToString());
        Assert.NotEmpty(error.Hint);
        Assert.NotEmpty(error.Expected);
    }

    [Theory]
    [InlineData(0.29f, "LOW"), InlineData(0.3f, "MEDIUM"), InlineData(0.59f, "MEDIUM"), InlineData(0.6f, "HIGH"), InlineData(1f, "HIGH")]
    public void LevelOf_DefaultCuts_CountsTheCutItself(float probability, string expected) => Assert.Equal(expected, new RiskCuts().LevelOf(probability).ToText());

    [Fact]
    public void LevelOf_SeventyPercentAsFloat_ReachesACutOfSeventyPercent() => Assert.Equal(RiskLevel.High, new RiskCuts(0.3, 0.7).LevelOf(0.7f));

    private static DecisionOptions Of(params Offer[] offers) => new() { Offers = offers };

    private static double Earns(double probability, double value, DecisionOptions options) => probability * value * options.SaveRate - options.Cost;
}
