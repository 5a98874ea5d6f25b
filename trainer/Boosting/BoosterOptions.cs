namespace ChurnEngine.Trainer;

/// <summary>How a booster is trained. The defaults suit churn tables of ten thousand to ten million rows.</summary>
public sealed record BoosterOptions
{
    /// <summary>What is minimised; null: what is usual for the label, which is logistic here and squared error where a project's label is a number.</summary>
    public ObjectiveKind? Objective { get; init; }

    /// <summary>Most trees, 1 and up; early stopping may keep fewer.</summary>
    public int Trees { get; init; } = 500;

    /// <summary>Shrinkage of each tree's leaf values, above 0 up to 1.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>Most leaves of a tree, 2 to 65,536.</summary>
    public int MaxLeaves { get; init; } = 31;

    /// <summary>Most splits between the root and a leaf; 0 means no limit.</summary>
    public int MaxDepth { get; init; }

    /// <summary>Which leaf is split next.</summary>
    public GrowthPolicy Growth { get; init; } = GrowthPolicy.LeafWise;

    /// <summary>Most bins of a feature, 2 to 255; one more holds the missing values.</summary>
    public int MaxBins { get; init; } = 255;

    /// <summary>Least sum of hessians in a leaf, 0 and up.</summary>
    public double MinChildWeight { get; init; } = 1e-3;

    /// <summary>Least training rows in a leaf, 1 and up.</summary>
    public int MinRowsInLeaf { get; init; } = 20;

    /// <summary>L1 penalty on leaf values, 0 and up.</summary>
    public double L1 { get; init; }

    /// <summary>L2 penalty on leaf values, 0 and up.</summary>
    public double L2 { get; init; } = 1;

    /// <summary>Gain that a split must exceed, 0 and up: the change of the sum over leaves of G^2 / (H + L2).</summary>
    public double MinGain { get; init; }

    /// <summary>Largest absolute leaf value before shrinkage; 0 means no limit, and 0.7 with the Poisson objective.</summary>
    public double MaxDeltaStep { get; init; }

    /// <summary>Share of the rows that each tree sees, above 0 up to 1.</summary>
    public double RowSample { get; init; } = 1;

    /// <summary>Share of the features that each tree sees, above 0 up to 1.</summary>
    public double ColumnSample { get; init; } = 1;

    /// <summary>Share of those that each level of a tree sees, above 0 up to 1.</summary>
    public double ColumnSampleByLevel { get; init; } = 1;

    /// <summary>Share of those that each node sees, above 0 up to 1; null: all of them, and in a forest as many as suits it.</summary>
    public double? ColumnSampleByNode { get; init; }

    /// <summary>Share of the rows, those of the largest gradients, that each tree sees beside a sample of the others (GOSS); 0: off.</summary>
    public double GossTopRate { get; init; }

    /// <summary>Share of the rows that is drawn from the others when <see cref="GossTopRate"/> is set; they count for all of them.</summary>
    public double GossOtherRate { get; init; } = 0.1;

    /// <summary>Features in which the margin may only rise or fall; null: none.</summary>
    public MonotoneConstraints? MonotoneConstraints { get; init; }

    /// <summary>Features that may stand together on a path; null: all.</summary>
    public InteractionConstraints? InteractionConstraints { get; init; }

    /// <summary>Most categories that a categorical split names, 1 and up.</summary>
    public int MaxCategoriesPerSplit { get; init; } = 32;

    /// <summary>Categories with fewer rows than this in a node, and groups of them, are not split off there, 1 and up; four rows for each category of the feature are enough.</summary>
    public int MinRowsPerCategory { get; init; } = 100;

    /// <summary>Hessian added to each category before categories are ordered by their mean gradient, 0 and up.</summary>
    public double CategorySmoothing { get; init; } = 10;

    /// <summary>Weights of the classes in training, beside those of the rows; null: none. Of an objective that predicts a probability.</summary>
    public ClassWeights? ClassWeight { get; init; }

    /// <summary>Weight of label 1 in training, above 0; instead of <see cref="ClassWeight"/>.</summary>
    public double ScalePosWeight { get; init; } = 1;

    /// <summary>Power of the mean that the variance grows as, above 1 and below 2, for objective and metric.</summary>
    public double TweedieVariancePower { get; init; } = 1.5;

    /// <summary>Which quantile, above 0 and below 1, for objective and metric.</summary>
    public double QuantileAlpha { get; init; } = 0.5;

    /// <summary>How little rows count that are clear already, 0 and up; of the focal objective.</summary>
    public double FocalGamma { get; init; } = Focal.DefaultGamma;

    /// <summary>Weight of a positive, above 0 and below 1; of the focal objective.</summary>
    public double FocalAlpha { get; init; } = Focal.DefaultAlpha;

    /// <summary>What early stopping watches on the validation rows.</summary>
    public MetricKind EarlyStoppingMetric { get; init; } = MetricKind.Loss;

    /// <summary>Rounds without a better value of that after which training stops; 0 trains all trees and keeps them.</summary>
    public int EarlyStoppingRounds { get; init; } = 50;

    /// <summary>Whether a node tries one threshold of each numeric feature, drawn at random, instead of all.</summary>
    public bool RandomThresholds { get; init; }

    /// <summary>Whether trees are grown on gradients of 13 bits and hessians of 10, rounded at random; else on all the bits of a float32, which takes longer and is no more accurate.</summary>
    public bool QuantizedGradients { get; init; } = true;

