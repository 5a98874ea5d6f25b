using System.Text.Json;
using System.Text.Json.Serialization;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Every split of a training as a line of JSON, for who wants to see what the trainer does; whole or not there.</summary>
internal sealed class TraceFile : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private readonly string _path;
    private readonly PendingFile _file;

    private TraceFile(string path, PendingFile file) => (_path, _file) = (path, file);

    /// <summary>Begins the file.</summary>
    /// <remarks>Errors: CE1121.</remarks>
    public static TraceFile Open(string path) => Guard(path, () => new TraceFile(path, PendingFile.Create(path)));

    /// <summary>Adds a line.</summary>
    public void Write(SplitTrace split) => Guard(_path, () =>
    {
        JsonSerializer.Serialize(_file.Stream, split, s_json);
        _file.Stream.WriteByte((byte)'\n');
        return true;
    });

    /// <summary>Gives the file its name.</summary>
    public void Publish() => Guard(_path, () =>
    {
        _file.Publish();
        return true;
    });

    public void Dispose() => _file.Dispose();

    private static T Guard<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw PipelineErrors.CannotTrace(path, cause);
        }
    }
}
