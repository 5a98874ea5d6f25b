using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>The training options that a search may choose, by name, for each algorithm.</summary>
internal static class TunedOptions
{
    private const string Alpha = "alpha", L1Ratio = "l1_ratio";

    // What a search must not choose: what is predicted, how it is judged, and chance itself.
    private static readonly string[] s_never = ["objective", "early_stopping_rounds", "early_stopping_metric", "seed", "monotone_constraints", "interaction_constraints"];

    /// <summary>Our name of an option that can be searched for; null for another.</summary>
    public static string? Find(string name) => name is Alpha or L1Ratio ? name : BoosterOptionTable.Find(name)?.Name is { } own && !s_never.Contains(own) ? own : null;

    /// <summary>True when the option takes this text, and its range allows it beside the defaults.</summary>
    public static bool IsUsable(string name, string text)
    {
        try
        {
            TrainSettings settings = Apply(TrainSettings.Default with { Algorithm = name is Alpha or L1Ratio ? AlgorithmKind.Logistic : AlgorithmKind.Boosting }, new Dictionary<string, string> { [name] = text });
            settings.Booster.Validate();
            settings.Logistic.Validate();
            return true;
        }
        catch (ChurnConfigException)
        {
            return false;
        }
    }

    /// <summary>What an option takes, in words.</summary>
    public static string Expected(string name) => $"values that `{name}` takes, two at least: {BoosterOptionTable.Find(name)?.Expected ?? "numbers in its range"}";

    /// <summary>The options that this algorithm has.</summary>
    public static bool Has(AlgorithmKind algorithm, string name) => algorithm switch
    {
        AlgorithmKind.Logistic => name is Alpha or L1Ratio,
        AlgorithmKind.Forest or AlgorithmKind.ExtraTrees => ForestOptions.Shared.Contains(name),
        _ => BoosterOptionTable.Find(name) is not null,
    };

    /// <summary>Settings with what a search chose in their place.</summary>
    /// <remarks>Errors: CE1115 where an option does not take its text.</remarks>
    public static TrainSettings Apply(TrainSettings settings, IReadOnlyDictionary<string, string> chosen)
    {
        foreach ((string name, string text) in chosen)
            settings = Apply(settings, name, text);
        return settings;
    }

    private static TrainSettings Apply(TrainSettings settings, string name, string text)
    {
        if (settings.Algorithm == AlgorithmKind.Logistic)
            return settings with { Logistic = name == Alpha ? settings.Logistic with { Alpha = Number(name, text) } : settings.Logistic with { L1Ratio = Number(name, text) } };
        BoosterOption option = BoosterOptionTable.Find(name)!;
        BoosterOptions Set(BoosterOptions options) => option.Read(options, text) ?? throw Bad(name, text);
        return settings.Algorithm is AlgorithmKind.Forest or AlgorithmKind.ExtraTrees ? settings with { Forest = Set(settings.Forest) } : settings with { Booster = Set(settings.Booster) };
    }

    private static double Number(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw Bad(name, text);

    private static ChurnConfigException Bad(string name, string text) => PipelineErrors.BadOption(new NamedOption("tune.space", name, text), BoosterOptionTable.Find(name)?.Expected ?? "a number");
}
