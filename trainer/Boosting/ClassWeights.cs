using System.Globalization;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>How much rows of each class count in training, beside their own weights.</summary>
/// <remarks>They move the margins, not the truth: what is calibrated and measured on is weighed without them.</remarks>
public sealed record ClassWeights
{
    /// <summary>How it is written.</summary>
    internal const string Form = "balanced, or { 0: 1, 1: 3 } with finite weights, 0 and up";

    private ClassWeights()
    {
    }

    /// <summary>Both classes get the same sum of weights, and all rows together the sum they had: W / (2 W of the class).</summary>
    public static ClassWeights Balanced { get; } = new() { IsBalanced = true };

    /// <summary>True when the training rows say the weights.</summary>
    public bool IsBalanced { get; private init; }

    /// <summary>Weight of label 0 unless balanced.</summary>
    public double Negative { get; private init; } = 1;

    /// <summary>Weight of label 1 unless balanced.</summary>
    public double Positive { get; private init; } = 1;

    /// <summary>Weights as given.</summary>
    /// <param name="negative">Of label 0, finite, 0 and up.</param>
    /// <param name="positive">Of label 1, finite, 0 and up.</param>
    /// <remarks>Errors: <see cref="ArgumentOutOfRangeException"/>.</remarks>
    public static ClassWeights Of(double negative, double positive)
    {
        RequireWeight(negative, nameof(negative));
        RequireWeight(positive, nameof(positive));
        return new ClassWeights { Negative = negative, Positive = positive };
    }

    /// <summary>Reads <c>balanced</c> or <c>0: 1, 1: 3</c>, with or without braces; null when it is neither.</summary>
    public static ClassWeights? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "balanced")
            return Balanced;
        double?[] weights = new double?[2];
        foreach (string entry in text.Trim('{', '}', ' ').Split(','))
        {
            string[] parts = entry.Split(':', StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || parts[0] is not ("0" or "1") || weights[parts[0][0] - '0'] is not null
                || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) || !(weight >= 0 && double.IsFinite(weight)))
                return null;
            weights[parts[0][0] - '0'] = weight;
        }
        return Of(weights[0] ?? 1, weights[1] ?? 1);
    }

    /// <summary>What <see cref="TryParse"/> reads.</summary>
    public override string ToString() => IsBalanced ? "balanced" : string.Create(CultureInfo.InvariantCulture, $"0: {Negative}, 1: {Positive}");

    /// <summary>Throws when the options weigh classes that the objective does not know.</summary>
    /// <remarks>Errors: CE4007.</remarks>
    internal static void RequireFit(BoosterOptions options, IObjective objective)
    {
        if (objective.Link == OutputLink.Sigmoid)
            return;
        if (options.ClassWeight is { } weights)
            throw TrainerErrors.OptionOutOfRange(nameof(options.ClassWeight), $"nothing beside objective {objective.Name}, which knows no classes", weights);
        if (options.ScalePosWeight != 1)
            throw TrainerErrors.OptionOutOfRange(nameof(options.ScalePosWeight), $"1, its default, beside objective {objective.Name}, which knows no classes", options.ScalePosWeight);
    }

    /// <summary>Rows with the weights of their classes.</summary>
    /// <param name="rows">Labels are 0 or 1, weights are checked.</param>
    /// <param name="factors">Weight of label 0 and of label 1.</param>
    /// <remarks>Memory: 4 bytes a row.</remarks>
    internal static LabelledRows Apply(LabelledRows rows, (double Negative, double Positive) factors)
    {
        float[] weights = new float[rows.Labels.Length];
        for (int row = 0; row < weights.Length; row++)
            weights[row] = (float)((rows.Weights.IsEmpty ? 1 : rows.Weights.Span[row]) * (rows.Labels.Span[row] == 1 ? factors.Positive : factors.Negative));
        return rows with { Weights = weights };
    }

    /// <summary>Weight of label 0 and of label 1; null when nothing was asked for.</summary>
    internal static (double Negative, double Positive)? FactorsOf(BoosterOptions options, LabelledRows train)
    {
        if (options.ScalePosWeight != 1)
            return (1, options.ScalePosWeight);
        if (options.ClassWeight is not { } asked)
            return null;
        if (!asked.IsBalanced)
            return (asked.Negative, asked.Positive);
        double all = 0, positive = 0;
        for (int row = 0; row < train.Labels.Length; row++)
        {
            double weight = train.Weights.IsEmpty ? 1 : train.Weights.Span[row];
            all += weight;
            positive += train.Labels.Span[row] == 1 ? weight : 0;
        }
        return (all / (2 * (all - positive)), all / (2 * positive));
    }

    private static void RequireWeight(double weight, string name)
    {
        if (!(weight >= 0 && double.IsFinite(weight)))
            throw new ArgumentOutOfRangeException(name, weight, "a weight is finite, 0 and up");
    }
}
