using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace ChurnEngine.TestKit;

/// <summary>Debian's PostgreSQL 15 with a database of its own in a temporary folder, reached by a Unix socket and a password, for as long as the tests of a class run.</summary>
/// <remarks>The server refuses to run as root, so it runs as the user postgres then. Where it is absent, <see cref="Connection"/> skips the test.</remarks>
public sealed class PostgresServer : IDisposable
{
    /// <summary>Of the user; it must turn up in no file and no message.</summary>
    public const string Password = "open-sesame-4711";

    private const string User = "churn";
    private const string Programs = "/usr/lib/postgresql/15/bin";
    private readonly TemporaryDirectory _folder = new();
    private readonly Process? _server;
    private readonly string _missing = "";
    private readonly StringBuilder _said = new();

    public PostgresServer()
    {
        if (!File.Exists($"{Programs}/postgres"))
        {
            _missing = $"needs {Programs}/postgres (Debian's postgresql-15), which is absent";
            return;
        }
        File.WriteAllText(_folder["password"], Password);
        if (Environment.IsPrivilegedProcess)
            Run("chown", "-R", "postgres:postgres", _folder.Path);
        Run([.. AsServer(), $"{Programs}/initdb", "-D", _folder["data"], "-U", User, "-A", "scram-sha-256", $"--pwfile={_folder["password"]}", "-E", "UTF8", "--locale=C", "--no-sync"]);
        _server = Start([.. AsServer(), $"{Programs}/postgres", "-D", _folder["data"], "-k", _folder.Path, "-c", "listen_addresses=", "-c", "unix_socket_permissions=0777", "-c", "fsync=off"]);
        // Nobody may leave its pipe full.
        _server.ErrorDataReceived += (_, line) => { lock (_said) _said.AppendLine(line.Data); };
        _server.BeginErrorReadLine();
        // The socket is what a client needs, and a folder that only its owner may enter hides it.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        for (int attempt = 0; !IsReady(); attempt++)
        {
            if (attempt > 300 || _server.HasExited)
                throw new InvalidOperationException($"PostgreSQL does not start: {_said}");
            Thread.Sleep(100);
        }
    }

    /// <summary>Npgsql's connection string without the password.</summary>
    public string ConnectionWithoutPassword => Present($"Host={_folder.Path};Username={User};Database=postgres");

    /// <summary>Npgsql's connection string; skips the test where the server is absent.</summary>
    public string Connection => $"{ConnectionWithoutPassword};Password={Password}";

    /// <summary>The same as a URI.</summary>
    public string Uri => Present($"postgresql://{User}:{Password}@localhost/postgres?host={_folder.Path}");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_server is not null)
        {
            // Fast shutdown: SIGINT to the postmaster.
            Run("kill", "-INT", _server.Id.ToString(CultureInfo.InvariantCulture));
            _server.WaitForExit();
            _server.Dispose();
        }
        _folder.Dispose();
    }

    private string Present(string connection)
    {
        Assert.SkipWhen(_missing.Length > 0, _missing);
        return connection;
    }

    private static string[] AsServer() => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
        : [];

    private bool IsReady()
    {
        using Process asked = Start($"{Programs}/pg_isready", "-h", _folder.Path, "-q");
        asked.WaitForExit();
        return asked.ExitCode == 0;
    }

    private static void Run(params string[] command)
    {
        using Process process = Start(command);
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)}: {said}");
    }

    private static Process Start(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        Process process = Process.Start(start)!;
        process.StandardOutput.Close();
        return process;
    }
}
