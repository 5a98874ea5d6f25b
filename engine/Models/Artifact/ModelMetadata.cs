using System.Text.Json.Serialization;
using ChurnEngine.Columns;

namespace ChurnEngine.Models;

/// <summary>What a model predicts.</summary>
public enum ModelTask
{
    /// <summary>The probability that a label is 1.</summary>
    Classification,
    /// <summary>The value of a label that is a number.</summary>
    Regression,
}

/// <summary>All that a model says of itself, beside what it computes; kept in the ONNX file's metadata properties.</summary>
public sealed record ModelMetadata
{
    /// <summary>Name given by the user, for example "churn".</summary>
    public string ModelName { get; init; } = "churn";

    /// <summary>What it predicts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ModelTask Task { get; init; }

    /// <summary>How a regression's value comes from the sum of its trees: <see cref="OutputLink.Identity"/> or <see cref="OutputLink.Exp"/>. A classifier's sigmoid belongs to its calibration and is not said here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public OutputLink Link { get; init; }

    /// <summary>Engine version that trained it.</summary>
    public string EngineVersion { get; init; } = "";

    /// <summary>The plan as canonical YAML, categories frozen; compiling it again gives the same features.</summary>
    public string Plan { get; init; } = "";

    /// <summary>SHA-256 of the compiled plan, hexadecimal.</summary>
    public string PlanHash { get; init; } = "";

    /// <summary>The F features in input order.</summary>
    public IReadOnlyList<FeatureInfo> Features { get; init; } = [];

    /// <summary>As-of instants of the training snapshots, microseconds since 1970 UTC; empty for a plain table.</summary>
    public IReadOnlyList<long> TrainingAsOf { get; init; } = [];

    /// <summary>Instant, microseconds since 1970 UTC, at which the labels were counted that trees, calibration and threshold were chosen by: a snapshot as of it or later is new to the model.
    /// 0 of a plain table, and of a model of an older engine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long KnownThrough { get; init; }

    /// <summary>Rows it was trained on.</summary>
    public long TrainingRows { get; init; }

    /// <summary>Share of positives among them, 0..1; 0 of a regression.</summary>
    public double TrainingPositiveRate { get; init; }

    /// <summary>Mean of a regression's labels among them: what a naive model predicts for everybody; 0 of a classifier.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double TrainingMean { get; init; }

    /// <summary>Metrics at training time by name, such as "test.roc_auc".</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Probability from which a customer counts as a churner, 0..1; of a classifier.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>How <see cref="Threshold"/> was chosen, and the thresholds of single segments; null where nobody said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ThresholdRecord? ThresholdRule { get; init; }

    /// <summary>How probabilities were calibrated: "none", "platt", "beta" or "isotonic". Decisions refuse "none".</summary>
    public string CalibrationMethod { get; init; } = "none";

    /// <summary>How that method was chosen, and what it did; null where nobody said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CalibrationRecord? Calibration { get; init; }

    /// <summary>How groups of customers were treated on the rows that tested it; null where no groups were configured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FairnessRecord>? Fairness { get; init; }

    /// <summary>Loss by round of boosting; null of another model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LearningCurve? LearningCurve { get; init; }

    /// <summary>Options of the trainer, by name.</summary>
    public IReadOnlyDictionary<string, string> TrainerOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Distribution of each feature at training, in feature order, for drift.</summary>
    public IReadOnlyList<FeatureDistribution> Distributions { get; init; } = [];

    /// <summary>Distribution of the outputs over the rows that the model was calibrated on, or stopped on; null where nobody said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScoreDistribution? Scores { get; init; }

    /// <summary>How much each feature did in training, in feature order; empty of a model that is no sum of trees.</summary>
    public IReadOnlyList<FeatureImportance> Importance { get; init; } = [];

    /// <summary>What a linear model learnt, on the features' own scale: the intercept first, then those that are not 0, in feature order; empty of another.</summary>
    public IReadOnlyList<ModelCoefficient> Coefficients { get; init; } = [];
}

/// <summary>What the splits on one feature did in training.</summary>
/// <param name="Gain">Sum of their gains: the change of the sum over leaves of G^2 / (H + L2), so twice what the objective lost; 0 and up.</param>
/// <param name="Splits">How many there are in the trees that were kept.</param>
public readonly record struct FeatureImportance(double Gain, long Splits);

/// <summary>One coefficient of a linear model.</summary>
/// <param name="Feature">Name of the feature; <see cref="InterceptName"/> for the intercept.</param>
/// <param name="Level">Empty for a number; else the category, <see cref="OtherLevel"/> for the rare ones together, or <see cref="MissingLevel"/>.</param>
/// <param name="Value">Log-odds for one unit more, or for being of that level.</param>
/// <param name="PerDeviation">Log-odds for one standard deviation more of that column over the training rows: what can be compared; 0 of the intercept.</param>
public sealed record ModelCoefficient(string Feature, string Level, double Value, double PerDeviation)
{
    /// <summary>What the intercept is called: the margin of a row whose numbers are all 0 and that is of no level.</summary>
    public const string InterceptName = "(intercept)";

    /// <summary>Categories that were too rare in training for a coefficient of their own.</summary>
    public const string OtherLevel = "(other)";

    /// <summary>No value.</summary>
    public const string MissingLevel = "(missing)";
}

/// <summary>How one feature was distributed over the training rows.</summary>
/// <param name="UpperEdges">[B - 1] ascending upper edges of the numeric bins (the last is open); empty for a categorical feature, whose bins are its codes.</param>
/// <param name="Shares">[B] share of all training rows in each bin, 0..1; with the missing share they sum to 1.</param>
/// <param name="MissingShare">Share of rows that were NaN, 0..1.</param>
public sealed record FeatureDistribution(float[] UpperEdges, double[] Shares, double MissingShare)
{
    /// <summary>Median of a numeric feature's values, of a sample where there are many; null of a categorical one, without a value, and of a model of an older engine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Median { get; init; }

    /// <summary>Standard deviation of the same values, 0 and up; null as <see cref="Median"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Deviation { get; init; }
}

/// <summary>Rows with the outputs that the model gave for them at export; they must reproduce wherever the model runs.</summary>
/// <param name="Rows">[N * F] row-major values.</param>
/// <param name="Predicted">[N] expected probability of a classifier, value of a regression.</param>
/// <param name="Margin">[N] expected margin; of a regression the value again, whatever its link.</param>
public sealed record GoldenRows(float[] Rows, float[] Predicted, float[] Margin);
