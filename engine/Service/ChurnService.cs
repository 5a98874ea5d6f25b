using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChurnEngine.Columns;
using ChurnEngine.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChurnEngine.Service;

/// <summary>What runs a service.</summary>
public sealed record ServiceOptions
{
    /// <summary>Address, limits, TLS.</summary>
    public required ServeSettings Settings { get; init; }

    /// <summary>Who may ask.</summary>
    public required KeyRing Keys { get; init; }

    /// <summary>Version of the engine.</summary>
    public required string EngineVersion { get; init; }

    /// <summary>Folder that <c>churn monitor</c> writes to, of which /metrics shows the newest report; null for none.</summary>
    public string? MonitorFolder { get; init; }

    /// <summary>False: only warnings and errors are logged, and no line a request.</summary>
    public bool LogsRequests { get; init; } = true;
}

/// <summary>The HTTP service, listening.</summary>
/// <remarks>Every line of its log is a JSON object on standard error. It holds no state that a request leaves behind, but for counters and the prediction log.</remarks>
public sealed class ChurnService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServiceState _state;
    private readonly HourlyLimits _limits;
    private readonly KeyRing _keys;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    private ChurnService(WebApplication app, ServiceState state, HourlyLimits limits, KeyRing keys)
    {
        (_app, _state, _limits, _keys) = (app, state, limits, keys);
        Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _watching = Task.Run(Watch);
    }

    /// <summary>Where it listens, with the port that it got: http://127.0.0.1:8080.</summary>
    public string Address { get; }

    /// <summary>Customers predicted since the start.</summary>
    public long Predictions => _state.Metrics.Predictions;

    /// <summary>All routes, as "POST /predict".</summary>
    internal IEnumerable<string> Routes => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText}"));

    /// <summary>Starts to listen.</summary>
    /// <param name="predictor">Answers; stays the caller's, who disposes it after the service.</param>
    /// <param name="options">Address, keys, limits.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1233 for --open beyond this machine, CE1234 for TLS; <see cref="ChurnTransientException"/> CE1235 when the port is taken.</remarks>
    public static async Task<ChurnService> Start(ChurnPredictor predictor, ServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ServeSettings settings = options.Settings;
        if (options.Keys.IsOpen && !IPAddress.IsLoopback(settings.Listen.Address))
            throw ServiceErrors.OpenToAll(settings.Listen.ToString());
        var state = new ServiceState(predictor, settings, options.EngineVersion) { Monitored = options.MonitorFolder is { } folder ? new MonitoredFolder(folder) : null };
        var limits = new HourlyLimits();
        WebApplication app = Build(state, options, limits);
        try
        {
            await app.StartAsync();
            return new ChurnService(app, state, limits, options.Keys);
        }
        catch (Exception failure)
        {
            await app.DisposeAsync();
            if (failure is IOException or System.Net.Sockets.SocketException)
                throw ServiceErrors.CannotListen(settings.Listen.ToString(), failure);
            throw;
        }
    }

    /// <summary>Takes no new request, lets those under way end, for as long as the settings allow, and stops.</summary>
    public async Task Stop()
    {
        _state.IsStopping = true;
        await _stop.CancelAsync();
        await _watching;
        await _app.StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
            await Stop();
        await _app.DisposeAsync();
        _limits.Dispose();
        _state.Metrics.Dispose();
        _stop.Dispose();
    }

    private static WebApplication Build(ServiceState state, ServiceOptions options, HourlyLimits limits)
    {
        // Empty: no file or variable of the host's own changes what a service does.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.Settings.Limits.DrainSeconds));
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter(typeof(ChurnService).Namespace, options.LogsRequests ? LogLevel.Information : LogLevel.Warning);
        builder.Logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ")).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        X509Certificate2? certificate = CertificateOf(options.Settings);
        builder.WebHost.UseKestrelCore();
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Settings.Limits.BodyBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(options.Settings.Limits.Seconds);
            kestrel.Listen(options.Settings.Listen, listen =>
            {
                listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                if (certificate is not null)
                    listen.UseHttps(certificate);
            });
        });
        WebApplication app = builder.Build();
        var guard = new RequestGuard(state, options.Keys, limits, app.Services.GetRequiredService<ILogger<RequestGuard>>());
        app.UseRouting();
        app.Use(next => context => guard.Run(context, next));
        ServiceRoutes.Map(app, state);
        app.UseEndpoints(_ => { });
        return app;
    }

    private static X509Certificate2? CertificateOf(ServeSettings settings)
    {
        if (settings.Certificate is not { } path)
            return null;
        try
        {
            return path.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".p12", StringComparison.OrdinalIgnoreCase)
                ? X509CertificateLoader.LoadPkcs12FromFile(path, null)
                : X509Certificate2.CreateFromPemFile(path, settings.CertificateKey);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw ServiceErrors.BadCertificate(path, failure);
        }
    }

    // Looking is cheap; reading a model is not, and happens beside the requests.
    private async Task Watch()
    {
        ILogger log = _app.Services.GetRequiredService<ILogger<ChurnService>>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_state.Settings.PollSeconds));
        HashSet<string> told = [];
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    told = LookOnce(log, told);
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    // Whatever it was, the next look must come.
                    ServiceLog.CouldNotLook(log, failure);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private HashSet<string> LookOnce(ILogger log, HashSet<string> told)
    {
        foreach (ServedArm arm in _state.Predictor.Look())
            ServiceLog.Swapped(log, arm.Arm, arm.Slot.Current.Version);
        _keys.Look();
        _state.KeyFault = _keys.Fault;
        HashSet<string> faults = [.. _state.Faults];
        foreach (string fault in faults.Except(told))
            ServiceLog.Degraded(log, fault);
        return faults;
    }
}

/// <summary>Lines of the log that belong to no request.</summary>
internal static partial class ServiceLog
{
    [LoggerMessage(10, LogLevel.Information, "{Arm} is answered by {Version} now")]
    public static partial void Swapped(ILogger logger, string arm, string version);

    [LoggerMessage(12, LogLevel.Error, "registry, keys and store could not be looked at")]
    public static partial void CouldNotLook(ILogger logger, Exception failure);

    [LoggerMessage(11, LogLevel.Warning, "{Fault}")]
    public static partial void Degraded(ILogger logger, string fault);
}
