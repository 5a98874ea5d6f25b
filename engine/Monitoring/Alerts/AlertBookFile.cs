using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChurnEngine.Columns;

namespace ChurnEngine.Monitoring;

/// <summary>The file of an <see cref="AlertBook"/>: JSON with a hash over its content, so that a byte that changed is seen.</summary>
public static class AlertBookFile
{
    /// <summary>Name of the file in monitoring's folder.</summary>
    public const string FileName = "alerts.json";

    /// <summary>Name that a damaged one is kept under.</summary>
    public const string DamagedName = "alerts.damaged.json";

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
    };

    /// <summary>Reads a book; an empty one where there is no file. A damaged one gets another name, under which somebody can look at it, and an empty book stands in its place.</summary>
    /// <param name="folder">Monitoring's.</param>
    /// <param name="isDry">True changes no file.</param>
    /// <param name="warn">Told of CE8205 when it is damaged, CE8206 when it cannot be read.</param>
    public static AlertBook Read(string folder, bool isDry, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
        string path = Path.Combine(folder, FileName), damaged = Path.Combine(folder, DamagedName);
        try
        {
            if (!File.Exists(path))
                return AlertBook.Empty;
            if (Parse(File.ReadAllBytes(path)) is { } book)
                return book;
            if (!isDry)
                FileChanges.Move(path, damaged);
            warn(MonitoringErrors.DamagedAlerts(path, isDry ? null : damaged).Describe());
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            warn(MonitoringErrors.AlertsNotKept(folder, cause.Message.TrimEnd('.')).Describe());
        }
        return AlertBook.Empty;
    }

    /// <summary>The book of a folder as it is; null where there is none that can be read.</summary>
    public static AlertBook? TryRead(string folder)
    {
        try
        {
            string path = Path.Combine(folder, FileName);
            return File.Exists(path) ? Parse(File.ReadAllBytes(path)) : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes a book, whole or not at all; equal books make equal bytes.</summary>
    /// <param name="folder">Monitoring's.</param>
    /// <param name="book">What to remember.</param>
    /// <param name="warn">Told of CE8206 when it cannot be written.</param>
    public static void Write(string folder, AlertBook book, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
        string content = JsonSerializer.Serialize(book, s_json);
        try
        {
            AtomicFile.WriteText(Path.Combine(folder, FileName), $"{{\n\"sha256\": \"{HashOf(Encoding.UTF8.GetBytes(content))}\",\n\"alerts\": {content}\n}}\n");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            warn(MonitoringErrors.AlertsNotKept(folder, cause.Message.TrimEnd('.')).Describe());
        }
    }

    private static AlertBook? Parse(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("alerts", out JsonElement content) || !document.RootElement.TryGetProperty("sha256", out JsonElement hash))
                return null;
            return hash.ValueEquals(HashOf(Encoding.UTF8.GetBytes(content.GetRawText()))) ? content.Deserialize<AlertBook>(s_json) : null;
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
