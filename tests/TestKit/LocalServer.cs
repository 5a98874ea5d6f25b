using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace ChurnEngine.TestKit;

/// <summary>A server of Debian's on a free port of this machine, for as long as a test runs: Pushgateway, Prometheus, Alertmanager.</summary>
public sealed class LocalServer : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly HttpClient _client = new();

    private LocalServer(Process process, string address)
    {
        (_process, Address) = (process, address);
        // Nobody may leave its pipes full.
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>http://127.0.0.1:PORT.</summary>
    public string Address { get; }

    /// <summary>Debian's prometheus-pushgateway.</summary>
    public static LocalServer Pushgateway(TemporaryDirectory folder) => StartOrSkip(folder, "prometheus-pushgateway", "prometheus-pushgateway", []);

    /// <summary>Debian's prometheus-alertmanager, which tells nobody.</summary>
    public static LocalServer Alertmanager(TemporaryDirectory folder) => StartOrSkip(folder, "prometheus-alertmanager", "prometheus-alertmanager",
        [$"--config.file={folder.Write("alertmanager.yml", "route: { receiver: none }\nreceivers: [ { name: none } ]\n")}", $"--storage.path={folder["alertmanager"]}", "--cluster.listen-address="]);

    /// <summary>Debian's prometheus, which looks every second.</summary>
    /// <param name="folder">For its data.</param>
    /// <param name="target">HOST:PORT to scrape.</param>
    /// <param name="rules">Rule file.</param>
    public static LocalServer Prometheus(TemporaryDirectory folder, string target, string rules) => StartOrSkip(folder, "prometheus", "prometheus",
        [$"--config.file={folder.Write("prometheus.yml", $"global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\nrule_files: [ \"{rules}\" ]\nscrape_configs: [ {{ job_name: churn, static_configs: [ {{ targets: [ \"{target}\" ] }} ] }} ]\n")}", $"--storage.tsdb.path={folder["prometheus"]}"]);

    /// <summary>Runs a program that comes with them and expects it to end well; the test is skipped where it is not installed.</summary>
    public static string RunOrSkip(string program, string package, params string[] arguments)
    {
        var start = new ProcessStartInfo(Installed(program, package), arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}{error.Result}");
        return output + error.Result;
    }

    /// <summary>A port that nobody has.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>What it answers.</summary>
    public string Get(string path) => _client.GetStringAsync(Address + path).Result;

    /// <summary>Asks until an answer holds what is looked for; fails with the last one after two minutes.</summary>
    public string Await(string path, Func<string, bool> isRight)
    {
        string answer = "";
        bool came = SpinWait.SpinUntil(() =>
        {
            answer = Get(path);
            if (!isRight(answer))
                Thread.Sleep(200);
            return isRight(answer);
        }, TimeSpan.FromMinutes(2));
        Assert.True(came, $"{path} never said so: {answer}");
        return answer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
    }

    private static string Installed(string program, string package)
    {
        string path = $"/usr/bin/{program}";
        Assert.SkipUnless(File.Exists(path), $"{path} is not there: install Debian's {package}");
        return path;
    }

    private static LocalServer StartOrSkip(TemporaryDirectory folder, string program, string package, string[] arguments)
    {
        string host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo(Installed(program, package), [.. arguments, $"--web.listen-address={host}"]) { WorkingDirectory = folder.Path, RedirectStandardError = true, RedirectStandardOutput = true };
        var server = new LocalServer(Process.Start(start)!, $"http://{host}");
        if (SpinWait.SpinUntil(server.Answers, TimeSpan.FromMinutes(2)))
            return server;
        string said = server.Said();
        server.Dispose();
        throw new InvalidOperationException($"{program} does not answer: {said}");
    }

    private bool Answers()
    {
        try
        {
            return _client.GetAsync($"{Address}/-/ready").Result.IsSuccessStatusCode;
        }
        catch (AggregateException)
        {
            Thread.Sleep(50);
            return false;
        }
    }

    private void Take(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }

    private string Said()
    {
        lock (_said)
            return _said.ToString();
    }
}
