using System.Globalization;
using System.Net;
using System.Text;

namespace ChurnEngine.TestKit;

/// <summary>A server that takes what is posted to it, and answers as a test wants.</summary>
public sealed class Webhook : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<int, int?> _status;
    private readonly List<string> _bodies = [];

    /// <param name="status">Status by the number of the request, from 1; null: it is never answered.</param>
    public Webhook(Func<int, int?>? status = null)
    {
        _status = status ?? (_ => 200);
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LocalServer.FreePort()}");
        _listener.Prefixes.Add($"{Address}/");
        _listener.Start();
        _ = Task.Run(Serve);
    }

    /// <summary>http://127.0.0.1:PORT.</summary>
    public string Address { get; }

    /// <summary>"METHOD PATH BODY" of every request so far.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_bodies)
                return [.. _bodies];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_listener).Dispose();

    private async Task Serve()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception over) when (over is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            string body = await reader.ReadToEndAsync();
            int number;
            lock (_bodies)
            {
                _bodies.Add($"{context.Request.HttpMethod} {context.Request.Url!.PathAndQuery} {body}");
                number = _bodies.Count;
            }
            if (_status(number) is not { } status)
                continue;
            context.Response.StatusCode = status;
            if (status is >= 300 and < 400)
                context.Response.RedirectLocation = $"{Address}/elsewhere";
            context.Response.Close(status == 200 ? "ok"u8.ToArray() : Encoding.UTF8.GetBytes($"refused {context.Request.Url.PathAndQuery}\n"), willBlock: false);
        }
    }
}
