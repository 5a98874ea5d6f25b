namespace ChurnEngine.Trainer;

/// <summary>How a forest is grown. The defaults are those of Breiman 2001, with leaves limited so that the model stays of a size to serve.</summary>
public sealed record ForestOptions
{
    /// <summary>Logistic for a 0/1 label, squared error for a number; no other.</summary>
    public ObjectiveKind Objective { get; init; } = ObjectiveKind.Logistic;

    /// <summary>Trees, 1 and up.</summary>
    public int Trees { get; init; } = 300;

    /// <summary>True: each feature of a node is tried at one threshold drawn at random, and every tree sees all rows once (extra trees); false: the best threshold, on a bootstrap of the rows.</summary>
    public bool ExtraTrees { get; init; }

    /// <summary>Most leaves of a tree, 2 to 65,536.</summary>
    public int MaxLeaves { get; init; } = 512;

    /// <summary>Most splits between the root and a leaf; 0 means no limit.</summary>
    public int MaxDepth { get; init; }

    /// <summary>Least rows in a leaf, 1 and up.</summary>
    public int MinRowsInLeaf { get; init; } = 5;

    /// <summary>Most bins of a feature, 2 to 255; one more holds the missing values.</summary>
    public int MaxBins { get; init; } = 255;

    /// <summary>Share of the features that each node sees, above 0 up to 1; null: the square root of their number for a 0/1 label, a third of them for a number.</summary>
    public double? ColumnSampleByNode { get; init; }

    /// <summary>Key of every random choice.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads that work at once, 1 and up. The result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Throws when an option makes no sense.</summary>
    /// <remarks>Errors: CE4007, a <see cref="Columns.ChurnConfigException"/> that names the option and its range.</remarks>
    public void Validate()
    {
        if (Objective is not (ObjectiveKind.Logistic or ObjectiveKind.SquaredError))
            throw TrainerErrors.OptionOutOfRange(nameof(Objective), "logistic or squared_error: a forest averages classes or values", Objective);
        ToBooster(1).Validate();
    }

    /// <summary>What of the booster's options a forest has too, by our names; the others mean nothing to it.</summary>
    public static IReadOnlyList<string> Shared { get; } = ["trees", "max_leaves", "max_depth", "min_rows_in_leaf", "max_bins", "column_sample_by_node", "seed"];

    /// <summary>The defaults under the booster's names, for what the user then sets.</summary>
    public static BoosterOptions Defaults { get; } = new ForestOptions().ToBooster(1) with { ColumnSampleByNode = null };

    /// <summary>A forest with those of its options that the booster's options hold.</summary>
    /// <param name="options"><see cref="Defaults"/>, with what the user set.</param>
    /// <param name="extraTrees">Thresholds at random, all rows in every tree.</param>
    /// <param name="objective">Logistic or squared error.</param>
    public static ForestOptions Of(BoosterOptions options, bool extraTrees, ObjectiveKind objective)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ForestOptions
        {
            Objective = objective,
            ExtraTrees = extraTrees,
            Trees = options.Trees,
            MaxLeaves = options.MaxLeaves,
            MaxDepth = options.MaxDepth,
            MinRowsInLeaf = options.MinRowsInLeaf,
            MaxBins = options.MaxBins,
            ColumnSampleByNode = options.ColumnSampleByNode,
            Seed = options.Seed,
            Threads = options.Threads,
        };
    }

    /// <summary>The options of its trees: unshrunken and unpenalised, so that a leaf is worth the mean of its rows.</summary>
    internal BoosterOptions ToBooster(int features) => new()
    {
        Objective = Objective,
        Trees = Trees,
        LearningRate = 1,
        MaxLeaves = MaxLeaves,
        MaxDepth = MaxDepth,
        MaxBins = MaxBins,
        MinChildWeight = 0,
        MinRowsInLeaf = MinRowsInLeaf,
        // What one tree learns of a rare category by heart, the others average out.
        MinRowsPerCategory = 10,
        L2 = 0,
        ColumnSampleByNode = ColumnSampleByNode ?? Math.Min(1, Objective == ObjectiveKind.Logistic ? Math.Ceiling(Math.Sqrt(features)) / features : 1 / 3.0),
        RandomThresholds = ExtraTrees,
        EarlyStoppingRounds = 0,
        Seed = Seed,
        Threads = Threads,
    };
}
