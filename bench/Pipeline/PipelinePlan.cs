namespace ChurnEngine.Bench;

/// <summary>One child process to start: a stage at a size, for the table or for an axis.</summary>
/// <param name="Options">Stage and sizes.</param>
/// <param name="Axis">What grows; null for a row of the table.</param>
/// <param name="Value">Size on that axis.</param>
internal sealed record PlannedStage(StageOptions Options, GrowthAxis? Axis, int Value)
{
    private const double Start = 1.2;

    public StageEntry Stage => StageCatalog.Find(Options.Stage);

    /// <summary>About how long it takes, seconds, on two quiet cores.</summary>
    public double Estimate
    {
        get
        {
            double millions = Options.Customers / 1e6 * Options.Months / 12;
            double trees = Options.Stage is "train" ? Options.Trees / 100.0 : 1, threads = 2.0 / Math.Min(Options.Threads, 2);
            return Start + millions * (Stage.PreparationAMillion + Stage.SecondsAMillion * trees * threads * (Options.WarmUps + Options.Rounds));
        }
    }

    public string Describe() => Axis is null ? $"{Options.Stage}, {Options.Customers:N0} customers" : $"{Options.Stage} by {Axis.Name}: {Value:N0}";
}

/// <summary>What the user asked for.</summary>
internal sealed record PipelineRequest
{
    public IReadOnlyList<int> Customers { get; init; } = [100_000, 1_000_000];

    public IReadOnlyList<string> Stages { get; init; } = [];

    public IReadOnlyList<string> Grow { get; init; } = [];

    /// <summary>Timed rounds; 0: three up to 200,000 customers, one beyond.</summary>
    public int Rounds { get; init; }

    public int Threads { get; init; } = Environment.ProcessorCount;

    public int Trees { get; init; } = 100;

    public bool Quick { get; init; }

    public required string Cache { get; init; }

    /// <summary>The child processes of a run: the table size by size, then the axes.</summary>
    public IEnumerable<PlannedStage> Plan()
    {
        foreach (int customers in Customers)
        {
            foreach (string stage in Stages)
                yield return new PlannedStage(Options(stage, customers), null, customers);
        }
        foreach (GrowthAxis axis in GrowthAxis.All(Quick).Where(axis => Grow.Contains(axis.Name) && axis.Values.Count > 1))
        {
            foreach (string stage in Stages.Where(axis.Concerns))
            {
                foreach (int value in axis.Values)
                    yield return new PlannedStage(axis.Apply(Options(stage, GrowthAxis.BaseCustomers(Quick)), value), axis, value);
            }
        }
    }

    // A large world takes so long that compiling the code no longer shows: one round, and no warm-up.
    private StageOptions Options(string stage, int customers) => new()
    {
        Stage = stage,
        Customers = customers,
        Threads = Threads,
        Trees = Quick ? Math.Min(Trees, 20) : Trees,
        Cache = Cache,
        WarmUps = customers <= 200_000 ? 1 : 0,
        Rounds = Rounds > 0 ? Rounds : customers <= 200_000 ? Quick ? 2 : 3 : 1,
    };
}
