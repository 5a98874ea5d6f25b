using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>An option of the booster that the command line gave as text.</summary>
/// <param name="Flag">The flag it came by, for messages, such as <c>--set</c>.</param>
/// <param name="Name">Its name, or an alias.</param>
/// <param name="Value">What it is to be.</param>
public sealed record NamedOption(string Flag, string Name, string Value);

/// <summary>Settings of training that the command line gave; null leaves the project's. Meanings and ranges are those of <see cref="BoosterOptions"/> and <see cref="LogisticRegressionOptions"/>.</summary>
public sealed record TrainOverrides
{
    /// <summary>Names of what can be minimised.</summary>
    public static IReadOnlyList<string> Objectives => BoosterValues.Objectives;

    /// <summary>Names of what early stopping can watch.</summary>
    public static IReadOnlyList<string> Metrics => BoosterValues.Metrics;

    /// <summary>What trains, one of <see cref="AlgorithmNames.All"/>.</summary>
    public string? Algorithm { get; init; }

    /// <summary>Most trees.</summary>
    public int? Trees { get; init; }

    /// <summary>Shrinkage of each tree.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Most leaves of a tree.</summary>
    public int? MaxLeaves { get; init; }

    /// <summary>Most splits on a path.</summary>
    public int? MaxDepth { get; init; }

    /// <summary>Least training rows in a leaf.</summary>
    public int? MinRowsInLeaf { get; init; }

    /// <summary>Rounds without progress before training stops.</summary>
    public int? EarlyStoppingRounds { get; init; }

    /// <summary>Key of every random choice.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Strength of the penalty of logistic regression.</summary>
    public double? Alpha { get; init; }

    /// <summary>Share of the absolute values in that penalty.</summary>
    public double? L1Ratio { get; init; }

    /// <summary>Which calibration, one of <see cref="CalibrationNames.All"/>.</summary>
    public string? Calibration { get; init; }

    /// <summary>How the threshold is chosen, one of <see cref="ThresholdSettings.Forms"/>.</summary>
    public string? ThresholdBy { get; init; }

    /// <summary>Categorical feature whose values get thresholds of their own.</summary>
    public string? ThresholdPer { get; init; }

    /// <summary>What thresholds of segments make equal, one of <see cref="ThresholdSettings.EqualForms"/>.</summary>
    public string? ThresholdEqual { get; init; }

    /// <summary>Options by name; none may be among those above, nor come twice.</summary>
    public IReadOnlyList<NamedOption> Named { get; init; } = [];

    /// <summary>True when the command line gave this option, by whatever name.</summary>
    /// <param name="name">Our name.</param>
    internal bool Gives(string name) => Typed.Contains(name) || Named.Any(option => BoosterOptionTable.Find(option.Name)?.Name == name);

    private IEnumerable<string> Typed
    {
        get
        {
            (string Name, object? Value)[] all =
            [
                ("trees", Trees), ("learning_rate", LearningRate), ("max_leaves", MaxLeaves), ("max_depth", MaxDepth),
                ("min_rows_in_leaf", MinRowsInLeaf), ("early_stopping_rounds", EarlyStoppingRounds), ("seed", Seed),
            ];
            return all.Where(option => option.Value is not null).Select(option => option.Name);
        }
    }

    internal TrainSettings Apply(TrainSettings settings, int threads)
    {
        AlgorithmKind algorithm = Algorithm is null ? settings.Algorithm : AlgorithmNames.Find(Algorithm);
        RefuseOthers(algorithm);
        LogisticRegressionOptions logistic = settings.Logistic with { Alpha = Alpha ?? settings.Logistic.Alpha, L1Ratio = L1Ratio ?? settings.Logistic.L1Ratio, Threads = threads };
        logistic.Validate();
        settings = settings with
        {
            Calibration = Calibration is null ? settings.Calibration : CalibrationNames.Find(Calibration),
            Threshold = settings.Threshold.With(ThresholdBy, ThresholdPer, ThresholdEqual),
        };
        return settings with { Algorithm = algorithm, Booster = Apply(settings.Booster, threads), Forest = Apply(settings.Forest, threads), Logistic = logistic };
    }

    // In churn.yaml the settings of all may stand side by side; a flag that does nothing is a mistake.
    private void RefuseOthers(AlgorithmKind algorithm)
    {
        IReadOnlyList<string> known = algorithm switch
        {
            AlgorithmKind.Boosting or AlgorithmKind.Stack or AlgorithmKind.RecentHistorical => BoosterOptionTable.Names,
            AlgorithmKind.Logistic => ["seed"],
            _ => [.. BoosterOptionTable.All.Where(option => ForestOptions.Shared.Contains(option.Name)).SelectMany(option => option.Aliases.Prepend(option.Name))],
        };
        string? flag = Typed.Where(name => !known.Contains(name)).Select(FlagOf)
            .Concat(Named.Where(option => BoosterOptionTable.Find(option.Name) is not null && !known.Contains(option.Name)).Select(option => option.Flag == "--set" ? $"--set {option.Name}" : option.Flag))
            .Concat(algorithm is AlgorithmKind.Logistic or AlgorithmKind.Stack ? [] : Penalties).FirstOrDefault();
        if (flag is not null)
            throw PipelineErrors.FlagOfAnotherAlgorithm(flag, AlgorithmNames.Of(algorithm));
    }

    private IEnumerable<string> Penalties => from pair in (IEnumerable<(string Flag, object? Value)>)[("--alpha", Alpha), ("--l1-ratio", L1Ratio)] where pair.Value is not null select pair.Flag;

    private static string FlagOf(string name) => $"--{name.Replace('_', '-')}";

    /// <summary>The options with what was given in their place.</summary>
    /// <remarks>Errors: CE4007 out of range, CE1001 no value for it, CE1113 unknown, CE1114 given twice.</remarks>
    internal BoosterOptions Apply(BoosterOptions options, int threads)
    {
        BoosterOptions result = options with
        {
            Trees = Trees ?? options.Trees,
            LearningRate = LearningRate ?? options.LearningRate,
            MaxLeaves = MaxLeaves ?? options.MaxLeaves,
            MaxDepth = MaxDepth ?? options.MaxDepth,
            MinRowsInLeaf = MinRowsInLeaf ?? options.MinRowsInLeaf,
            EarlyStoppingRounds = EarlyStoppingRounds ?? options.EarlyStoppingRounds,
            Seed = Seed ?? options.Seed,
            Threads = threads,
        };
        var given = Typed.ToDictionary(name => name, FlagOf);
        foreach (NamedOption named in Named)
        {
            BoosterOption option = BoosterOptionTable.Find(named.Name) ?? throw PipelineErrors.UnknownOption(named.Flag, named.Name);
            string written = named.Flag == "--set" ? named.Name : named.Flag;
            if (!given.TryAdd(option.Name, written))
                throw PipelineErrors.OptionTwice(named.Flag, (given[option.Name], written), option.Name);
            result = option.Read(result, named.Value) ?? throw PipelineErrors.BadOption(named, option.Expected);
        }
        result.Validate();
        return result;
    }
}
