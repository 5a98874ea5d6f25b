using System.Diagnostics;
using ChurnEngine.Columns;
using ChurnEngine.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChurnEngine.Service;

/// <summary>What a route asks of who calls it.</summary>
/// <param name="Scope">None: everybody may.</param>
/// <param name="Name">Of the route, in metrics and logs: none of what a caller wrote.</param>
/// <param name="AsksBrowser">True: a browser is told to ask its user for the key.</param>
internal sealed record RouteRule(KeyScopes Scope, string Name, bool AsksBrowser = false);

/// <summary>Stands around every request: its id, its key, its limits, its span, its line in the log; and whatever goes wrong becomes a problem document.</summary>
internal sealed partial class RequestGuard(ServiceState state, KeyRing keys, HourlyLimits limits, ILogger<RequestGuard> log)
{
    private const string IdHeader = "X-Request-Id", KeyItem = "churn.key";
    private const int LongestId = 128;
    private static readonly ActivitySource s_spans = new(Traces.SourceName);
    private static readonly RouteRule s_unknown = new(KeyScopes.Predict | KeyScopes.Monitor, "unknown");

    /// <summary>Runs a request.</summary>
    public async Task Run(HttpContext context, RequestDelegate next)
    {
        long began = Stopwatch.GetTimestamp();
        string id = IdOf(context.Request);
        RouteRule rule = context.GetEndpoint()?.Metadata.GetMetadata<RouteRule>() ?? s_unknown;
        context.Response.Headers[IdHeader] = id;
        int inFlight = state.Metrics.Begin();
        using Activity? span = StartSpan(context.Request, rule);
        int status = 500;
        try
        {
            Admit(context, rule, inFlight);
            await next(context);
            if (!context.Response.HasStarted && context.Response.StatusCode is 404 or 405)
                await Missing(context).Write(context, id);
            status = context.Response.StatusCode;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Who asked has gone; nobody reads what would be written.
            status = 499;
        }
        catch (Exception failure)
        {
            HttpProblem problem = ProblemOf(failure, id);
            status = problem.Status;
            if (status >= 500 && failure is not HttpProblemException)
                Failed(log, failure, id, rule.Name);
            await problem.Write(context, id);
        }
        finally
        {
            TimeSpan took = Stopwatch.GetElapsedTime(began);
            state.Metrics.End(rule.Name, status, took);
            span?.SetTag("http.response.status_code", status);
            Answered(log, id, context.Request.Method, rule.Name, status, Math.Round(took.TotalMilliseconds, 3), (context.Items[KeyItem] as ApiKey)?.Name ?? "", (context.Items[ServiceState.PredictionItem] as string) ?? "");
        }
    }

    private void Admit(HttpContext context, RouteRule rule, int inFlight)
    {
        if (rule.Scope == KeyScopes.None)
            return;
        if (!keys.IsOpen)
        {
            ApiKey key = Identify(context, rule);
            context.Items[KeyItem] = key;
            // A route that does not exist is told to whoever has any key.
            if ((key.Scopes & rule.Scope) != rule.Scope && !(ReferenceEquals(rule, s_unknown) && key.Scopes != KeyScopes.None))
                throw new HttpProblemException(ServiceErrors.WrongScope(ApiKey.ScopeText(rule.Scope)));
            limits.Count(key, context.Response);
        }
        if (inFlight > state.Settings.Limits.InFlight)
        {
            context.Response.Headers.RetryAfter = "1";
            throw new HttpProblemException(ServiceErrors.Busy());
        }
    }

    private ApiKey Identify(HttpContext context, RouteRule rule)
    {
        try
        {
            return keys.Who(context.Request) ?? throw new HttpProblemException(ServiceErrors.NoKey());
        }
        catch (HttpProblemException)
        {
            context.Response.Headers.WWWAuthenticate = rule.AsksBrowser ? "Basic realm=\"churn: the key is the password\"" : "Bearer";
            throw;
        }
    }

    private static HttpProblem Missing(HttpContext context) => context.Response.StatusCode == 405
        ? ServiceErrors.WrongMethod(context.Request.Method)
        : ServiceErrors.NotFound(context.Request.Path.Value is { Length: <= 100 } path ? path : "that path");

    private HttpProblem ProblemOf(Exception failure, string id) => failure switch
    {
        HttpProblemException refused => refused.Problem,
        ChurnException ours => HttpProblem.Of(ours),
        BadHttpRequestException { StatusCode: 413 } => ServiceErrors.TooLarge(state.Settings.Limits.BodyBytes),
        BadHttpRequestException { StatusCode: 408 } => ServiceErrors.TooSlow(state.Settings.Limits.Seconds),
        BadHttpRequestException bad => ServiceErrors.Malformed(bad.StatusCode, bad.Message),
        _ => ServiceErrors.Unforeseen(id),
    };

    private static Activity? StartSpan(HttpRequest request, RouteRule rule)
    {
        if (!s_spans.HasListeners())
            return null;
        // The host has begun an activity that nobody records, and as its child ours would not be recorded either.
        Activity.Current = null;
        _ = ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out ActivityContext parent);
        return s_spans.StartActivity($"{request.Method} {rule.Name}", ActivityKind.Server, parent);
    }

    // A caller's own id is kept when it can stand in a log as it is.
    private static string IdOf(HttpRequest request)
    {
        if (request.Headers.TryGetValue(IdHeader, out var given) && given.Count == 1 && given[0] is { Length: > 0 and <= LongestId } text && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':'))
            return text;
        return Guid.CreateVersion7().ToString("N");
    }

    [LoggerMessage(1, LogLevel.Information, "{RequestId} {Method} {Route} {Status} {Milliseconds} ms key={Key} prediction={Prediction}")]
    private static partial void Answered(ILogger logger, string requestId, string method, string route, int status, double milliseconds, string key, string prediction);

    [LoggerMessage(2, LogLevel.Error, "{RequestId} {Route} failed")]
    private static partial void Failed(ILogger logger, Exception failure, string requestId, string route);
}
