using System.Diagnostics;

namespace ChurnEngine.Bench;

/// <summary>One stage of the pipeline with data to work on. What is not the stage itself happens outside the timing.</summary>
internal abstract class StageWorkload(StageOptions options, StageCache cache) : IDisposable
{
    protected StageOptions Options { get; } = options;

    protected StageCache Cache { get; } = cache;

    /// <summary>What the rows of <see cref="Run"/> are.</summary>
    public abstract string RowUnit { get; }

    /// <summary>Makes or loads what the stage needs.</summary>
    public abstract void Prepare();

    /// <summary>Seconds from some fixed point on: the clock that a round is timed by.</summary>
    public virtual double Clock => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    /// <summary>Takes away what the last round left.</summary>
    public virtual void Reset()
    {
    }

    /// <summary>Does the stage's work once.</summary>
    /// <returns>Rows gone through; the same every time.</returns>
    public abstract long Run();

    /// <summary>What the last round asked of the machine at least.</summary>
    public abstract LimitedWork Work(long rows);

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
