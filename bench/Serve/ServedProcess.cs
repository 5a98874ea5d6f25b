using System.Diagnostics;
using ChurnEngine.Columns;

namespace ChurnEngine.Bench;

/// <summary>The command <c>churn serve</c> as a process on one core, built with this program.</summary>
internal sealed class ServedProcess : IDisposable
{
    private const string Listening = "listening on ";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;

    private ServedProcess(Process process, Uri address, double startSeconds) => (_process, Address, StartSeconds) = (process, address, startSeconds);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>From the start of the process until it listened.</summary>
    public double StartSeconds { get; }

    /// <summary>Memory that the process holds, as the system counts it.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Runs a verb to its end.</summary>
    /// <param name="cache">Folder for what one run finds out for the next.</param>
    /// <param name="arguments">Verb and options.</param>
    public static void Run(string cache, params string[] arguments)
    {
        using Process process = Process.Start(Command(core: null, cache, arguments))!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new BenchException($"`churn {string.Join(' ', arguments)}` ended with exit code {process.ExitCode}: {error.TrimEnd().Split('\n')[^1]}", "run it by hand");
    }

    /// <summary>Starts the service and waits until it listens.</summary>
    /// <param name="core">Number of the core that it stays on.</param>
    /// <param name="cache">Folder for what one run finds out for the next.</param>
    /// <param name="arguments">Of the verb; address and openness are added.</param>
    public static ServedProcess Start(int core, string cache, params string[] arguments)
    {
        ProcessStartInfo command = Command(core, cache, ["serve", "--open", "--quiet", "--listen", "127.0.0.1:0", .. arguments]);
        long began = Stopwatch.GetTimestamp();
        Process process = Process.Start(command)!;
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        string last = "";
        process.ErrorDataReceived += (_, line) =>
        {
            last = line.Data ?? last;
            if (line.Data is null)
                found.TrySetException(new BenchException($"the service ended: {last}", "run it by hand"));
            else if (line.Data.StartsWith(Listening, StringComparison.Ordinal))
                found.TrySetResult(line.Data[Listening.Length..]);
        };
        process.BeginErrorReadLine();
        process.StandardOutput.Close();
        if (!found.Task.Wait(s_patience))
            throw new BenchException("the service does not come up", "run it by hand");
        return new ServedProcess(process, new Uri(found.Task.Result), Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static ProcessStartInfo Command(int? core, string cache, string[] arguments)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] churn = [dotnet, Path.Combine(AppContext.BaseDirectory, "churn.dll"), .. arguments];
        string[] line = core is { } number ? ["taskset", "-c", number.ToString(System.Globalization.CultureInfo.InvariantCulture), .. churn] : churn;
        return new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { [UserCache.Variable] = cache } };
    }
}
