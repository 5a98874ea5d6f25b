using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>What the first line of a journal says.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Version">Its version.</param>
/// <param name="IsRegression">Whether it predicts a value.</param>
/// <param name="Features">Its features.</param>
internal sealed record JournalHeader(string Model, string Version, bool IsRegression, IReadOnlyList<FeatureInfo> Features)
{
    public static JournalHeader Of(ServingModel model) => new(model.Name, model.Version, model.IsRegression, model.Features);
}

/// <summary>A file that predictions of one version are put at the end of, until it becomes Parquet. Not thread-safe, but for <see cref="Add"/>.</summary>
internal sealed class Journal : IDisposable
{
    /// <summary>Ending of its name, which begins with a dot: nobody who reads the folder as a table takes it for data.</summary>
    public const string Suffix = ".journal";

    private const int MostWaiting = 64 << 20;
    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private ArrayBufferWriter<byte> _waiting = new(1 << 16), _writing = new(1 << 16);

    private Journal(FileStream file, DateTimeOffset began) => (_file, Began) = (file, began);

    public string Path => _file.Name;

    /// <summary>When its first prediction could come.</summary>
    public DateTimeOffset Began { get; }

    /// <summary>Bytes on the disk.</summary>
    public long Length { get; private set; }

    /// <summary>Predictions that found no room, because the disk did not take those before them.</summary>
    public long Lost { get; private set; }

    /// <summary>Begins a journal.</summary>
    /// <param name="folder">Folder of the version.</param>
    /// <param name="header">Its first line.</param>
    /// <param name="now">Gives it its name.</param>
    public static Journal Begin(string folder, JournalHeader header, DateTimeOffset now)
    {
        for (int number = 0; ; number++)
        {
            string path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $".predictions-{now.UtcDateTime:yyyyMMdd'T'HHmmssfff}-{Environment.ProcessId}{(number == 0 ? "" : $"-{number}")}{Suffix}"));
            if (File.Exists(path))
                continue;
            var journal = new Journal(FileChanges.Append(path), now);
            byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(header), (byte)'\n'];
            journal._file.Write(line);
            journal.Length = line.Length;
            return journal;
        }
    }

    /// <summary>Takes a prediction; it is on the disk after the next <see cref="Flush"/>.</summary>
    public void Add(in LoggedPrediction record, ReadOnlySpan<float> row)
    {
        lock (_lock)
        {
            if (_waiting.WrittenCount < MostWaiting)
                JournalRecord.Write(_waiting, record, row);
            else
                Lost++;
        }
    }

    /// <summary>Puts on the disk what was taken. After an error the same bytes are tried again next time.</summary>
    public void Flush()
    {
        if (_writing.WrittenCount == 0)
        {
            lock (_lock)
                (_waiting, _writing) = (_writing, _waiting);
        }
        if (_writing.WrittenCount == 0)
            return;
        // Where a write stopped half-way, it begins again from there.
        _file.Position = Length;
        _file.Write(_writing.WrittenSpan);
        _file.Flush(flushToDisk: true);
        Length += _writing.WrittenCount;
        _writing.ResetWrittenCount();
    }

    public void Dispose() => _file.Dispose();
}
