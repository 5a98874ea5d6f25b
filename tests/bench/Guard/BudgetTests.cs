using ChurnEngine.TestKit;

namespace ChurnEngine.Bench.Tests;

public class BudgetTests
{
    private static readonly MachineLimits s_limits = new(new SuiteRun
    {
        Suite = "machine",
        Commit = "abc",
        Dirty = false,
        Date = "",
        Entries = [new ResultEntry { Name = "scatter-add, L1, 1 core", Unit = "M/s", Value = 1000 }],
    });

    private static readonly KernelTiming s_kernel = new("SomeKernel Bins=2", 2e-9, new PairedRatio(0.5, new Interval(0.45, 0.55)), 0, new LimitedWork("scatter-add, L1, 1 core", 1));

    [Fact]
    public void Budgets_EveryStageAndKernel_HasOneAndNoOther()
    {
        Budgets budgets = Budgets.Read(Path.Combine(Repository.Root, "bench", "budgets.json"));
        Assert.Equal(StageCatalog.Names.Order(StringComparer.Ordinal), budgets.Stages.Keys);
        Assert.Equal(KernelCase.All.Select(Budgets.KeyOf).Order(StringComparer.Ordinal), budgets.Kernels.Keys);
        Assert.Contains("AVX-512", budgets.InstructionSets);
        Assert.All(budgets.Stages.Values, budget => Assert.True(budget.AllocatedBytes > 0 && HasAll(budget) && budget.Speed.Values.All(speed => speed.LimitShare > 0)));
        Assert.All(budgets.Kernels.Values, budget => Assert.True(HasAll(budget) && budget.Speed.Values.All(speed => speed.Ratio > 0 && speed.LimitShare > 0)));

        bool HasAll(Budget budget) => budget.Speed.Keys.Order(StringComparer.Ordinal).SequenceEqual(budgets.InstructionSets);
    }

    // 1 update a row in 2 ns is half of 1000 million a second.
    [Theory]
    [InlineData(0, 0.6, 0.4, "")]
    [InlineData(0, 0.46, 0.4, "")]
    [InlineData(0, 0.44, 0.4, "time / scalar")]
    [InlineData(0, 0.6, 0.51, "share of limit")]
    public void OfKernel_BeyondOrWithinBudget_IsTold(long allocated, double ratio, double share, string over) =>
        Assert.Equal(over, string.Join(' ', BudgetFinding.Of(s_kernel, Allowed(allocated, ratio, share), s_limits, "AVX2").Where(finding => finding.IsOver).Select(finding => finding.Cost)));

    [Fact]
    public void OfKernel_AllocationsOrNoBudget_IsTold()
    {
        Budget budget = Allowed(0, 1, 0);
        Assert.Contains(BudgetFinding.Of(s_kernel with { AllocatedPerCall = 24 }, budget, s_limits, "AVX2"), finding => finding is { Cost: BudgetFinding.Allocated, IsOver: true });
        Assert.Contains("no budget", Assert.Single(BudgetFinding.Of(s_kernel, null, s_limits, "AVX2")).Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void OfStage_FastestRoundCounts()
    {
        var stage = new StageOutcome
        {
            Stage = "train",
            Commit = "abc",
            Customers = 1,
            Months = 1,
            Threads = 1,
            Features = 1,
            Trees = 1,
            Snapshots = 1,
            RowUnit = "rows",
            Rows = 1,
            Seconds = [3, 1, 9],
            AllocatedBytes = 1000,
            PeakMemoryBytes = 1,
            ResidentBeforeBytes = 1,
            Limit = "scatter-add, L1, 1 core",
            LimitUnits = 5e8,
        };
        Assert.DoesNotContain(BudgetFinding.Of(stage, Allowed(1000, null, 0.49), s_limits, "AVX2"), finding => finding.IsOver);
        Assert.Equal([true, true], BudgetFinding.Of(stage, Allowed(999, null, 0.51), s_limits, "AVX2").Select(finding => finding.IsOver));
    }

    // Vectors half as wide are nearer to the scalar form: that is no regression.
    [Fact]
    public void OfKernel_OtherInstructionSet_ItsTimeDoesNotCount()
    {
        BudgetFinding[] findings = [.. BudgetFinding.Of(s_kernel with { AllocatedPerCall = 24 }, Allowed(0, 0.1, 0.9), s_limits, "SSE4.2")];
        Assert.Equal(BudgetFinding.Allocated, Assert.Single(findings, finding => finding.IsOver).Cost);
        Assert.Equal(3, findings.Length);
    }

    [Fact]
    public void Joined_OtherInstructionSets_Stand()
    {
        Budget joined = Budgets.Joined(new Budget { AllocatedBytes = 5, Speed = { ["AVX-512"] = new SpeedBudget { LimitShare = 0.3 } } }, new Budget
        {
            AllocatedBytes = 9,
            Speed = { ["AVX-512"] = new SpeedBudget { LimitShare = 0.1 }, ["AVX2"] = new SpeedBudget { LimitShare = 0.2 } },
        });
        Assert.Equal((5, 0.3, 0.2), (joined.AllocatedBytes, joined.Speed["AVX-512"].LimitShare, joined.Speed["AVX2"].LimitShare));
    }

    [Fact]
    public void Read_NoBudgets_SaysHowToWriteThem() =>
        Assert.Contains("bench guard --write", Assert.Throws<BenchException>(() => Budgets.Read("/nowhere/budgets.json")).Message, StringComparison.Ordinal);

    private static Budget Allowed(long allocated, double? ratio, double share) =>
        new() { AllocatedBytes = allocated, Speed = { ["AVX2"] = new SpeedBudget { Ratio = ratio, LimitShare = share } } };
}
