using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ChurnEngine.Cli.Tests;

/// <summary>The command as a process of its own, for what this process cannot show: signals, working folder, environment.</summary>
internal sealed partial class ChurnProcess : IDisposable
{
    public const int SigInt = 2;
    public const int SigTerm = 15;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _line;
    private readonly Task<string> _output;
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource _errorEnded = new();
    private string _awaited = "";
    private TaskCompletionSource? _seen;

    private ChurnProcess(Process process, string line)
    {
        (_process, _line) = (process, line);
        process.ErrorDataReceived += (_, data) => TakeError(data.Data);
        process.BeginErrorReadLine();
        _output = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Starts the command that was built with these tests.</summary>
    public static ChurnProcess Start(string workingFolder, (string Name, string Value) variable, params string[] arguments) =>
        Start(workingFolder, new Dictionary<string, string> { [variable.Name] = variable.Value }, arguments);

    /// <summary>Starts the command that was built with these tests; a variable without a value is left as it is.</summary>
    public static ChurnProcess Start(string workingFolder, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        // A parent that ignores SIGINT, as a shell's background job does, would hand that down.
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo("env", ["--default-signal=INT,TERM", dotnet, Path.Combine(AppContext.BaseDirectory, "churn.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder,
        };
        foreach ((string name, string value) in variables.Where(variable => variable.Value.Length > 0))
            start.Environment[name] = value;
        return new ChurnProcess(Process.Start(start)!, string.Join(' ', arguments));
    }

    /// <summary>Waits until standard error shows a line that begins so; fails when the process ends without.</summary>
    public void WaitForProgress(string lineStart)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_error)
        {
            (_awaited, _seen) = (lineStart, seen);
            if (_error.ToString().Split('\n').Any(line => line.StartsWith(lineStart, StringComparison.Ordinal)))
                seen.TrySetResult();
        }
        Assert.True(Task.WaitAny([seen.Task, _errorEnded.Task], s_patience) == 0, $"`churn {_line}` never said '{lineStart}': {Said()}");
    }

    /// <summary>The line of standard error that begins so, once <see cref="WaitForProgress"/> saw it.</summary>
    public string ErrorLine(string lineStart)
    {
        lock (_error)
            return _error.ToString().Split('\n').First(line => line.StartsWith(lineStart, StringComparison.Ordinal));
    }

    /// <summary>Sends a signal to the process.</summary>
    public void Signal(int signal) => Send(_process.Id, signal);

    /// <summary>Sends a signal to a process.</summary>
    public static void Send(int process, int signal) => Assert.Equal(0, Kill(process, signal));

    /// <summary>Waits for the end.</summary>
    public CommandRun WaitForEnd()
    {
        Assert.True(_process.WaitForExit(s_patience), $"`churn {_line}` did not end: {Said()}");
        Assert.True(_errorEnded.Task.Wait(s_patience));
        return new CommandRun(_line, _process.ExitCode, _output.Result, Said());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    // The process may be writing on meanwhile, and a builder that is read then may throw.
    private string Said()
    {
        lock (_error)
            return _error.ToString();
    }

    private void TakeError(string? line)
    {
        if (line is null)
        {
            _errorEnded.TrySetResult();
            return;
        }
        lock (_error)
        {
            _error.Append(line).Append('\n');
            if (_seen is not null && line.StartsWith(_awaited, StringComparison.Ordinal))
                _seen.TrySetResult();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
