using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Features;

/// <summary>Reads YAML nodes with errors that name file and line; every section of churn.yaml is read through it.</summary>
/// <param name="file">File name for errors.</param>
/// <remarks>Errors of every member: <see cref="Columns.ChurnConfigException"/> with file and line.</remarks>
public sealed class YamlSource(string file)
{
    /// <summary>The root mapping of a document.</summary>
    public static YamlMappingNode Load(string yaml, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException error)
        {
            throw NotYaml(yaml, file, error);
        }
        if (stream.Documents.Count > 1)
            throw FeaturesErrors.Syntax(new Mark(file, stream.Documents[1].RootNode.Start.Line), "a second document begins here", "one file holds one project: drop the `---` or move the second one to a file of its own");
        return stream.Documents.Count > 0 && stream.Documents[0].RootNode is YamlMappingNode root
            ? root
            : throw FeaturesErrors.Syntax(new Mark(file, 1), "expected keys such as entity, tables, features and label");
    }

    private static Columns.ChurnConfigException NotYaml(string yaml, string file, YamlException error)
    {
        // The parser blames the mapping that a tab stands in, which may begin far above.
        int tab = error.Message.Contains("tab", StringComparison.Ordinal) ? Array.FindIndex(yaml.Split('\n'), line => line.TrimStart(' ').StartsWith('\t')) : -1;
        string hint = tab >= 0 ? "indent with spaces, never with tabs"
            : error.Message.Contains("Duplicate", StringComparison.Ordinal) ? "keep one of the two"
            : "close every quote and bracket, quote values that contain : or #, and indent with spaces";
        return FeaturesErrors.Syntax(new Mark(file, tab >= 0 ? tab + 1 : error.Start.Line), $"this is not YAML: {error.Message.TrimEnd('.')}", hint);
    }

    /// <summary>Where a node stands.</summary>
    public Mark At(YamlNode node) => new(file, node.Start.Line);

    /// <summary>The node as a mapping.</summary>
    public YamlMappingNode Mapping(YamlNode node, string what) =>
        node as YamlMappingNode ?? throw FeaturesErrors.Syntax(At(node), $"{what} must be a mapping, `{{ key: value, ... }}`");

    /// <summary>The node as a list.</summary>
    public YamlSequenceNode Sequence(YamlNode node, string what) =>
        node as YamlSequenceNode ?? throw FeaturesErrors.Syntax(At(node), $"{what} must be a list, `[a, b]`");

    /// <summary>The node as a single value.</summary>
    public string Text(YamlNode node, string what) =>
        node is YamlScalarNode { Value: { } text } ? text : throw FeaturesErrors.Syntax(At(node), $"{what} must be a single value");

    /// <summary>The value of a key, or null.</summary>
    public static YamlNode? Find(YamlMappingNode mapping, string key) =>
        mapping.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode { Value: { } name } && name == key).Value;

    /// <summary>The value of a key as text, or null.</summary>
    public string? FindText(YamlMappingNode mapping, string key) => Find(mapping, key) is { } node ? Text(node, $"`{key}`") : null;

    /// <summary>The value of a key that must be there.</summary>
    public string NeedText(YamlMappingNode mapping, string key, string hint) =>
        FindText(mapping, key) is { Length: > 0 } text ? text : throw FeaturesErrors.Missing(At(mapping), $"`{key}`", hint);

    /// <summary>Refuses keys that are not known, with a suggestion.</summary>
    public void OnlyKeys(YamlMappingNode mapping, string what, params IReadOnlyList<string> known)
    {
        foreach (YamlNode key in mapping.Children.Keys)
        {
            string name = Text(key, "a key");
            if (!known.Contains(name))
                throw FeaturesErrors.UnknownName(At(key), $"key of {what}", name, known);
        }
    }

    /// <summary>The entries of a mapping in order.</summary>
    public IEnumerable<(string Name, YamlNode Key, YamlNode Value)> Entries(YamlMappingNode mapping) =>
        mapping.Children.Select(pair => (Text(pair.Key, "a key"), pair.Key, pair.Value));

    /// <summary>True or false, as YAML 1.2 writes them.</summary>
    public bool Flag(YamlNode node, string what) => Text(node, what) switch
    {
        "true" => true,
        "false" => false,
        string other => throw FeaturesErrors.Syntax(At(node), $"{what} must be true or false and not '{other}'"),
    };

    /// <summary>A duration such as 30d or 12h, in microseconds.</summary>
    public long DurationOf(YamlNode node, string what) =>
        Duration.TryParse(Text(node, what), out long micros) ? micros : throw FeaturesErrors.Syntax(At(node), $"{what} is no duration such as 30d or 12h");
}
