using System.Globalization;
using ChurnEngine.Features;
using ChurnEngine.Registry;
using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Pipeline;

/// <summary>Where models and runs are kept, and what a promotion must pass: the sections <c>registry</c>, <c>gates</c> and <c>runs</c>.</summary>
/// <param name="Folder">The registry.</param>
/// <param name="IsConfigured">Whether <c>registry</c> is written: then every training registers its model.</param>
/// <param name="Runs">Folder of the runs.</param>
/// <param name="Mlflow">Folder in MLflow's layout; null for none.</param>
public sealed record RegistrySettings(string Folder, bool IsConfigured, string Runs, string? Mlflow)
{
    /// <summary>Name of the registry's folder where nothing is said.</summary>
    public const string DefaultFolder = "registry";

    /// <summary>Name of the folder of runs where nothing is said.</summary>
    public const string DefaultRuns = "runs";

    private const string Better = ChampionGate.GateName, Resamples = "resamples", Seed = "seed";

    internal static IReadOnlyList<string> Sections { get; } = ["registry", "gates", "runs"];

    /// <summary>Conditions for production and champion.</summary>
    public GateOptions Gates { get; init; } = new();

    /// <summary>Conditions for staging.</summary>
    public GateOptions StagingGates { get; init; } = new();

    /// <summary>Conditions for an alias; a challenger has none.</summary>
    public GateOptions GatesOf(string alias) => alias switch
    {
        AliasName.Production or AliasName.Champion => Gates,
        AliasName.Staging => StagingGates,
        _ => new GateOptions(),
    };

    /// <summary>Whether a promotion to an alias is compared with the champion, which takes data.</summary>
    public bool ComparesFor(string alias) => GatesOf(alias).BetterThanChampion;

    internal static RegistrySettings Read(YamlSource yaml, YamlMappingNode root, string folder)
    {
        string? registry = yaml.FindText(root, "registry");
        (string runs, string? mlflow) = ReadRuns(yaml, YamlSource.Find(root, "runs"));
        (GateOptions gates, GateOptions staging) = YamlSource.Find(root, "gates") is { } node ? ReadGates(yaml, yaml.Mapping(node, "`gates`"), "gates", mayHaveStaging: true) : (new(), new());
        return new RegistrySettings(Path.GetFullPath(registry ?? DefaultFolder, folder), registry is not null, Path.GetFullPath(runs, folder), mlflow is null ? null : Path.GetFullPath(mlflow, folder))
        {
            Gates = gates,
            StagingGates = staging,
        };
    }

    // One word is the folder; a mapping may name MLflow's too.
    private static (string Folder, string? Mlflow) ReadRuns(YamlSource yaml, YamlNode? node)
    {
        if (node is null or YamlScalarNode)
            return (node is null ? DefaultRuns : yaml.Text(node, "`runs`"), null);
        YamlMappingNode map = yaml.Mapping(node, "`runs`");
        yaml.OnlyKeys(map, "`runs`", "folder", "mlflow");
        return (yaml.FindText(map, "folder") ?? DefaultRuns, yaml.FindText(map, "mlflow"));
    }

    private static (GateOptions Gates, GateOptions Staging) ReadGates(YamlSource yaml, YamlMappingNode map, string section, bool mayHaveStaging)
    {
        yaml.OnlyKeys(map, $"`{section}`", [.. GateOptions.Metrics, Better, Resamples, Seed, .. mayHaveStaging ? [AliasName.Staging] : Array.Empty<string>()]);
        var limits = new List<MetricLimit>();
        var options = new GateOptions();
        GateOptions staging = new();
        foreach ((string key, YamlNode at, YamlNode value) in yaml.Entries(map))
        {
            if (key == AliasName.Staging)
                staging = ReadGates(yaml, yaml.Mapping(value, $"`{section}.{key}`"), $"{section}.{key}", mayHaveStaging: false).Gates;
            else if (key == Better)
                options = options with { BetterThanChampion = yaml.Flag(value, $"`{section}.{key}`") };
            else if (key == Resamples)
                options = options with { Bootstrap = options.Bootstrap with { Resamples = (int)Number(yaml, at, value, $"{section}.{key}", "a whole number from 100 to 100000", number => number is >= 100 and <= 100_000 && number == Math.Floor(number)) } };
            else if (key == Seed)
                options = options with { Bootstrap = options.Bootstrap with { Seed = (long)Number(yaml, at, value, $"{section}.{key}", "a whole number, 0 and up", number => number >= 0 && number == Math.Floor(number)) } };
            else
                limits.Add(GateOptions.LimitOf(key, Number(yaml, at, value, $"{section}.{key}", "a number", _ => true)));
        }
        return (options with { Limits = limits }, staging);
    }

    private static double Number(YamlSource yaml, YamlNode at, YamlNode value, string key, string expected, Func<double, bool> fits)
    {
        string text = yaml.Text(value, $"`{key}`");
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && fits(number) ? number : throw PipelineErrors.BadSetting(yaml.At(at).ToString(), key, expected, text);
    }
}
