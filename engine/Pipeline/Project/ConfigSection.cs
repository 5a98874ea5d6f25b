using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Trainer;
using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Pipeline;

/// <summary>One mapping of churn.yaml, read key by key; a key that nobody asked for is an error with "did you mean".</summary>
internal sealed class ConfigSection
{
    private readonly YamlSource _yaml;
    private readonly YamlMappingNode? _map;
    private readonly string _name;
    private readonly List<string> _asked = [];

    /// <param name="yaml">The file, for errors.</param>
    /// <param name="root">Document root.</param>
    /// <param name="name">Key of the section; absent means all defaults.</param>
    public ConfigSection(YamlSource yaml, YamlMappingNode root, string name)
    {
        (_yaml, _name) = (yaml, name);
        _map = YamlSource.Find(root, name) is { } node ? yaml.Mapping(node, $"`{name}`") : null;
    }

    private ConfigSection(string name, YamlSource yaml, YamlMappingNode? map) => (_yaml, _map, _name) = (yaml, map, name);

    /// <summary>True when the file has this section.</summary>
    public bool IsThere => _map is not null;

    /// <summary>The keys of the section, in the order written.</summary>
    public IReadOnlyList<string> Keys => _map is null ? [] : [.. _yaml.Entries(_map).Select(entry => entry.Name)];

    /// <summary>A mapping within this one, to be read and closed by itself.</summary>
    public ConfigSection Nested(string key) =>
        new($"{_name}.{key}", _yaml, Find(key) is { } node ? _yaml.Mapping(node, $"`{_name}.{key}`") : null);

    /// <summary>The mappings of a list, each to be read and closed by itself; empty when the key is absent.</summary>
    public IReadOnlyList<ConfigSection> Items(string key) => Find(key) is { } node
        ? [.. _yaml.Sequence(node, $"`{_name}.{key}`").Select((item, index) => new ConfigSection($"{_name}.{key}[{index}]", _yaml, _yaml.Mapping(item, $"an item of `{_name}.{key}`")))]
        : [];

    /// <summary>True when the key has a mapping.</summary>
    public bool IsMapping(string key) => Find(key) is YamlMappingNode;

    /// <summary>True when the key has a list.</summary>
    public bool IsList(string key) => Find(key) is YamlSequenceNode;

    /// <summary>Refuses what stands at a key.</summary>
    /// <param name="key">The key, which is there.</param>
    /// <param name="expected">What would make sense.</param>
    public ChurnConfigException Unusable(string key, string expected) =>
        PipelineErrors.BadSetting(_yaml.At(Find(key)!).ToString(), $"{_name}.{key}", expected, OneLine(Find(key)!, $"`{key}`"));

    /// <summary>Where a key stands, for an error.</summary>
    public string At(string key) => _yaml.At(Find(key)!).ToString();

    /// <summary>Where the section itself stands, for an error; its name when the file has none.</summary>
    public string Place => _map is null ? _name : _yaml.At(_map).ToString();

    public bool Flag(string key, bool fallback) => Parse(key, fallback, "true or false", text => bool.TryParse(text, out bool value) ? value : null);

    public int Int(string key, int fallback) => Parse(key, fallback, "a whole number", text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null);

    public double Number(string key, double fallback) => Parse(key, fallback, "a number", text =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null);

    /// <summary>A number that passes a test.</summary>
    public double Within(string key, double fallback, string expected, Func<double, bool> test) => Parse(key, fallback, expected, text =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && test(value) ? value : null);

    public int AtLeast(string key, int least, int fallback) => Parse(key, fallback, $"a whole number, {least} and up", text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least ? value : null);

    /// <summary>A number from 0 to 1.</summary>
    public double Share(string key, double fallback) => Parse(key, fallback, "a number from 0 to 1", text =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 0 and <= 1 ? value : null);

    public double? OptionalNumber(string key) => Find(key) is null ? null : Number(key, 0);

    public int? OptionalAtLeast(string key, int least) => Find(key) is null ? null : AtLeast(key, least, least);

    public double? OptionalShare(string key) => Find(key) is null ? null : Share(key, 0);

    public ulong Seed(string key, ulong fallback) => Parse(key, fallback, "a whole number, 0 and up", text =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : null);

