using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChurnEngine.Columns;

/// <summary>How files that lie beside data and describe it are written: one property a line, names in snake case, text as it is.</summary>
public static class ManifestJson
{
    /// <summary>For <see cref="JsonSerializer"/>, both ways.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The text of such a file.</summary>
    public static string Write<T>(T manifest) => JsonSerializer.Serialize(manifest, Options) + "\n";
}
