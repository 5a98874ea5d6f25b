using System.Globalization;

namespace ChurnEngine.Audit;

/// <summary>When a kind of event announces churn.</summary>
public sealed record AnnouncementRules
{
    /// <summary>How soon churn must follow an event, days, 1 and up.</summary>
    public int WithinDays { get; init; } = 7;

    /// <summary>Share of a kind's events that churn follows so soon, from which it announces it, 0.5..1.</summary>
    public double Share { get; init; } = 0.9;

    /// <summary>Customers that a kind needs to be judged, 2 and up.</summary>
    public int LeastCustomers { get; init; } = 20;

    /// <summary>Above this many customers, every k-th by hash of the key is looked at, 100 and up.</summary>
    public int SampleCustomers { get; init; } = 50_000;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <remarks>Errors: ChurnConfigException CE8002.</remarks>
    public void Validate()
    {
        Require("within_days", WithinDays, WithinDays >= 1, "1 and up");
        Require("share", Share, Share is >= 0.5 and <= 1, "0.5 to 1");
        Require("least_customers", LeastCustomers, LeastCustomers >= 2, "2 and up");
        Require("sample_customers", SampleCustomers, SampleCustomers >= 100, "100 and up");
    }

    private static void Require(string name, double value, bool holds, string expected)
    {
        if (!holds)
            throw AuditErrors.BadRule(name, value, expected);
    }

    internal string InWords => string.Create(CultureInfo.InvariantCulture, $"churn within {WithinDays} d of at least {Share:P0} of a kind's events, {LeastCustomers} customers or more");
}
