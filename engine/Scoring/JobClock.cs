using System.Diagnostics;

namespace ChurnEngine.Scoring;

/// <summary>What a thread of a scoring job does.</summary>
internal enum JobActivity
{
    Featurize,
    Score,
    Write,
}

/// <summary>Where the threads of a scoring job spent their time.</summary>
/// <param name="Threads">Threads that compute; as many more write, which mostly waits for the disk.</param>
/// <param name="Seconds">Wall-clock time of the job.</param>
/// <param name="Featurize">Seconds of computing threads in reading partitions and computing features, all threads added.</param>
/// <param name="Score">Seconds of computing threads in the model, conditions and reasons.</param>
/// <param name="Write">Seconds of writing threads in encoding, hashing and flushing parts.</param>
/// <param name="Wait">Seconds of computing threads without work: the writers were behind, or the last partitions were elsewhere.</param>
/// <param name="Collecting">Seconds in which the garbage collector stopped all threads.</param>
public sealed record JobProfile(int Threads, double Seconds, double Featurize, double Score, double Write, double Wait, double Collecting)
{
    /// <summary>Share of the computing threads' time, 0..1, that was neither reading nor computing.</summary>
    public double IdleShare => Seconds > 0 ? Math.Clamp((Wait + Collecting * Threads) / (Seconds * Threads), 0, 1) : 0;
}

/// <summary>Adds up the time of a job's threads by what they do. Thread-safe.</summary>
internal sealed class JobClock
{
    private readonly long[] _ticks = new long[3];
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _collectedBefore = GC.GetTotalPauseDuration();

    /// <summary>Books the time since <paramref name="since"/>, and says what time it is.</summary>
    public long Book(JobActivity activity, long since)
    {
        long now = Stopwatch.GetTimestamp();
        Interlocked.Add(ref _ticks[(int)activity], now - since);
        return now;
    }

    public JobProfile Read(int threads)
    {
        double seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        (double featurize, double score, double write) = (Seconds(JobActivity.Featurize), Seconds(JobActivity.Score), Seconds(JobActivity.Write));
        double wait = Math.Max(0, threads * seconds - featurize - score);
        return new JobProfile(threads, seconds, featurize, score, write, wait, (GC.GetTotalPauseDuration() - _collectedBefore).TotalSeconds);
    }

    private double Seconds(JobActivity activity) => (double)Interlocked.Read(ref _ticks[(int)activity]) / Stopwatch.Frequency;
}
