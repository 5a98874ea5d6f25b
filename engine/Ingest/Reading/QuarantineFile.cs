using System.Globalization;
using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Reading;

/// <summary>The list of a table's bad cells: CSV with file, row, column, value, reason; one line a cell. Made with the first one, under a
/// hidden name until it is complete.</summary>
/// <remarks>Errors of every member: ChurnConfigException CE2012 when it cannot be written; nothing of it is left then.</remarks>
/// <param name="path">Null: nothing is kept.</param>
internal sealed class QuarantineFile(string? path) : IDisposable
{
    private const int LongestValue = 1000;
    private PendingFile? _file;
    private StreamWriter? _writer;
    private long _fileStart;

    /// <summary>Where it is, once there is something in it.</summary>
    public string? WrittenPath => _writer is null ? null : path;

    /// <summary>The first cell of the table; null while there is none.</summary>
    public BadCell? First { get; private set; }

    /// <summary>The quarantine of a table.</summary>
    public static QuarantineFile For(string? directory, string table)
    {
        if (directory is null)
            return new QuarantineFile(null);
        string name = string.Concat(table.Select(c => Array.IndexOf(Path.GetInvalidFileNameChars(), c) >= 0 ? '_' : c));
        return new QuarantineFile(Path.Combine(directory, name + ".csv"));
    }

    /// <summary>Notes one cell.</summary>
    public void Add(BadCell cell)
    {
        cell = cell with { Value = cell.Value.Length > LongestValue ? cell.Value[..LongestValue] + "…" : cell.Value };
        First ??= cell;
        if (path is not null)
            Guarded(path, () => Append(path, cell));
    }

    /// <summary>A new data file begins; the rows noted from here on may be moved by <see cref="InsertLines"/>.</summary>
    public void BeginFile() => _fileStart = Position();

    /// <summary>
    /// Merges lines that the reader passed over, learnt of at the end of a file only, into those of this file. The rows noted since
    /// <see cref="BeginFile"/> were counted without them and move down accordingly.
    /// </summary>
    /// <param name="lines">Of this file, by ascending row.</param>
    public void InsertLines(IReadOnlyList<BadCell> lines)
    {
        List<BadCell> noted = TakeBack(lines[0].File);
        int next = 0;
        foreach (BadCell cell in noted)
        {
            for (; next < lines.Count && lines[next].Row <= cell.Row + next; next++)
                Add(lines[next]);
            Add(cell with { Row = cell.Row + next });
        }
        for (; next < lines.Count; next++)
            Add(lines[next]);
    }

    /// <summary>The table was read to its end, or to where it was refused: gives the list its name. Without a bad cell there is none, and what an
    /// earlier run left is removed: it says nothing about this one.</summary>
    public void Complete()
    {
        if (path is null)
            return;
        Guarded(path, () =>
        {
            _writer?.Flush();
            if (_file is null)
                FileChanges.Delete(path);
            else
                _file.Publish();
        });
    }

    /// <summary>Forgets a list that was not completed; an earlier one stays.</summary>
    public void Dispose()
    {
        _writer = null;
        _file?.Dispose();
        _file = null;
    }

    private void Append(string path, BadCell cell)
    {
        if (_writer is null)
        {
            _file = PendingFile.Create(path);
            _writer = new StreamWriter(_file.Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: -1, leaveOpen: true) { NewLine = "\n" };
            _writer.WriteLine("file,row,column,value,reason");
            _fileStart = Position();
        }
        _writer.WriteLine($"{Quote(cell.File)},{cell.Row.ToString(CultureInfo.InvariantCulture)},{Quote(cell.Column)},{Quote(cell.Value)},{Quote(cell.Reason)}");
    }

    private void Guarded(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw IngestErrors.CannotWrite(path, broken);
        }
    }

    private long Position()
    {
        if (path is not null)
            Guarded(path, () => _writer?.Flush());
        return _writer?.BaseStream.Position ?? 0;
    }

    // Reads the lines of this file back and cuts them off.
    private List<BadCell> TakeBack(string file)
    {
        BadCell? first = First?.File == file ? First : null;
        First = first is null ? First : null;
        if (_writer is null || path is null)
            return first is null ? [] : [first];
        Position();
        Stream stream = _writer.BaseStream;
        stream.Position = _fileStart;
        using var reader = new StreamReader(stream, leaveOpen: true);
        var cells = new List<BadCell>();
        while (reader.ReadLine() is { } line)
        {
            List<string> parts = Unquote(line);
            cells.Add(new BadCell(parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2], parts[3], parts[4]));
        }
        stream.SetLength(_fileStart);
        stream.Position = _fileStart;
        return cells;
    }

    // A line break inside a value is written \n, so that one line is one cell.
    private static string Quote(string text)
    {
        string line = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return line.AsSpan().IndexOfAny(",\"") >= 0 || line != line.Trim() ? $"\"{line.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : line;
    }

    private static List<string> Unquote(string line)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                part.Append(line[++i]);
            else if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
                TakePart();
            else if (c == '\\')
                part.Append(line[++i] switch { 'n' => '\n', 'r' => '\r', var other => other });
            else
                part.Append(c);
        }
        TakePart();
        return parts;

        void TakePart()
        {
            parts.Add(part.ToString());
            part.Clear();
        }
    }
}
