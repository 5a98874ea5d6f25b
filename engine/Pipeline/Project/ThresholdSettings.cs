using System.Globalization;
using ChurnEngine.Decisions;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Pipeline;

/// <summary>How the threshold of a model is chosen: <c>train: { threshold: ... }</c>.</summary>
/// <param name="Rule">By what.</param>
/// <param name="Per">Categorical feature whose values get thresholds of their own; null for one for all.</param>
public sealed record ThresholdSettings(ThresholdRule Rule, string? Per)
{
    private static readonly string[] s_words = ["f_beta", "precision", "recall", "value", "capacity"];

    // Before the default, whose initialiser reads it.
    /// <summary>What <see cref="Equal"/> can be, the default first.</summary>
    public static IReadOnlyList<string> EqualForms { get; } = ["none", "opportunity", "selection"];

    /// <summary>The best F1, one for all.</summary>
    public static ThresholdSettings Default { get; } = new(new ThresholdRule.ByFBeta(1), null);

    /// <summary>What the thresholds of segments make equal: none of it (each by the rule), opportunity (the recall of all rows) or selection (the share of all rows that is flagged).</summary>
    public string Equal { get; init; } = EqualForms[0];

    /// <summary>How <c>--threshold-by</c> is written.</summary>
    public const string Forms = "f_beta=1, precision=0.8, recall=0.7, capacity=1000, value or value=VALUE,COST,SAVE_RATE";

    /// <summary>Amounts of <c>by: value</c> where it has none of its own: those of <c>decisions:</c>.</summary>
    internal DecisionOptions Economics { get; init; } = new();

    /// <summary>Reads the section.</summary>
    /// <param name="section">train.threshold.</param>
    /// <param name="economics">Those of the section <c>decisions</c>.</param>
    internal static ThresholdSettings Read(ConfigSection section, DecisionOptions economics)
    {
        string by = section.OneOf("by", s_words);
        ThresholdRule rule = by switch
        {
            "precision" => new ThresholdRule.ByPrecision(section.Within("at_least", 0.8, "a number above 0, at most 1", value => value is > 0 and <= 1)),
            "recall" => new ThresholdRule.ByRecall(section.Within("at_least", 0.7, "a number above 0, at most 1", value => value is > 0 and <= 1)),
            "capacity" => new ThresholdRule.ByCapacity(section.AtLeast("contacts", 1, 1000)),
            "value" => new ThresholdRule.ByValue(
                section.Within("value", economics.Value, "an amount above 0", value => value > 0),
                section.Within("cost", economics.Cost, "an amount, 0 and up", value => value >= 0),
                section.Within("save_rate", economics.SaveRate, "a number above 0, at most 1", value => value is > 0 and <= 1)),
            _ => new ThresholdRule.ByFBeta(section.Within("beta", 1, "a number above 0", value => value > 0)),
        };
        var settings = new ThresholdSettings(rule, section.OptionalText("per")) { Economics = economics, Equal = section.OneOf("equal", [.. EqualForms]) };
        if (settings.Equal != EqualForms[0] && settings.Per is null)
            throw section.Unusable("equal", "`per` beside it, with the feature whose values get thresholds of their own");
        section.Close();
        return settings;
    }

    /// <summary>The settings with what the command line gave in their place.</summary>
    /// <param name="by">One of <see cref="Forms"/>; null leaves the rule.</param>
    /// <param name="per">Feature; null leaves it.</param>
    /// <param name="equal">One of <see cref="EqualForms"/>; null leaves it.</param>
    /// <remarks>Errors: <see cref="Columns.ChurnConfigException"/> CE1150, CE1102.</remarks>
    internal ThresholdSettings With(string? by, string? per, string? equal)
    {
        ThresholdSettings settings = this with { Rule = by is null ? Rule : Parse(by, Economics), Per = per ?? Per, Equal = equal ?? Equal };
        return settings.Per is null && settings.Equal != EqualForms[0]
            ? throw PipelineErrors.BadSetting("--threshold-equal", "what is made equal", "--threshold-per beside it, with the feature whose values get thresholds of their own", settings.Equal)
            : settings;
    }

    private static ThresholdRule Parse(string text, DecisionOptions economics)
    {
        string[] sides = text.Split('=', 2, StringSplitOptions.TrimEntries);
        double[]? numbers = sides.Length == 1 ? [] : Numbers(sides[1]);
        return (sides[0], numbers) switch
        {
            ("f_beta", []) => new ThresholdRule.ByFBeta(1),
            ("f_beta", [> 0]) => new ThresholdRule.ByFBeta(numbers[0]),
            ("precision", [> 0 and <= 1]) => new ThresholdRule.ByPrecision(numbers[0]),
            ("recall", [> 0 and <= 1]) => new ThresholdRule.ByRecall(numbers[0]),
            ("capacity", [>= 1 and <= int.MaxValue]) when numbers[0] == Math.Floor(numbers[0]) => new ThresholdRule.ByCapacity((int)numbers[0]),
            ("value", []) => new ThresholdRule.ByValue(economics.Value, economics.Cost, economics.SaveRate),
            ("value", [> 0, >= 0, > 0 and <= 1]) => new ThresholdRule.ByValue(numbers[0], numbers[1], numbers[2]),
            _ => throw PipelineErrors.BadThresholdRule(text),
        };
    }

    private static double[]? Numbers(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        double[] numbers = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
                return null;
        }
        return numbers;
    }
}
