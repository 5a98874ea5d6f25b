using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChurnEngine.Columns;

namespace ChurnEngine.Registry;

/// <summary>The append-only log of a registry: a line of JSON each, which names the SHA-256 of the line above, so that no line can be changed, moved or taken out unseen.</summary>
/// <remarks>
/// <code>
/// audit.jsonl  {"number":1,...,"previous":"0000..."}       one write and one flush a line
///              {"number":2,...,"previous":"sha256 of line 1"}
/// audit.head   {"number":2,"sha256":"sha256 of line 2"}    replaced after each line: tells when lines at the end are gone
/// </code>
/// A process killed between the two leaves a log that is one line ahead of its head, or a torn last line; both are healed by the next change.
/// The chain shows accidents and careless hands. Who rewrites the whole log with its head is not seen, unless a copy of the head lies elsewhere: `churn models backup` makes one.</remarks>
public sealed class AuditLog
{
    /// <summary>Name of the log in the registry's folder.</summary>
    public const string FileName = "audit.jsonl";

    /// <summary>Name of the file that says where the log ends.</summary>
    public const string HeadFileName = "audit.head";

    internal const string NoLine = "0000000000000000000000000000000000000000000000000000000000000000";

    private readonly List<LogEntry> _entries;
    private readonly List<string> _hashes;

    private readonly byte[] _read;

    private AuditLog(List<LogEntry> entries, List<string> hashes, byte[] read) => (_entries, _hashes, _read) = (entries, hashes, read);

    private sealed record Head(int Number, string Sha256);

    /// <summary>The lines that are whole, first to last; none after a fault.</summary>
    public IReadOnlyList<LogEntry> Entries => _entries;

    /// <summary>SHA-256 of each of them, hexadecimal.</summary>
    public IReadOnlyList<string> Hashes => _hashes;

    /// <summary>What is wrong with the log; null when the chain is whole.</summary>
    public string? Fault { get; private init; }

    /// <summary>What the next change will put right by itself; empty when nothing is to do.</summary>
    public IReadOnlyList<string> Untidy { get; private init; } = [];

    /// <summary>The move that putting the registry in order has just finished for a killed process; null when there was none.</summary>
    internal LogEntry? Finished { get; set; }

    /// <summary>The bytes of the whole lines, as they were read.</summary>
    internal ReadOnlySpan<byte> WholeLines => _read;

    /// <summary>SHA-256 of the last line.</summary>
    public string HeadHash => _hashes.Count == 0 ? NoLine : _hashes[^1];

    /// <summary>Reads a log; one that is not there has no lines.</summary>
    /// <param name="folder">The registry.</param>
    /// <remarks>Errors: <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>; a damaged log is no error but a <see cref="Fault"/>.</remarks>
    public static AuditLog Read(string folder)
    {
        // The head first: a writer replaces it after the line, so what is read then is at least as long.
        (Head? head, bool headIsDamaged) = ReadHead(Path.Combine(folder, HeadFileName));
        string path = Path.Combine(folder, FileName);
        byte[] bytes = File.Exists(path) ? Shared(path) : [];
        var entries = new List<LogEntry>();
        var hashes = new List<string>();
        string? fault = null;
        int start = 0;
        while (fault is null && bytes.AsSpan(start).IndexOf((byte)'\n') is >= 0 and var length)
        {
            ReadOnlySpan<byte> line = bytes.AsSpan(start, length);
            fault = Parse(line, entries.Count + 1, hashes.Count == 0 ? NoLine : hashes[^1], out LogEntry? entry);
            if (entry is not null)
            {
                entries.Add(entry);
                hashes.Add(HashOf(line));
            }
            start += length + 1;
        }
        if (fault is null && head is not null && head.Number > entries.Count)
            fault = $"its end is gone: {HeadFileName} names line {head.Number}, and {entries.Count} are there";
        if (fault is null && head is { Number: > 0 } && hashes[head.Number - 1] != head.Sha256)
            fault = $"line {head.Number} is not the one that {HeadFileName} names";
        List<string> untidy = [];
        if (fault is null && start < bytes.Length)
            untidy.Add("its last line was never finished");
        if (fault is null && (headIsDamaged || (head?.Number ?? 0) < entries.Count))
            untidy.Add(headIsDamaged ? $"{HeadFileName} is damaged" : $"{HeadFileName} is behind");
        return new AuditLog(entries, hashes, bytes[..start]) { Fault = fault, Untidy = untidy };
    }

    /// <summary>Puts right what a killed writer left, and brings a lost head back. Under the registry's lock.</summary>
    internal AuditLog Tidy(string folder)
    {
        if (Untidy.Count == 0)
            return this;
        AtomicFile.Write(Path.Combine(folder, FileName), stream => stream.Write(_read));
        WriteHead(folder);
        return new AuditLog(_entries, _hashes, _read);
    }

    /// <summary>Adds a line; number, time and hash of the line above are filled in. Under the registry's lock, on a log without fault.</summary>
    /// <param name="folder">The registry.</param>
    /// <param name="entry">What happened.</param>
    /// <param name="now">Microseconds since 1970 UTC; a clock that went back is taken as the time of the line above.</param>
    internal LogEntry Append(string folder, LogEntry entry, long now)
    {
        LogEntry full = entry with { Number = _entries.Count + 1, Time = TimeText(Latest(now)), Previous = HeadHash };
        byte[] line = Line(full);
        FileChanges.Append(Path.Combine(folder, FileName), line);
        _entries.Add(full);
        _hashes.Add(HashOf(line.AsSpan(0, line.Length - 1)));
        WriteHead(folder);
        return full;
    }

    /// <summary>The instant that a line written now would carry.</summary>
    internal long Latest(long now) => _entries.Count == 0 ? now : Math.Max(now, _entries[^1].At);

    /// <summary>Microseconds are always written, so that texts sort as instants do.</summary>
    internal static string TimeText(long micros) => DateTime.UnixEpoch.AddMicroseconds(micros).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);

    private void WriteHead(string folder) => AtomicFile.WriteText(Path.Combine(folder, HeadFileName), JsonSerializer.Serialize(new Head(_entries.Count, HeadHash), LogEntry.Json) + "\n");

    private static byte[] Line(LogEntry entry) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, LogEntry.Json) + "\n");

    private static string HashOf(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));

    // A writer may have it open.
    private static byte[] Shared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static (Head? Head, bool IsDamaged) ReadHead(string path)
    {
        if (!File.Exists(path))
            return (null, false);
        try
        {
            Head? head = JsonSerializer.Deserialize<Head>(Shared(path), LogEntry.Json);
            bool isWhole = head is { Number: >= 0, Sha256.Length: 64 };
            return isWhole ? (head, false) : (null, true);
        }
        catch (JsonException)
        {
            return (null, true);
        }
    }

    // What is wrong with a line, or null.
    private static string? Parse(ReadOnlySpan<byte> line, int number, string previous, out LogEntry? entry)
    {
        entry = null;
        try
        {
            if (JsonSerializer.Deserialize<LogEntry>(line, LogEntry.Json) is not { } read)
                return $"line {number} says nothing";
            if (read.Number != number)
                return $"line {number} says that it is line {read.Number}";
            if (read.Previous != previous)
                return number == 1 ? "its first line names a line above" : $"line {number - 1} or {number} was changed: the one's hash is not what the other names";
            if (!InstantText.TryParse(read.Time, out _))
                return $"line {number} has no time";
            entry = read;
            return null;
        }
        catch (JsonException broken)
        {
            return $"line {number} cannot be read: {broken.Message}";
        }
    }
}
