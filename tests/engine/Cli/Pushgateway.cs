using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ChurnEngine.Cli.Tests;

/// <summary>Debian's prometheus-pushgateway, on a free port.</summary>
internal sealed class Pushgateway : IDisposable
{
    private const string Program = "/usr/bin/prometheus-pushgateway";
    private readonly Process _process;
    private readonly HttpClient _client = new();

    private Pushgateway(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    /// <summary>Starts it and waits until it answers; the test is skipped where it is not installed.</summary>
    public static Pushgateway StartOrSkip(string folder)
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} is not there: install Debian's prometheus-pushgateway");
        string host = $"127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo(Program, [$"--web.listen-address={host}"]) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        var gateway = new Pushgateway(Process.Start(start)!, $"http://{host}");
        gateway._process.BeginErrorReadLine();
        gateway._process.BeginOutputReadLine();
        Assert.True(SpinWait.SpinUntil(gateway.Answers, TimeSpan.FromSeconds(20)), "the Pushgateway does not answer");
        return gateway;
    }

    /// <summary>What Prometheus would read.</summary>
    public string Scrape() => _client.GetStringAsync($"{Address}/metrics").Result;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
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
}
