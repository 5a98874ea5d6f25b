using ChurnEngine.Decisions;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Settings of the booster that the command line gave; null leaves the project's. Meanings and ranges are those of <see cref="BoosterOptions"/>.</summary>
public sealed record TrainOverrides
{
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
