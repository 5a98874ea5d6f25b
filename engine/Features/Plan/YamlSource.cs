using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Features;

/// <summary>Reads YAML nodes with errors that name file and line.</summary>
internal sealed class YamlSource(string file)
{
    public static YamlMappingNode Load(string yaml, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException error)
        {
            throw FeaturesErrors.Syntax(new Mark(file, error.Start.Line), $"this is not YAML: {error.Message}", "quote values that contain : or #, and indent with spaces");
        }
        return stream.Documents.Count > 0 && stream.Documents[0].RootNode is YamlMappingNode root
            ? root
            : throw FeaturesErrors.Syntax(new Mark(file, 1), "expected keys such as entity, tables, features and label");
    }

    public Mark At(YamlNode node) => new(file, node.Start.Line);

    public YamlMappingNode Mapping(YamlNode node, string what) =>
        node as YamlMappingNode ?? throw FeaturesErrors.Syntax(At(node), $"{what} must be a mapping, `{{ key: value, ... }}`");

    public YamlSequenceNode Sequence(YamlNode node, string what) =>
        node as YamlSequenceNode ?? throw FeaturesErrors.Syntax(At(node), $"{what} must be a list, `[a, b]`");

    public string Text(YamlNode node, string what) =>
        node is YamlScalarNode { Value: { } text } ? text : throw FeaturesErrors.Syntax(At(node), $"{what} must be a single value");

    public static YamlNode? Find(YamlMappingNode mapping, string key) =>
        mapping.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode { Value: { } name } && name == key).Value;

    public string? FindText(YamlMappingNode mapping, string key) => Find(mapping, key) is { } node ? Text(node, $"`{key}`") : null;

    public string NeedText(YamlMappingNode mapping, string key, string hint) =>
        FindText(mapping, key) is { Length: > 0 } text ? text : throw FeaturesErrors.Missing(At(mapping), $"`{key}`", hint);

    public void OnlyKeys(YamlMappingNode mapping, string what, params IReadOnlyList<string> known)
    {
        foreach (YamlNode key in mapping.Children.Keys)
        {
            string name = Text(key, "a key");
            if (!known.Contains(name))
                throw FeaturesErrors.UnknownName(At(key), $"key of {what}", name, known);
        }
    }

    public IEnumerable<(string Name, YamlNode Key, YamlNode Value)> Entries(YamlMappingNode mapping) =>
        mapping.Children.Select(pair => (Text(pair.Key, "a key"), pair.Key, pair.Value));

    /// <summary>True or false, as YAML 1.2 writes them.</summary>
    public bool Flag(YamlNode node, string what) => Text(node, what) switch
    {
        "true" => true,
        "false" => false,
        string other => throw FeaturesErrors.Syntax(At(node), $"{what} must be true or false and not '{other}'"),
    };

    public long DurationOf(YamlNode node, string what) =>
        Duration.TryParse(Text(node, what), out long micros) ? micros : throw FeaturesErrors.Syntax(At(node), $"{what} is no duration such as 30d or 12h");
}