    /// <summary>Key of every random choice.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads that work at once, 1 and up. The result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Throws when an option makes no sense.</summary>
    /// <remarks>Errors: CE4007, a <see cref="Columns.ChurnConfigException"/> that names the option and its range.</remarks>
    public void Validate()
    {
        AtLeast(nameof(Trees), Trees, 1);
        Share(nameof(LearningRate), LearningRate);
        AtLeast(nameof(MaxLeaves), MaxLeaves, 2);
        AtMost(nameof(MaxLeaves), MaxLeaves, 65_536);
        AtLeast(nameof(MaxDepth), MaxDepth, 0);
        AtLeast(nameof(MaxBins), MaxBins, 2);
        AtMost(nameof(MaxBins), MaxBins, 255);
        NotNegative(nameof(MinChildWeight), MinChildWeight);
        AtLeast(nameof(MinRowsInLeaf), MinRowsInLeaf, 1);
        NotNegative(nameof(L1), L1);
        NotNegative(nameof(L2), L2);
        NotNegative(nameof(MinGain), MinGain);
        NotNegative(nameof(MaxDeltaStep), MaxDeltaStep);
        Share(nameof(RowSample), RowSample);
        Share(nameof(ColumnSample), ColumnSample);
        Share(nameof(ColumnSampleByLevel), ColumnSampleByLevel);
        Share(nameof(ColumnSampleByNode), ColumnSampleByNode ?? 1);
        NotNegative(nameof(GossTopRate), GossTopRate);
        Share(nameof(GossOtherRate), GossOtherRate);
        if (GossTopRate > 0 && GossTopRate + GossOtherRate > 1)
            throw TrainerErrors.OptionOutOfRange(nameof(GossOtherRate), "with goss_top_rate at most 1", GossOtherRate);
        if (GossTopRate > 0 && RowSample < 1)
            throw TrainerErrors.OptionOutOfRange(nameof(RowSample), "1 where goss_top_rate samples the rows", RowSample);
        AtLeast(nameof(MaxCategoriesPerSplit), MaxCategoriesPerSplit, 1);
        AtLeast(nameof(MinRowsPerCategory), MinRowsPerCategory, 1);
        NotNegative(nameof(CategorySmoothing), CategorySmoothing);
        AtLeast(nameof(EarlyStoppingRounds), EarlyStoppingRounds, 0);
        AtLeast(nameof(Threads), Threads, 1);
        if (!(ScalePosWeight > 0 && double.IsFinite(ScalePosWeight)))
            throw TrainerErrors.OptionOutOfRange(nameof(ScalePosWeight), "a finite number above 0", ScalePosWeight);
        if (ScalePosWeight != 1 && ClassWeight is not null)
            throw TrainerErrors.OptionOutOfRange(nameof(ScalePosWeight), "1, its default, beside class_weight", ScalePosWeight);
        Between(nameof(TweedieVariancePower), TweedieVariancePower, 1, 2);
        Between(nameof(QuantileAlpha), QuantileAlpha, 0, 1);
        NotNegative(nameof(FocalGamma), FocalGamma);
        Between(nameof(FocalAlpha), FocalAlpha, 0, 1);
        if (Objective is { } objective && !Enum.IsDefined(objective))
            throw TrainerErrors.OptionOutOfRange(nameof(Objective), string.Join(" or ", BoosterValues.Objectives), objective);
        if (!Enum.IsDefined(EarlyStoppingMetric))
            throw TrainerErrors.OptionOutOfRange(nameof(EarlyStoppingMetric), string.Join(" or ", BoosterValues.Metrics), EarlyStoppingMetric);
        if (!Enum.IsDefined(Growth))
            throw TrainerErrors.OptionOutOfRange(nameof(Growth), string.Join(" or ", BoosterValues.Growth), Growth);
    }

    /// <summary>Throws when the metric or the class weights do not fit the objective that is named; an objective of one's own is asked in <see cref="Booster.Fit(BoosterInputs, BoosterOptions, IProgress{Columns.StepProgress}, CancellationToken)"/>.</summary>
    /// <remarks>Errors: CE4007.</remarks>
    public void ValidateObjective()
    {
        IObjective objective = ObjectiveChoice.Of(this);
        MetricChoice.Of(this, objective);
        ClassWeights.RequireFit(this, objective);
    }

    private static void AtLeast(string option, int value, int least)
    {
        if (value < least)
            throw TrainerErrors.OptionOutOfRange(option, $"{least} or more", value);
    }

    private static void AtMost(string option, int value, int most)
    {
        if (value > most)
            throw TrainerErrors.OptionOutOfRange(option, $"at most {most}", value);
    }

    // Written so that a NaN fails too.
    private static void Share(string option, double value)
    {
        if (!(value > 0 && value <= 1))
            throw TrainerErrors.OptionOutOfRange(option, "above 0 up to 1", value);
    }

    private static void Between(string option, double value, double low, double high)
    {
        if (!(value > low && value < high))
            throw TrainerErrors.OptionOutOfRange(option, $"above {low} and below {high}", value);
    }

    private static void NotNegative(string option, double value)
    {
        if (!(value >= 0 && double.IsFinite(value)))
            throw TrainerErrors.OptionOutOfRange(option, "a finite number, 0 and up", value);
    }
}
