using System.CommandLine;
using System.Diagnostics;
using ChurnEngine.Decisions;

namespace ChurnEngine.Bench;

/// <summary>How long the assignment of offers takes, and how near it comes to the linear program's bound.</summary>
internal sealed class AllocateCommand : BenchCommand
{
    private static readonly double[] s_costs = [25, 8, 3, 60, 1, 12, 40, 5], s_rates = [0.4, 0.25, 0.12, 0.55, 0.05, 0.3, 0.5, 0.15];
    private readonly Option<int> _customers;
    private readonly Option<int> _offers;
    private readonly Option<int> _segments;
    private readonly Option<int> _threads;
    private readonly Option<bool> _curve;

    public AllocateCommand() : base("allocate", "Assigns offers to customers under capacities and a budget: seconds, and the gap to the bound of the linear program.")
    {
        _customers = Add(new Option<int>("--customers", "-n") { Description = "Customers.", DefaultValueFactory = _ => 1_000_000, HelpName = "N" });
        _offers = Add(new Option<int>("--offers") { Description = $"Offers, 1 to {s_costs.Length}.", DefaultValueFactory = _ => 5, HelpName = "J" });
        _segments = Add(new Option<int>("--segments") { Description = "Groups with save rates and eligibility of their own.", DefaultValueFactory = _ => 4, HelpName = "G" });
        _threads = Add(new Option<int>("--threads") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" });
        _curve = Add(new Option<bool>("--curve") { Description = "Also time 20 other budgets, as a what-if curve needs." });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("a million customers, five offers", "allocate"),
        new("ten million", "allocate --customers 10000000"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        (int customers, int offers, int segments, int threads) = (arguments.GetValue(_customers), arguments.GetValue(_offers), arguments.GetValue(_segments), arguments.GetValue(_threads));
        if (customers < 1 || offers < 1 || offers > s_costs.Length || segments < 1 || threads < 1)
            throw new BenchException("there is nothing to assign", $"1 customer, segment and thread and more, 1 to {s_costs.Length} offers");
        DecisionInput input = Make(customers, offers, segments);
        var table = new MarkdownTable("limits", " customers", " offers", " seconds", " contacts", " expected value", " gap to the bound", " proof");
        DecisionOptions wide = new() { Offers = [.. Enumerable.Range(0, offers).Select(j => new Offer { Name = $"offer {j}", Cost = s_costs[j], SaveRate = s_rates[j] })] };
        DecisionOptions daily = wide with { Capacity = Math.Max(1, customers / 6), Offers = [.. wide.Offers.Select((offer, j) => offer with { Capacity = j == 2 ? 0 : Math.Max(1, customers / (20 + 10 * j)) })] };
        foreach ((string name, DecisionOptions options) in new[] { ("capacities", daily), ("a budget", wide with { Budget = customers }), ("capacities and a budget", daily with { Budget = 0.8 * customers }) })
        {
            cancellation.ThrowIfCancellationRequested();
            long started = Stopwatch.GetTimestamp();
            var problem = new DecisionProblem(input, options, threads);
            ActionPlan plan = problem.Plan(cancellation);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            table.Add(name, FormattableString.Invariant($"{customers:N0}"), $"{offers}", FormattableString.Invariant($"{seconds:0.00}"), FormattableString.Invariant($"{plan.Contacts.Count:N0}"),
                FormattableString.Invariant($"{plan.Totals.ExpectedValue:N0}"), FormattableString.Invariant($"{100 * plan.Gap:0.0000000}%"), plan.Proof.ToString());
            if (!arguments.GetValue(_curve) || options.Budget is not { } budget)
                continue;
            started = Stopwatch.GetTimestamp();
            for (int i = 1; i <= 20; i++)
                problem.Under(options.Capacity, budget * i / 10, cancellation);
            Console.Error.WriteLine(FormattableString.Invariant($"{name}: 20 budgets in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s"));
        }
        Console.Out.WriteLine($"{table}\n\n{threads} threads, {segments} segments. Commit {SourceTree.Commit}{(SourceTree.IsDirty ? ", changed" : "")}.");
        return 0;
    }

    // Few are likely to leave; values differ by a factor of ten; not every segment may have every offer.
    private static DecisionInput Make(int customers, int offers, int segments)
    {
        var random = new Random(7);
        var input = new DecisionInput
        {
            Probability = new float[customers],
            Value = new double[customers],
            Group = new int[customers],
            SaveRates = [.. Enumerable.Range(0, segments).Select(g => Enumerable.Range(0, offers).Select(j => (g + j) % 7 == 6 ? double.NaN : s_rates[j] * (0.7 + 0.1 * (g % 4))).ToArray())],
        };
        for (int row = 0; row < customers; row++)
            (input.Probability[row], input.Value[row], input.Group[row]) = (MathF.Pow(random.NextSingle(), 3), 100 + 900 * random.NextDouble(), random.Next(segments));
        return input;
    }
}
