using System.Diagnostics;
using System.Text.Json;

namespace ChurnEngine.Bench;

/// <summary>A stage timed by a build of bench in a process of its own: this build, or that of another commit.</summary>
internal sealed class StageProcess : IDisposable
{
    /// <summary>What the child says once it is warm.</summary>
    internal const string Ready = "ready";

    private readonly Process _process;
    private readonly string _stage;
    private readonly Task<string> _errors;

    private StageProcess(string program, StageOptions options, IReadOnlyDictionary<string, string> environment, bool onRequest)
    {
        _stage = options.Stage;
        var start = new ProcessStartInfo("dotnet", [program, .. options.ToArguments(), .. onRequest ? ["--on-request"] : Array.Empty<string>()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The program that is running now.</summary>
    public static string ThisProgram { get; } = typeof(StageProcess).Assembly.Location;

    /// <summary>Of the child, for whoever samples it.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Names of the stages and kernels that a build can time.</summary>
    public static IReadOnlyList<string> StagesOf(string program)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [program, "stage", StageCommand.List]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : throw new BenchException($"'{program}' lists no stages", "its `bench stage list` must work");
    }

    /// <summary>Runs all rounds in one child process of this build and returns what it measured.</summary>
    public static StageOutcome Measure(StageOptions options) => Measure(options, new Dictionary<string, string>());

    /// <inheritdoc cref="Measure(StageOptions)"/>
    public static StageOutcome Measure(StageOptions options, IReadOnlyDictionary<string, string> environment)
    {
        using var child = new StageProcess(ThisProgram, options, environment, onRequest: false);
        return child.Finish();
    }

    /// <summary>Starts a child that runs a round when asked, and waits until it is warm.</summary>
    /// <param name="program">ChurnEngine.Bench.dll of a build.</param>
    /// <param name="options">Stage and sizes.</param>
    /// <param name="environment">Switches of the runtime.</param>
    public static StageProcess Open(string program, StageOptions options, IReadOnlyDictionary<string, string> environment)
    {
        var child = new StageProcess(program, options, environment, onRequest: true);
        if (child._process.StandardOutput.ReadLine() == Ready)
            return child;
        using (child)
            throw child.Failure();
    }

    /// <summary>Runs one timed round.</summary>
    public StageRound RunRound()
    {
        _process.StandardInput.WriteLine("round");
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() is { } line ? JsonSerializer.Deserialize<StageRound>(line, BenchJson.Line)! : throw Failure();
    }

    /// <summary>Ends the child and returns its summary.</summary>
    public StageOutcome Finish()
    {
        _process.StandardInput.Close();
        string output = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        string? last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return _process.ExitCode == 0 && last is not null ? StageOutcome.Parse(last) : throw Failure();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private BenchException Failure()
    {
        _process.WaitForExit();
        string said = _errors.Result.Trim();
        return new BenchException($"stage '{_stage}' failed in its own process with exit code {_process.ExitCode}: {(said.Length > 0 ? said : "it said nothing")}", "run the same `bench stage` by hand");
    }
}
