using FsCheck;
using FsCheck.Fluent;

namespace ChurnEngine.Decisions.Tests;

/// <summary>The best assignment, against trying everything; and what holds of every plan.</summary>
public class AllocationTests
{
    private static readonly double[] s_costs = [25, 8, 3, 60, 1], s_rates = [0.4, 0.25, 0.12, 0.55, 0.05];

    [Fact]
    public void Plan_SmallProblems_EqualBruteForce() => Prop.ForAll(SmallProblem.Any(8, 3), problem =>
    {
        ActionPlan plan = Plan(problem);
        Assert.Equal(problem.BruteForce(), plan.Totals.ExpectedValue, 1e-7);
        Assert.Equal(AllocationProof.Exact, plan.Proof);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500).WithReplay(21, 1));

    [Fact]
    public void Plan_AnyProblem_KeepsLimitsDaysAndBound() => Prop.ForAll(SmallProblem.Any(60, 5), problem =>
    {
        ActionPlan plan = Plan(problem);
        PlanLines contacts = plan.Contacts;
        int[] counts = new int[problem.Offers.Length];
        for (int i = 0; i < contacts.Count; i++)
        {
            counts[contacts.Offer[i]]++;
            Assert.True(contacts.ExpectedValue[i] > 0);
            Assert.Equal(problem.Earns(contacts.Rows[i], contacts.Offer[i]), contacts.ExpectedValue[i]);
            Assert.Equal(Decision.Contact, plan.Decisions[contacts.Rows[i]]);
            Assert.InRange(contacts.Day[i], 1, problem.Days);
        }
        Assert.True(problem.Allows(counts));
        Assert.Equal(contacts.Count, contacts.Rows.Distinct().Count());
        Assert.Equal(contacts.Count, plan.CountOf(Decision.Contact));
        Assert.True(plan.Totals.ExpectedValue <= plan.Bound * (1 + 1e-9) + 1e-9);
        Assert.True(plan.Gap >= 0);
        foreach (IGrouping<int, int> day in Enumerable.Range(0, contacts.Count).GroupBy(i => contacts.Day[i]))
        {
            Assert.True(problem.Capacity == 0 || day.Count() <= problem.Capacity);
            Assert.All(day.GroupBy(i => contacts.Offer[i]), offer => Assert.True(problem.Offers[offer.Key].Capacity == 0 || offer.Count() <= problem.Offers[offer.Key].Capacity));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(22, 1));

    // Capacities alone have a best plan in whole contacts that meets the bound, at any size.
    [Theory]
    [InlineData(1, 3), InlineData(5, 1), InlineData(20_000, 2)]
    public void Plan_CapacitiesAlone_MeetTheBound(int rows, int seed)
    {
        foreach (bool ties in new[] { false, true })
        {
            ActionPlan plan = Large(rows, seed, ties, budget: null, threads: 1);
            Assert.Equal(AllocationProof.Exact, plan.Proof);
            Assert.InRange(plan.Gap, 0, 1e-6);
        }
    }

    [Theory]
    [InlineData(50_000, 4, false), InlineData(50_000, 5, true)]
    public void Plan_LargeWithBudget_IsNearTheBound_TheSameForAnyThreads(int rows, int seed, bool ties)
    {
        ActionPlan one = Large(rows, seed, ties, budget: rows * 0.8, threads: 1), three = Large(rows, seed, ties, budget: rows * 0.8, threads: 3);
        Assert.InRange(one.Gap, 0, 1e-4);
        Assert.True(one.Totals.Spend <= rows * 0.8);
        Assert.Equal(one.Contacts.Rows, three.Contacts.Rows);
        Assert.Equal(one.Contacts.Offer, three.Contacts.Offer);
        Assert.Equal(one.Bound, three.Bound);
        Assert.Equal(one.Baselines, three.Baselines);
    }

    [Fact]
    public void Plan_Baselines_AreNeverAboveThePlan()
    {
        ActionPlan plan = Large(3000, 9, ties: false, budget: 4000, threads: 1);
        Assert.Equal(["contact everyone", "contact nobody", "highest probability first"], plan.Baselines.Select(way => way.Name));
        Assert.All(plan.Baselines.Skip(1), way => Assert.True(way.ExpectedValue <= plan.Totals.ExpectedValue));
        Assert.Equal(3000, plan.Baselines[0].Contacts);
        Assert.True(plan.Prices.Budget > 0);
    }

    // What the price of a budget says is what a little more of it brings.
    [Fact]
    public void Plan_ShadowPrice_IsWhatMoreBrings()
    {
        (DecisionInput input, DecisionOptions options) = Random(40_000, 6, ties: false);
        var problem = new DecisionProblem(input, options with { Budget = 30_000 }, 1);
        ActionPlan plan = problem.Plan(CancellationToken.None);
        double more = problem.Under(options.Capacity, 31_000, CancellationToken.None).ExpectedValue;
        Assert.InRange((more - plan.Totals.ExpectedValue) / 1000 / plan.Prices.Budget, 0.9, 1.001);
        Assert.Equal(0, problem.Under(options.Capacity, 0.5, CancellationToken.None).Contacts);
    }

    [Fact]
    public void Plan_ControlGroup_IsHeldOutAtThePricesOfTheOthers()
    {
        (DecisionInput input, DecisionOptions options) = Random(30_000, 7, ties: false);
        Standing[] standing = [.. Enumerable.Range(0, 30_000).Select(row => row % 10 == 3 ? Standing.Control : row % 17 == 0 ? Standing.Fatigued : Standing.Open)];
        ActionPlan plan = new DecisionProblem(input with { Standing = standing }, options, 2).Plan(CancellationToken.None);
        Assert.All(plan.Contacts.Rows, row => Assert.Equal(Standing.Open, standing[row]));
        Assert.All(plan.HoldOut.Rows, row => Assert.Equal(Standing.Control, standing[row]));
        // One in ten, less those who are fatigued as well: about the same share of contacted and held out.
        Assert.InRange(plan.HoldOut.Count / (double)plan.Contacts.Count, 0.09, 0.14);
        Assert.InRange(plan.HoldOut.ExpectedValue.Average() / plan.Contacts.ExpectedValue.Average(), 0.9, 1.1);
        Assert.True(plan.CountOf(Decision.Fatigue) > 0 && plan.CountOf(Decision.Control) > 0);
        Assert.Equal(plan.Considered, Enum.GetValues<Decision>().Sum(plan.CountOf));
    }

    // Of one offer the hold-out is, to the row, who of the control group ranks before the last contact.
    [Fact]
    public void Plan_OneOfferWithTies_HoldsOutByTheSameRank()
    {
        var random = new Random(3);
        float[] probability = [.. Enumerable.Range(0, 500).Select(_ => random.Next(8) / 8f)];
        Standing[] standing = [.. Enumerable.Range(0, 500).Select(row => row % 5 == 1 ? Standing.Control : Standing.Open)];
        ActionPlan plan = new DecisionProblem(new DecisionInput { Probability = probability, Standing = standing }, new DecisionOptions { Capacity = 100 }, 1).Plan(CancellationToken.None);
        int[] order = [.. Enumerable.Range(0, 500).Where(row => probability[row] * 600 * 0.4 > 10).OrderByDescending(row => probability[row]).ThenBy(row => row)];
        int last = Array.IndexOf(order, plan.Contacts.Rows[^1]);
        Assert.Equal(100, plan.Contacts.Count);
        Assert.Equal(order.Take(last).Where(row => standing[row] == Standing.Control), plan.HoldOut.Rows);
    }

    [Fact]
    public void Plan_NobodyEligible_IsAnEmptyPlanThatSaysWhy()
    {
        var input = new DecisionInput { Probability = [0.9f, 0.8f], SaveRates = [[double.NaN]] };
        ActionPlan plan = new DecisionProblem(input, new DecisionOptions(), 1).Plan(CancellationToken.None);
        Assert.Equal(0, plan.Contacts.Count);
        Assert.Equal([Decision.NotEligible, Decision.NotEligible], plan.Decisions);
        Assert.Equal((0, 0), (plan.Bound, plan.Gap));
    }

    [Fact]
    public void Plan_NoCustomers_IsEmpty() => Assert.Equal(0, ActionPlanner.Plan([], [], new DecisionOptions { Capacity = 5, Budget = 100 }).Contacts.Count);

    private static ActionPlan Plan(SmallProblem problem) => new DecisionProblem(problem.Input, problem.Options, 1).Plan(CancellationToken.None);

    private static ActionPlan Large(int rows, int seed, bool ties, double? budget, int threads)
    {
        (DecisionInput input, DecisionOptions options) = Random(rows, seed, ties);
        return new DecisionProblem(input, options with { Budget = budget is { } money ? Math.Max(60, money) : null }, threads).Plan(CancellationToken.None);
    }

    private static (DecisionInput, DecisionOptions) Random(int rows, int seed, bool ties)
    {
        var random = new Random(seed);
        var input = new DecisionInput
        {
            Probability = [.. Enumerable.Range(0, rows).Select(_ => ties ? random.Next(5) / 5f : MathF.Pow(random.NextSingle(), 3))],
            Value = [.. Enumerable.Range(0, rows).Select(_ => ties ? 500 : 100 + 900 * random.NextDouble())],
            Group = [.. Enumerable.Range(0, rows).Select(_ => random.Next(4))],
            SaveRates = [.. Enumerable.Range(0, 4).Select(g => s_rates.Select((rate, j) => (g + j) % 7 == 0 ? double.NaN : rate * (0.7 + 0.1 * g)).ToArray())],
        };
        Offer[] offers = [.. s_costs.Select((cost, j) => new Offer { Name = $"offer {j}", Cost = cost, SaveRate = s_rates[j], Capacity = j == 2 ? 0 : Math.Max(1, rows / (20 + 10 * j)) })];
        return (input, new DecisionOptions { Offers = offers, Capacity = Math.Max(1, rows / 6) });
    }
}
