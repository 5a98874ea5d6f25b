using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace ChurnEngine.Bench;

/// <summary>What a kernel reached beside its scalar form.</summary>
/// <param name="Name">The case, as budgets call it.</param>
/// <param name="SecondsPerRow">Of the fastest round: what even that does not reach, noise does not explain.</param>
/// <param name="Ratio">Time / time of the scalar form.</param>
/// <param name="AllocatedPerCall">Managed bytes.</param>
/// <param name="WorkPerRow">What binds it.</param>
internal sealed record KernelTiming(string Name, double SecondsPerRow, PairedRatio Ratio, double AllocatedPerCall, LimitedWork WorkPerRow)
{
    public string ToLine() => JsonSerializer.Serialize(this, BenchJson.Line);
}

/// <summary>Times a kernel and its scalar form by turns, within a second: what the guard uses. BenchmarkDotNet, slower and more careful, is for `bench kernels`.</summary>
internal static class KernelTimer
{
    private const double SecondsARound = 0.002, SecondsOfWarmUp = 0.02;

    // Everything is compiled once and fully: no call is slow because the runtime has not come round to the method yet.
    private static readonly Dictionary<string, string> s_switches = new() { ["DOTNET_TieredCompilation"] = "0", ["DOTNET_ReadyToRun"] = "0" };

    /// <summary>Times kernels in a process of their own, where all code is compiled fully from the start.</summary>
    /// <param name="rounds">Rounds of each, 6 and up.</param>
    /// <param name="name">One case; null: all.</param>
    public static IReadOnlyList<KernelTiming> MeasureApart(int rounds, string? name)
    {
        var start = new ProcessStartInfo("dotnet", [StageProcess.ThisProgram, "guard", "--time-kernels", $"{rounds}", .. name is null ? Array.Empty<string>() : ["--stages", name]]) { RedirectStandardOutput = true };
        foreach ((string variable, string value) in s_switches)
            start.Environment[variable] = value;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new BenchException($"timing the kernels ended with exit code {process.ExitCode}", "see what was said above");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<KernelTiming>(line, BenchJson.Line)!)];
    }

    public static KernelTiming Measure(KernelCase one, int rounds, CancellationToken cancellation)
    {
        IKernelBenchmark benchmark = one.Open();
        try
        {
            Action fast = Bind(benchmark, one.Fast), scalar = Bind(benchmark, one.Scalar);
            (int fastCalls, int scalarCalls) = (WarmUp(fast), WarmUp(scalar));
            double[][] seconds = InterleavedRounds.Run(rounds, cancellation, () => Time(fast, fastCalls) / fastCalls, () => Time(scalar, scalarCalls) / scalarCalls);
            return new KernelTiming(Budgets.KeyOf(one), seconds[0].Min() / benchmark.RowsPerCall, PairedRatio.Of(seconds[0], seconds[1]), Allocated(fast, fastCalls), benchmark.WorkPerRow);
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

    // Long enough to see how many calls fill a round.
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
        while (seconds < SecondsOfWarmUp);
        return (int)Math.Clamp(SecondsARound / Math.Max(last, 1e-7), 1, 100_000);
    }

    private static double Time(Action call, int calls)
    {
        double started = ThreadClock.Seconds;
        for (int i = 0; i < calls; i++)
            call();
        return ThreadClock.Seconds - started;
    }

    private static double Allocated(Action call, int calls)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < calls; i++)
            call();
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / calls;
    }
}
