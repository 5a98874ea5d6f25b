using System.Diagnostics;
using System.Text;

namespace ChurnEngine.Bench.Peers;

/// <summary>Runs one contestant once, in a fresh process: no memory, cache or thread pool of another run is left in it.</summary>
internal static class PeerProcess
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Starts it, waits for it, and reads what it measured.</summary>
    /// <remarks>Errors: <see cref="InvalidOperationException"/> with the end of its standard error when it fails.</remarks>
    public static PeerMeasures Run(string entry, Contestant contestant, CancellationToken cancellation)
    {
        ProcessStartInfo start = contestant.Script is { } script
            ? Start(Python, Path.Combine(AppContext.BaseDirectory, "Peers", script), contestant.Options.ToJsonString())
            : Start(Environment.ProcessPath!, [.. OwnAssembly(), "peers", "child", entry, contestant.Name, contestant.Options.ToJsonString()]);
        foreach ((string name, string value) in contestant.Environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        // A process that nobody waits for any more must not go on working.
        using CancellationTokenRegistration stop = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        if (!process.WaitForExit(contestant.Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{contestant.Name} ran longer than {contestant.Limit.TotalMinutes:N0} minutes");
        }
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{contestant.Name} ended with exit code {process.ExitCode}:\n{Tail(errors.ToString())}");
        return PeerMeasures.Parse(output.Result);
    }

    // Under `dotnet run` the program is an executable of its own; under `dotnet Bench.dll` the assembly has to be named.
    private static string[] OwnAssembly() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(PeerProcess).Assembly.Location] : [];

    private static ProcessStartInfo Start(string program, params string[] arguments) =>
        new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };

    private static string Tail(string text) => string.Join('\n', text.TrimEnd().Split('\n').TakeLast(15));
}
