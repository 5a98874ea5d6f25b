namespace ChurnEngine.DataGen.Telecom;

/// <summary>What the books say of one customer and one month.</summary>
internal readonly record struct MonthRow
{
    /// <summary>Start of the month.</summary>
    public required long Period { get; init; }

    /// <summary>When the warehouse has the row.</summary>
    public required long LoadedAt { get; init; }

    public required Contract Contract { get; init; }

    /// <summary>End of the contract; 0 without one.</summary>
    public required long ContractEndsAt { get; init; }

    public required int AddOns { get; init; }
    public required double ListPrice { get; init; }
    public required double Charge { get; init; }

    /// <summary>GB; missing in the file where <see cref="UseRecorded"/> is false.</summary>
    public required double DataGb { get; init; }

    public required double CallMinutes { get; init; }
    public required bool UseRecorded { get; init; }
    public required int DroppedCalls { get; init; }
    public required int Tickets { get; init; }
    public required int LatePayments { get; init; }
    public required int AppLogins { get; init; }

    /// <summary>The customer left in this month.</summary>
    public bool Left { get; init; }

    /// <summary>Months of contract left at the end of the month; null without a contract.</summary>
    public double? ContractMonthsLeft => Contract == Contract.Monthly ? null : (ContractEndsAt - Period - WorldClock.Month) / (double)WorldClock.Month;
}

/// <summary>A month and whose it is.</summary>
/// <param name="CustomerId">As in the files.</param>
/// <param name="Subscriber">Position in the chunk.</param>
/// <param name="Row">The month.</param>
internal readonly record struct MonthLog(long CustomerId, int Subscriber, MonthRow Row) : IArrived
{
    public long Known => Row.LoadedAt;
}
