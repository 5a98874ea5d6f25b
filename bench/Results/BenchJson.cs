using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChurnEngine.Bench;

/// <summary>How bench writes JSON: names in snake case, nothing for null, readable signs as they are.</summary>
internal static class BenchJson
{
    public static JsonSerializerOptions Indented { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One object a line, for what one process tells another.</summary>
    public static JsonSerializerOptions Line { get; } = new(Indented) { WriteIndented = false };
}
