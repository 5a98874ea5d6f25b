using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>What world to generate. Equal options give equal bytes; <see cref="Budget"/> is no part of that.</summary>
public sealed record WorldOptions
{
    /// <summary>The scenarios there are.</summary>
    public static IReadOnlyList<string> Scenarios { get; } = ["streaming"];

    /// <summary>One of <see cref="Scenarios"/>.</summary>
    public string Scenario { get; init; } = "streaming";

    /// <summary>Customers in all, the initial base and every later arrival together: 1 to 20,000,000.</summary>
    public int Customers { get; init; } = 20_000;

    /// <summary>Months of 30 days in which customers may leave: 1 to 60.</summary>
    public int Months { get; init; } = 12;

    /// <summary>Any number; another seed is another world.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Threads to use. The bytes do not depend on it.</summary>
    public JobBudget Budget { get; init; } = new();

    /// <summary>Throws when a value is outside its range.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1801 to CE1803.</remarks>
    public void Validate()
    {
        if (!Scenarios.Contains(Scenario))
            throw DataGenErrors.UnknownScenario(Scenario);
        if (Customers is < 1 or > 20_000_000)
            throw DataGenErrors.CustomersOutOfRange(Customers);
        if (Months is < 1 or > 60)
            throw DataGenErrors.MonthsOutOfRange(Months);
        Budget.Validate();
    }
}
