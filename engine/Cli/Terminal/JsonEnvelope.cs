using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChurnEngine.Cli;

/// <summary>The one stable shape of <c>--json</c> output: what ran, how it ended, its result or its error.</summary>
internal sealed record JsonEnvelope
{
    public required string Command { get; init; }

    public required string Version { get; init; }

    public required int ExitCode { get; init; }

    public object? Result { get; init; }

    public ErrorReport? Error { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
    };

    public string ToJson() => JsonSerializer.Serialize(this, s_options);
}
