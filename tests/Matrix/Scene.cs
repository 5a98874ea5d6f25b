using System.Diagnostics;
using System.Text;
using ChurnEngine.TestKit;

namespace ChurnEngine.Matrix.Tests;

/// <summary>A folder for one input, and the command run in it.</summary>
internal sealed class Scene : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly TemporaryDirectory _folder = new();
    private readonly List<Action> _undo = [];
    private Dictionary<string, string> _before = [];

    public string Path => _folder.Path;

    public string this[string name] => _folder[name];

    public void Write(string name, string text) => _folder.Write(name, text);

    public void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], bytes);
    }

    public void Undo(Action action) => _undo.Add(action);

    /// <summary>Runs a program that arranges what .NET cannot.</summary>
    public void Shell(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = Path })!;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, command);
    }

    /// <summary>Changes a mode until the scene ends.</summary>
    public void Mode(string mode, string name)
    {
        Shell($"chmod {mode} {name}");
        Undo(() => Shell($"chmod 700 {name}"));
    }

    /// <summary>Notes what is there, then runs the command line.</summary>
    public Outcome Run(BadInput input)
    {
        _before = Files();
        string[] arguments = [.. Split(input.CommandLine)];
        return input.Process is { } own ? RunProcess(own, arguments) : RunHere(arguments);
    }

    /// <summary>What the command left behind that was not there, or is not what it was: relative paths.</summary>
    public IReadOnlyList<string> Changes()
    {
        Dictionary<string, string> after = Files();
        return [.. after.Where(file => !_before.TryGetValue(file.Key, out string? old) || old != file.Value).Select(file => file.Key)
            .Concat(_before.Keys.Where(name => !after.ContainsKey(name))).Order(StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        foreach (Action action in _undo)
            action();
        _folder.Dispose();
    }

    private Outcome RunHere(string[] arguments)
    {
        string old = Environment.CurrentDirectory;
        using var output = new StringWriter();
        using var error = new StringWriter();
        Environment.CurrentDirectory = Path;
        try
        {
            int exit = Cli.Program.Run(arguments, output, error);
            return new Outcome(exit, output.ToString(), error.ToString());
        }
        finally
        {
            Environment.CurrentDirectory = old;
        }
    }

    private Outcome RunProcess(OwnProcess own, string[] arguments)
    {
        string program = own.Program is { } copy ? this[copy] : System.IO.Path.Combine(AppContext.BaseDirectory, "churn");
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{own.Before} \"$0\" \"$@\" {own.Behind}", program, .. arguments])
        {
            WorkingDirectory = Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string name, string value) in own.Environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"hangs: it ran for {s_patience.TotalSeconds} s and was ended");
        }
        return new Outcome(process.ExitCode, output.Result, error.Result);
    }

    // Length and time, not content: a FIFO would never end, and nothing here changes a file within the clock's tick without changing its length.
    private Dictionary<string, string> Files()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var open = new Stack<DirectoryInfo>([new DirectoryInfo(Path)]);
        while (open.TryPop(out DirectoryInfo? folder))
        {
            foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
            {
                string name = System.IO.Path.GetRelativePath(Path, entry.FullName);
                if (entry.LinkTarget is { } target)
                    files[name] = $"-> {target}";
                else if (entry is DirectoryInfo inner)
                    open.Push(inner);
                else
                    files[name] = $"{((FileInfo)entry).Length} {entry.LastWriteTimeUtc:O}";
            }
        }
        return files;
    }

    private static IEnumerable<string> Split(string commandLine)
    {
        var argument = new StringBuilder();
        bool quoted = false, any = false;
        foreach (char c in commandLine)
        {
            if (c == '"')
                (quoted, any) = (!quoted, true);
            else if (c == ' ' && !quoted)
            {
                if (any || argument.Length > 0)
                    yield return argument.ToString();
                argument.Clear();
                any = false;
            }
            else
                argument.Append(c);
        }
        if (any || argument.Length > 0)
            yield return argument.ToString();
    }
}
