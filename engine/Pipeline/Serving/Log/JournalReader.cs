using System.Text;
using System.Text.Json;

namespace ChurnEngine.Pipeline;

/// <summary>Reads a journal that nobody writes to, a piece at a time: a service that turns one into Parquet does not grow by its size.</summary>
internal sealed class JournalReader : IDisposable
{
    private const int FirstBytes = 1 << 16, LongestRecord = 1 << 24;
    private readonly FileStream _file;
    private byte[] _buffer = new byte[FirstBytes];
    private int _start, _end;

    private JournalReader(FileStream file, JournalHeader header) => (_file, Header) = (file, header);

    /// <summary>The first line.</summary>
    public JournalHeader Header { get; private set; }

    private ReadOnlySpan<byte> Piece => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Opens a journal; null when it does not even have a whole first line.</summary>
    public static JournalReader? TryOpen(string path)
    {
        var reader = new JournalReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan), null!);
        bool isJournal = false;
        try
        {
            int line;
            while ((line = reader.Piece.IndexOf((byte)'\n')) < 0)
            {
                if (!reader.More())
                    return null;
            }
            if (HeaderOf(reader.Piece[..line]) is not { } header)
                return null;
            reader.Header = header;
            reader._start += line + 1;
            isJournal = true;
            return reader;
        }
        finally
        {
            if (!isJournal)
                reader.Dispose();
        }
    }

    /// <summary>Reads the next record.</summary>
    /// <param name="row">[F] gets the features.</param>
    /// <param name="record">What was written.</param>
    /// <returns>False at the end, or before a record that is not whole.</returns>
    public bool TryNext(Span<float> row, out LoggedPrediction record)
    {
        int bytes;
        while ((bytes = JournalRecord.TryRead(Piece, row, out record)) == 0)
        {
            if (_end - _start > LongestRecord || !More())
                return false;
        }
        _start += bytes;
        return true;
    }

    public void Dispose() => _file.Dispose();

    // False at the end of the file.
    private bool More()
    {
        Piece.CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        int read = _file.Read(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }

    private static JournalHeader? HeaderOf(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalHeader>(Encoding.UTF8.GetString(line));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
