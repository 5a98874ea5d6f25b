using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChurnEngine.Bench.Peers;

/// <summary>What a child process measured: numbers by name, and texts such as a version.</summary>
internal sealed class PeerMeasures
{
    public Dictionary<string, double> Numbers { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    public double this[string key] => Numbers.TryGetValue(key, out double value)
        ? value
        : throw new InvalidDataException($"the child reported no '{key}', only {string.Join(", ", Numbers.Keys)}");

    /// <summary>One line of JSON, as the parent reads it.</summary>
    public string ToJson()
    {
        var json = new JsonObject();
        foreach ((string key, double value) in Numbers)
            json[key] = value;
        foreach ((string key, string value) in Texts)
            json[key] = value;
        return json.ToJsonString();
    }

    /// <summary>Reads the last line of a child's standard output; what stands before it is chatter.</summary>
    /// <remarks>Errors: <see cref="InvalidDataException"/> when there is none, or a number is missing or not finite: a broken measurement must not become a result.</remarks>
    public static PeerMeasures Parse(string output)
    {
        string line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        JsonObject json;
        try
        {
            json = line.StartsWith('{') ? JsonNode.Parse(line)!.AsObject() : throw new InvalidDataException($"the last line is no JSON object: '{Shorten(line)}'");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"the last line is broken JSON ({fault.Message}): '{Shorten(line)}'", fault);
        }
        var result = new PeerMeasures();
        foreach ((string key, JsonNode? node) in json)
        {
            switch (node?.GetValueKind())
            {
                case JsonValueKind.String:
                    result.Texts[key] = node.GetValue<string>();
                    break;
                case JsonValueKind.Number when double.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value):
                    result.Numbers[key] = value;
                    break;
                default:
                    throw new InvalidDataException($"'{key}' is no finite number and no text: {node?.ToJsonString() ?? "null"}");
            }
        }
        return result;
    }

    private static string Shorten(string line) => line.Length <= 200 ? line : line[..200] + "...";
}
