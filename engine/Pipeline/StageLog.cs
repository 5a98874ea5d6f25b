using System.Diagnostics;
using ChurnEngine.Telemetry;

namespace ChurnEngine.Pipeline;

/// <summary>One line of the stage table.</summary>
/// <param name="Stage">What was done.</param>
/// <param name="Rows">Rows (events, customers, snapshots) it went through.</param>
/// <param name="Seconds">Wall-clock time.</param>
public sealed record StageTime(string Stage, long Rows, double Seconds)
{
    /// <summary>Rows a second.</summary>
    public double RowsPerSecond => Seconds > 0 ? Rows / Seconds : 0;

    /// <summary>Bytes written to a file in the temporary folder because rows did not fit into memory; 0 when they did.</summary>
    public long SpilledBytes { get; init; }
}

/// <summary>Times the stages of a run; the clock lives here and in no stage.</summary>
/// <param name="memoryBytes">What the run aims to stay below.</param>
public sealed class StageLog(long memoryBytes)
{
    // Nobody listens unless the environment names a collector: then a span costs nothing.
    private static readonly ActivitySource s_spans = new(Traces.SourceName);
    private readonly List<StageTime> _stages = [];

    /// <summary>The stages in the order they ended.</summary>
    public IReadOnlyList<StageTime> Stages => _stages;

    /// <summary>What the run aims to stay below, bytes.</summary>
    public long MemoryBytes => memoryBytes;

    /// <summary>The most memory this process has held at once, bytes; resident, as the system counts it.</summary>
    public static long PeakMemoryBytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>Runs a stage and notes how long it took.</summary>
    /// <param name="stage">Name for the table.</param>
    /// <param name="work">The stage.</param>
    /// <param name="rows">Rows it went through, from its result.</param>
    /// <param name="spilledBytes">Bytes it put into the temporary folder, from its result; null: a stage that puts none there.</param>
    public T Time<T>(string stage, Func<T> work, Func<T, long> rows, Func<T, long>? spilledBytes = null)
    {
        long started = Stopwatch.GetTimestamp();
        using Activity? span = s_spans.StartActivity(stage);
        T result = work();
        span?.SetTag("rows", rows(result));
        _stages.Add(new StageTime(stage, rows(result), Stopwatch.GetElapsedTime(started).TotalSeconds) { SpilledBytes = spilledBytes?.Invoke(result) ?? 0 });
        return result;
    }
}
