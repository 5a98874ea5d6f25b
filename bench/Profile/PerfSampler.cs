using System.Diagnostics;
using System.Globalization;

namespace ChurnEngine.Bench;

/// <summary>Linux's perf: every core, exact to the instruction, native libraries too.</summary>
internal sealed class PerfSampler : IStackSampler
{
    private const int SamplesASecond = 499;

    public string Name => "perf";

    public string Sees => "perf, time on the cores, managed and native frames; a library built without frame pointers breaks the stack above it, not its own frame";

    // perf finds compiled methods by a map file, and only in memory that is mapped once.
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["DOTNET_PerfMapEnabled"] = "1", ["DOTNET_EnableWriteXorExecute"] = "0" };

    public string? Missing()
    {
        string probe = Path.Combine(Path.GetTempPath(), $"perf-probe-{System.Environment.ProcessId}");
        try
        {
            return Run("perf", "record", "-q", "-F", "99", "-e", "cpu-clock", "-o", probe, "--", "true").ExitCode == 0
                ? null
                : "perf may not record here: run as root, or set kernel.perf_event_paranoid to 1";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "perf is not installed: apt-get install linux-perf";
        }
        finally
        {
            File.Delete(probe);
        }
    }

    public StackProfile Sample(int processId, Action work)
    {
        string data = Path.Combine(Path.GetTempPath(), $"bench-{processId}.perf");
        string id = processId.ToString(CultureInfo.InvariantCulture);
        try
        {
            var start = new ProcessStartInfo("perf", ["record", "-q", "-F", SamplesASecond.ToString(CultureInfo.InvariantCulture), "-e", "cpu-clock", "-g", "-p", id, "-o", data]) { RedirectStandardError = true };
            using (Process perf = Process.Start(start)!)
            {
                Task<string> errors = perf.StandardError.ReadToEndAsync();
                work();
                // perf ends its file well when it is interrupted, not when it is killed.
                Run("kill", "-INT", perf.Id.ToString(CultureInfo.InvariantCulture));
                perf.WaitForExit();
                if (!File.Exists(data))
                    throw new BenchException($"perf recorded nothing: {errors.Result.Trim()}", "take --sampler events");
            }
            (int exit, string script) = Run("perf", "script", "-i", data, "-F", "tid,ip,sym,dso");
            return exit == 0 ? Parse(script) : throw new BenchException($"perf script ended with exit code {exit}", "take --sampler events");
        }
        finally
        {
            File.Delete(data);
            File.Delete(Path.Combine(Path.GetTempPath(), $"perf-{processId}.map"));
            File.Delete(Path.Combine(Path.GetTempPath(), $"perfinfo-{processId}.map"));
        }
    }

    /// <summary>Reads what `perf script -F tid,ip,sym,dso` prints: a line with the thread, a line a frame, innermost first, and a blank line.</summary>
    public static StackProfile Parse(string script)
    {
        var profile = new StackProfile(FrameName.Harness);
        List<string> frames = [];
        foreach (string line in script.Split('\n').Append(""))
        {
            if (line.Trim().Length == 0)
            {
                if (frames.Count > 0)
                    profile.Add(frames.AsEnumerable().Reverse());
                frames.Clear();
            }
            else if (ReadFrame(line) is { } frame)
                frames.Add(frame);
        }
        return profile;
    }

    // "    7f1234 symbol with spaces (/path/to/library)"; a line with the thread has no address and no library.
    private static string? ReadFrame(string line)
    {
        string text = line.Trim();
        int symbol = text.IndexOf(' ', StringComparison.Ordinal), library = text.LastIndexOf(" (", StringComparison.Ordinal);
        if (text.EndsWith("(deleted))", StringComparison.Ordinal))
            library = text.LastIndexOf(" (", library - 1, StringComparison.Ordinal);
        return symbol > 0 && library > symbol && text[^1] == ')' ? FrameName.OfPerf(text[(symbol + 1)..library], text[(library + 2)..^1]) : null;
    }

    private static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        _ = errors.Result;
        return (process.ExitCode, output);
    }
}
