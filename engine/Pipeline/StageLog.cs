using System.Diagnostics;

namespace ChurnEngine.Pipeline;

/// <summary>One line of the stage table.</summary>
/// <param name="Stage">What was done.</param>
/// <param name="Rows">Rows (events, customers, snapshots) it went through.</param>
/// <param name="Seconds">Wall-clock time.</param>
public sealed record StageTime(string Stage, long Rows, double Seconds)
{
    /// <summary>Rows a second.</summary>
    public double RowsPerSecond => Seconds > 0 ? Rows / Seconds : 0;
}

/// <summary>Times the stages of a run; the clock lives here and in no stage.</summary>
public sealed class StageLog
{
    private readonly List<StageTime> _stages = [];

    /// <summary>The stages in the order they ended.</summary>
    public IReadOnlyList<StageTime> Stages => _stages;

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
    public T Time<T>(string stage, Func<T> work, Func<T, long> rows)
    {
        long started = Stopwatch.GetTimestamp();
        T result = work();
        _stages.Add(new StageTime(stage, rows(result), Stopwatch.GetElapsedTime(started).TotalSeconds));
        return result;
    }
}
