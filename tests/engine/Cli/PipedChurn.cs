using System.Diagnostics;
using ChurnEngine.Columns;

namespace ChurnEngine.Cli.Tests;

/// <summary>The command as a process between two pipes.</summary>
internal sealed class PipedChurn : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Task<string> _error;

    public PipedChurn(params string[] arguments)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo("env", ["--default-signal=INT,TERM", dotnet, Path.Combine(AppContext.BaseDirectory, "churn.dll"), "score", "--stdin", "--stdout", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public int Id => _process.Id;

    /// <summary>Writes all of the bytes on another thread, and closes; a process that does not want them all is no error.</summary>
    public Task Send(byte[] bytes) => Task.Run(() =>
    {
        try
        {
            Input.Write(bytes);
            Input.Close();
        }
        catch (IOException)
        {
            // It ended before.
        }
    });

    /// <summary>Sends, and reads to the end.</summary>
    public byte[] Pass(byte[] bytes)
    {
        Task sent = Send(bytes);
        using var all = new MemoryStream();
        Output.CopyTo(all);
        sent.Wait();
        return all.ToArray();
    }

    /// <summary>Waits for the end: exit code and standard error.</summary>
    public (int ExitCode, string Error) WaitForEnd()
    {
        Assert.True(_process.WaitForExit(s_patience), "the command does not end");
        return (_process.ExitCode, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    /// <summary>The bytes of a stream of batches.</summary>
    public static byte[] StreamOf(Schema schema, params IEnumerable<RecordBatch> batches)
    {
        using var bytes = new MemoryStream();
        using (var writer = new ArrowStreamWriter(bytes, schema, leaveOpen: true))
        {
            foreach (RecordBatch batch in batches)
            {
                using (batch)
                    writer.Write(batch);
            }
            writer.Complete();
        }
        return bytes.ToArray();
    }
}