    /// <summary>One of some words; the first stands where nothing is written.</summary>
    public string OneOf(string key, params ReadOnlySpan<string> words)
    {
        if (Find(key) is not { } node)
            return words[0];
        string text = _yaml.Text(node, $"`{key}`");
        return words.Contains(text) ? text : throw Bad(node, key, string.Join(" or ", words.ToArray()));
    }

    public string Text(string key, string fallback) => Find(key) is { } node ? _yaml.Text(node, $"`{key}`") : fallback;

    public string? OptionalText(string key) => Find(key) is { } node ? _yaml.Text(node, $"`{key}`") : null;

    public IReadOnlyList<string> List(string key) =>
        Find(key) is { } node ? [.. _yaml.Sequence(node, $"`{key}`").Select(item => _yaml.Text(item, $"an item of `{key}`"))] : [];

    /// <summary>The entries of a mapping, in the order written; null when the key is absent.</summary>
    public IReadOnlyList<(string Name, string Value)>? Entries(string key) => Find(key) is { } node
        ? [.. _yaml.Entries(_yaml.Mapping(node, $"`{key}`")).Select(entry => (entry.Name, _yaml.Text(entry.Value, $"`{key}.{entry.Name}`")))]
        : null;

    /// <summary>A span of time such as 24h or 30m.</summary>
    public TimeSpan Span(string key, TimeSpan fallback) => Find(key) is { } node ? TimeSpan.FromMicroseconds(_yaml.DurationOf(node, $"`{key}`")) : fallback;

    public long? Instant(string key) => Find(key) is { } node
        ? InstantText.TryParse(_yaml.Text(node, $"`{key}`"), out long micros) ? micros : throw Bad(node, key, "an instant such as 2024-12-31 or 2024-12-31T06:00:00Z")
        : null;

    /// <summary>Every option of the booster, under any of its names.</summary>
    public BoosterOptions Booster(BoosterOptions options)
    {
        foreach (BoosterOption option in BoosterOptionTable.All)
        {
            (string Name, YamlNode Node)[] written = [.. option.Aliases.Prepend(option.Name).Select(name => (name, node: Find(name))).Where(entry => entry.node is not null).Select(entry => (entry.name, entry.node!))];
            if (written.Length > 1)
                throw PipelineErrors.OptionTwice(_yaml.At(written[1].Node).ToString(), (written[0].Name, written[1].Name), option.Name);
            if (written.Length == 0)
                continue;
            (string key, YamlNode value) = written[0];
            string text = option.TakesYaml ? OneLine(value, $"`{key}`") : _yaml.Text(value, $"`{key}`");
            options = option.Read(options, text) ?? throw PipelineErrors.BadSetting(_yaml.At(value).ToString(), $"{_name}.{key}", option.Expected, text);
        }
        return options;
    }

    /// <summary>Refuses a key that would mean nothing here.</summary>
    /// <param name="key">The key.</param>
    /// <param name="expected">What would make sense.</param>
    public void Refuse(string key, string expected)
    {
        if (Find(key) is { } node)
            throw Bad(node, key, expected);
    }

    /// <summary>To be called last: refuses keys that were never asked for.</summary>
    public void Close()
    {
        if (_map is not null)
            _yaml.OnlyKeys(_map, $"`{_name}`", _asked);
    }

    private T Parse<T>(string key, T fallback, string expected, Func<string, T?> parse) where T : struct =>
        Find(key) is { } node ? parse(_yaml.Text(node, $"`{key}`")) ?? throw Bad(node, key, expected) : fallback;

    // Mappings and lists as an option reads them: 0: 1, 1: 3 or [[a, b], [c]].
    private string OneLine(YamlNode value, string what) => value switch
    {
        YamlMappingNode map => string.Join(", ", _yaml.Entries(map).Select(entry => $"{entry.Name}: {_yaml.Text(entry.Value, $"{what[..^1]}.{entry.Name}`")}")),
        YamlSequenceNode => $"[{string.Join(", ", _yaml.Sequence(value, what).Select(item => OneLine(item, what)))}]",
        _ => _yaml.Text(value, what),
    };

    private YamlNode? Find(string key)
    {
        if (!_asked.Contains(key))
            _asked.Add(key);
        return _map is null ? null : YamlSource.Find(_map, key);
    }

    private ChurnConfigException Bad(YamlNode node, string key, string expected) =>
        PipelineErrors.BadSetting(_yaml.At(node).ToString(), $"{_name}.{key}", expected, _yaml.Text(node, key));
}
