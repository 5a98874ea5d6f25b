using System.Globalization;
using System.Text;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Finished trials in a file, a line of JSON each, flushed one by one: a search that was killed goes on where it was.</summary>
/// <remarks>One file may hold several searches, each under a key of its data, space, seed and method; a line that a kill cut short is dropped. The file is locked while it is open.</remarks>
internal sealed class TrialJournal : ITrialLog, IDisposable
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Search, int Number, string Share), Trial> _known = [];

    private TrialJournal(string path, FileStream stream) => (_path, _stream) = (path, stream);

    /// <summary>Opens a journal and reads what is in it.</summary>
    /// <param name="path">The file; made where there is none.</param>
    /// <remarks>Errors: CE1143.</remarks>
    public static TrialJournal Open(string path) => Guard(path, () =>
    {
        var journal = new TrialJournal(path, FileChanges.Append(path));
        journal.Read();
        return journal;
    });

    /// <inheritdoc/>
    public Trial? Find(string search, int number, double share)
    {
        lock (_lock)
            return _known.GetValueOrDefault((search, number, TextOf(share)));
    }

    /// <inheritdoc/>
    public void Add(string search, Trial trial)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(new Line(search, trial.Number, trial.Share, trial.Options, trial.FoldLosses, trial.Seconds), s_json), (byte)'\n'];
        lock (_lock)
        {
            _known[(search, trial.Number, TextOf(trial.Share))] = trial;
            Guard(_path, () =>
            {
                _stream.Write(line);
                _stream.Flush(flushToDisk: true);
                return true;
            });
        }
    }

    public void Dispose() => _stream.Dispose();

    private void Read()
    {
        byte[] bytes = new byte[_stream.Length];
        _stream.ReadExactly(bytes);
        int whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        foreach (string text in Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Parse(text) is { Search: not null, Options: not null, FoldLosses.Count: > 0 } line)
                _known[(line.Search, line.Number, TextOf(line.Share))] = new Trial(line.Number, line.Share, line.Options, line.FoldLosses, line.Seconds);
        }
        // What a kill left half-written would spoil the next line.
        _stream.SetLength(whole);
        _stream.Seek(whole, SeekOrigin.Begin);
    }

    // A line of something else is nobody's trial: it is run again.
    private static Line? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string TextOf(double share) => share.ToString("R", CultureInfo.InvariantCulture);

    private static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw DesignErrors.JournalUnusable(path, cause);
        }
    }

    private sealed record Line(string Search, int Number, double Share, IReadOnlyDictionary<string, string> Options, IReadOnlyList<double> FoldLosses, double Seconds);
}
