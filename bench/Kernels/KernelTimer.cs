using System.Diagnostics;
using System.Reflection;

namespace ChurnEngine.Bench;

/// <summary>What a kernel reached beside its scalar form.</summary>
internal sealed record KernelTiming(KernelCase Case, double SecondsPerRow, PairedRatio Ratio, double AllocatedPerCall, LimitedWork WorkPerRow);

/// <summary>Times a kernel and its scalar form by turns, within a second: what the guard uses. BenchmarkDotNet, slower and more careful, is for `bench kernels`.</summary>
internal static class KernelTimer
{
    private const double SecondsARound = 0.002, SecondsOfWarmUp = 0.3, MostSecondsOfWarmUp = 2;

    // The runtime compiles a method anew after 30 calls, and once more after as many with counters in it.
    private const int CallsOfWarmUp = 70;

    public static KernelTiming Measure(KernelCase one, int rounds, CancellationToken cancellation)
    {
        IKernelBenchmark benchmark = one.Open();
        try
        {
            Action fast = Bind(benchmark, one.Fast), scalar = Bind(benchmark, one.Scalar);
            (int fastCalls, int scalarCalls) = (WarmUp(fast), WarmUp(scalar));
            double[][] seconds = InterleavedRounds.Run(rounds, cancellation, () => Time(fast, fastCalls) / fastCalls, () => Time(scalar, scalarCalls) / scalarCalls);
            return new KernelTiming(one, Sample.Median(seconds[0]) / benchmark.RowsPerCall, PairedRatio.Of(seconds[0], seconds[1]), Allocated(fast, fastCalls), benchmark.WorkPerRow);
        }
        finally
        {
            (benchmark as IDisposable)?.Dispose();
        }
    }

    /// <summary>The method as a delegate without arguments and result.</summary>
    public static Action Bind(object target, MethodInfo method)
    {
        if (method.ReturnType == typeof(double))
            return Drop(method.CreateDelegate<Func<double>>(target));
        if (method.ReturnType == typeof(int))
            return Drop(method.CreateDelegate<Func<int>>(target));
        if (method.ReturnType == typeof(bool))
            return Drop(method.CreateDelegate<Func<bool>>(target));
        return method.CreateDelegate<Action>(target);

        // The kernels are no inline candidates through a delegate, so a result that is not looked at is computed all the same.
        static Action Drop<T>(Func<T> call) => () => call();
    }

    // Long enough for the optimised form to be there, and to see how many calls fill a round.
    private static int WarmUp(Action call)
    {
        long started = Stopwatch.GetTimestamp();
        int calls = 0;
        double seconds, last;
        do
        {
            long before = Stopwatch.GetTimestamp();
            call();
            last = Stopwatch.GetElapsedTime(before).TotalSeconds;
            calls++;
            seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        while (seconds < SecondsOfWarmUp || calls < CallsOfWarmUp && seconds < MostSecondsOfWarmUp);
        return (int)Math.Clamp(SecondsARound / Math.Max(last, 1e-7), 1, 100_000);
    }

    private static double Time(Action call, int calls)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            call();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Allocated(Action call, int calls)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < calls; i++)
            call();
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / calls;
    }
}
