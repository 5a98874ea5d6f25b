using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>What world to generate. Equal options give equal bytes; <see cref="Budget"/> is no part of that.</summary>
public sealed record WorldOptions
{
    /// <summary>The scenarios there are.</summary>
    public static IReadOnlyList<string> Scenarios { get; } = [.. DataGen.Scenario.All.Select(scenario => scenario.Name)];

    /// <summary>One of <see cref="Scenarios"/>.</summary>
    public string Scenario { get; init; } = "streaming";

    /// <summary>Customers in all, the initial base and every later arrival together: 1 to 20,000,000.</summary>
    public int Customers { get; init; } = 20_000;

    /// <summary>Months of 30 days in which customers may leave: 1 to 60.</summary>
    public int Months { get; init; } = 12;

    /// <summary>Any number; another seed is another world.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>What changes at some instant, and by how much.</summary>
    public IReadOnlyList<Drift> Drifts { get; init; } = [];

    /// <summary>Share of the customers at risk, 0..1, that get an offer at each month's start, at random; 0: no experiment, and no file about it.</summary>
    public double TreatmentShare { get; init; }

    /// <summary>Names of extras of the scenario (<see cref="ExtrasOf"/>), or <c>all</c>.</summary>
    public IReadOnlyList<string> With { get; init; } = [];

    /// <summary>Threads to use. The bytes do not depend on it.</summary>
    public JobBudget Budget { get; init; } = new();

    /// <summary>A number of customers that makes a world of a handy size.</summary>
    /// <param name="scenario">One of <see cref="Scenarios"/>; for another name the number of the first.</param>
    public static int DefaultCustomersOf(string scenario) => (DataGen.Scenario.Of(scenario) ?? DataGen.Scenario.All[0]).DefaultCustomers;

    /// <summary>Names of what can drift in a scenario.</summary>
    public static IReadOnlyList<string> DriftsOf(string scenario) => [.. DataGen.Scenario.Of(scenario)?.Drifts.Select(drift => drift.Name) ?? []];

    /// <summary>How something of a scenario can drift, the default first; empty for what it does not have.</summary>
    /// <param name="scenario">One of <see cref="Scenarios"/>.</param>
    /// <param name="feature">One of <see cref="DriftsOf"/>.</param>
    public static IReadOnlyList<DriftKind> DriftKindsOf(string scenario, string feature) => DataGen.Scenario.Of(scenario)?.Drifts.FirstOrDefault(drift => drift.Name == feature)?.Kinds ?? [];

    /// <summary>Names of what a scenario can have beside its defaults.</summary>
    public static IReadOnlyList<string> ExtrasOf(string scenario) => DataGen.Scenario.Of(scenario)?.Extras ?? [];

    /// <summary>Throws when a value is outside its range.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1801 to CE1803 and CE1807 to CE1811.</remarks>
    public void Validate()
    {
        Scenario scenario = DataGen.Scenario.Of(Scenario) ?? throw DataGenErrors.UnknownScenario(Scenario);
        if (Customers is < 1 or > 20_000_000)
            throw DataGenErrors.CustomersOutOfRange(Customers);
        if (Months is < 1 or > 60)
            throw DataGenErrors.MonthsOutOfRange(Months);
        foreach (Drift drift in Drifts)
            drift.Validate(scenario, new WorldClock(Months));
        if (TreatmentShare is not (>= 0 and <= 1))
            throw DataGenErrors.TreatmentOutOfRange(TreatmentShare);
        foreach (string extra in With)
        {
            if (scenario.Extras.Count == 0 || (extra != AllExtras && !scenario.Extras.Contains(extra)))
                throw DataGenErrors.UnknownExtra(extra, scenario);
        }
        Budget.Validate();
    }

    internal const string AllExtras = "all";

    internal bool Has(string extra) => With.Contains(extra) || With.Contains(AllExtras);
}
