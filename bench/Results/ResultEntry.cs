namespace ChurnEngine.Bench;

/// <summary>One measured number, with what it is compared to and how near it comes to what the machine can do.</summary>
internal sealed record ResultEntry
{
    /// <summary>What was measured: a kernel, a stage, a limit of the machine, a peer's task.</summary>
    public required string Name { get; init; }

    /// <summary>What tells this entry from others of the name: sizes, threads, tier, and so on; values as text.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Unit of <see cref="Value"/>: s, ns/row, rows/s, GB/s, exponent.</summary>
    public required string Unit { get; init; }

    /// <summary>The result; a median where it was measured repeatedly.</summary>
    public required double Value { get; init; }

    /// <summary>95% interval of the value.</summary>
    public Interval? Interval { get; init; }

    /// <summary>What the ratio is taken to: scalar, a peer with its version, a commit.</summary>
    public string? Baseline { get; init; }

    /// <summary>Time of this / time of the baseline, in one run; below 1 is faster.</summary>
    public double? Ratio { get; init; }

    /// <summary>95% interval of the ratio.</summary>
    public Interval? RatioInterval { get; init; }

    /// <summary>Rows, keys or customers that one measurement goes through.</summary>
    public long? Rows { get; init; }

    /// <summary>Wall-clock seconds of one measurement.</summary>
    public double? Seconds { get; init; }

    /// <summary>Bytes that must be read and written at least, in one measurement.</summary>
    public double? BytesMoved { get; init; }

    /// <summary>The limit of the machine that binds here, as `bench machine` names it.</summary>
    public string? Limit { get; init; }

    /// <summary>Achieved rate / that limit, 0..1: 1 is as fast as this machine can.</summary>
    public double? LimitShare { get; init; }

    /// <summary>Managed bytes allocated in one measurement.</summary>
    public long? AllocatedBytes { get; init; }

    /// <summary>The most memory that the process held, bytes.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>What else a reader should know: options of a peer, accuracy reached.</summary>
    public string? Note { get; init; }

    /// <summary>What one entry has in common with its later measurement.</summary>
    public string Key() => $"{Name}|{string.Join('|', Parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={WithoutCommit(p.Value)}"))}|{Unit}|{Baseline}";

    // Peers name the program with its version; ours at another commit is still ours.
    private static string WithoutCommit(string value) => value.StartsWith("ours ", StringComparison.Ordinal) ? "ours" : value;
}
