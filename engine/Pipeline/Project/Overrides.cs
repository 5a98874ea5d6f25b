using ChurnEngine.Decisions;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Settings of training that the command line gave; null leaves the project's. Meanings and ranges are those of <see cref="BoosterOptions"/> and <see cref="LogisticRegressionOptions"/>.</summary>
public sealed record TrainOverrides
{
    /// <summary>What trains: boosting or logistic.</summary>
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

    internal TrainSettings Apply(TrainSettings settings, int threads)
    {
        AlgorithmKind algorithm = Algorithm is null ? settings.Algorithm : Enum.Parse<AlgorithmKind>(Algorithm, ignoreCase: true);
        RefuseOthers(algorithm);
        LogisticRegressionOptions logistic = settings.Logistic with { Alpha = Alpha ?? settings.Logistic.Alpha, L1Ratio = L1Ratio ?? settings.Logistic.L1Ratio, Threads = threads };
        logistic.Validate();
        return settings with { Algorithm = algorithm, Booster = Apply(settings.Booster, threads), Logistic = logistic };
    }

    // In churn.yaml the settings of both may stand side by side; a flag that does nothing is a mistake.
    private void RefuseOthers(AlgorithmKind algorithm)
    {
        (string Flag, bool IsWritten)[] others = algorithm == AlgorithmKind.Logistic
            ? [("--trees", Trees is not null), ("--learning-rate", LearningRate is not null), ("--max-leaves", MaxLeaves is not null), ("--max-depth", MaxDepth is not null),
                ("--min-rows-in-leaf", MinRowsInLeaf is not null), ("--early-stopping-rounds", EarlyStoppingRounds is not null)]
            : [("--alpha", Alpha is not null), ("--l1-ratio", L1Ratio is not null)];
        if (others.FirstOrDefault(other => other.IsWritten).Flag is { } flag)
            throw PipelineErrors.FlagOfAnotherAlgorithm(flag, algorithm.ToString().ToLowerInvariant());
    }

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
        result.Validate();
        return result;
    }
}

/// <summary>Economics of the offer that the command line gave; null leaves the project's. Meanings and ranges are those of <see cref="DecisionOptions"/>.</summary>
public sealed record DecisionOverrides
{
    /// <summary>What a customer is worth.</summary>
    public double? Value { get; init; }

    /// <summary>Column of the scores that says what each customer is worth.</summary>
    public string? ValueColumn { get; init; }

    /// <summary>Share of contacted churners that stay.</summary>
    public double? SaveRate { get; init; }

    /// <summary>Cost of one contact.</summary>
    public double? Cost { get; init; }

    /// <summary>Most contacts; 0 is no limit.</summary>
    public int? Capacity { get; init; }

    /// <summary>Most to spend.</summary>
    public double? Budget { get; init; }

    /// <summary>File to write.</summary>
    public string? Out { get; init; }

    internal DecisionSettings Apply(DecisionSettings settings) => settings with
    {
        Options = settings.Options with
        {
            Value = Value ?? settings.Options.Value,
            SaveRate = SaveRate ?? settings.Options.SaveRate,
            Cost = Cost ?? settings.Options.Cost,
            Capacity = Capacity ?? settings.Options.Capacity,
            Budget = Budget ?? settings.Options.Budget,
        },
        ValueColumn = ValueColumn ?? settings.ValueColumn,
        Out = Out ?? settings.Out,
    };
}
