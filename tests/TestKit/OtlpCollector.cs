using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChurnEngine.TestKit;

/// <summary>Takes what a process exports over OTLP (HTTP, protobuf) and keeps it as text: names are plain UTF-8 within the messages.</summary>
public sealed class OtlpCollector : IDisposable
{
    private readonly HttpListener _listener = new();

    /// <summary>Listens on a free port of this machine.</summary>
    public OtlpCollector()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }
        _listener.Prefixes.Add(Address);
        _listener.Start();
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>Variables that make a process export there.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" };

    /// <summary>Receives until all is there; a slow process sends it in several messages.</summary>
    /// <param name="isAll">Gets all text by path, such as /v1/traces.</param>
    /// <returns>The same.</returns>
    public async Task<IReadOnlyDictionary<string, string>> Receive(Func<IReadOnlyDictionary<string, string>, bool> isAll)
    {
        ArgumentNullException.ThrowIfNull(isAll);
        var bodies = new Dictionary<string, string>();
        while (!isAll(bodies))
        {
            HttpListenerContext request = await _listener.GetContextAsync().ConfigureAwait(false);
            using var body = new MemoryStream();
            await request.Request.InputStream.CopyToAsync(body).ConfigureAwait(false);
            string path = request.Request.Url!.AbsolutePath;
            bodies[path] = bodies.GetValueOrDefault(path) + Encoding.UTF8.GetString(body.ToArray());
            request.Response.Close();
        }
        return bodies;
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_listener).Dispose();
}
