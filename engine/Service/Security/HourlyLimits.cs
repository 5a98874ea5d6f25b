using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace ChurnEngine.Service;

/// <summary>Requests an hour, by key: a fixed window of ASP.NET's rate limiter for each, told in the RateLimit headers. Thread-safe.</summary>
internal sealed class HourlyLimits : IDisposable
{
    private static readonly TimeSpan s_window = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<(string Name, int Limit), Window> _windows = new();

    /// <summary>Counts a request and says in the answer's headers what is left.</summary>
    /// <remarks>Errors: <see cref="HttpProblemException"/> 429 when nothing is left.</remarks>
    public void Count(ApiKey key, HttpResponse response)
    {
        if (key.HourlyLimit == 0)
            return;
        Window window = _windows.GetOrAdd((key.Name, key.HourlyLimit), static wanted => new Window(wanted.Limit));
        using RateLimitLease lease = window.Limiter.AttemptAcquire();
        double left = s_window.TotalSeconds - Stopwatch.GetElapsedTime(window.Began).TotalSeconds % s_window.TotalSeconds;
        string reset = Math.Ceiling(left).ToString(CultureInfo.InvariantCulture);
        response.Headers["RateLimit-Limit"] = key.HourlyLimit.ToString(CultureInfo.InvariantCulture);
        response.Headers["RateLimit-Remaining"] = (window.Limiter.GetStatistics()?.CurrentAvailablePermits ?? 0).ToString(CultureInfo.InvariantCulture);
        response.Headers["RateLimit-Reset"] = reset;
        if (lease.IsAcquired)
            return;
        response.Headers.RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) && wait > TimeSpan.Zero ? Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture) : reset;
        throw new HttpProblemException(ServiceErrors.TooManyRequests(key.HourlyLimit));
    }

    public void Dispose()
    {
        foreach (Window window in _windows.Values)
            window.Limiter.Dispose();
    }

    private sealed class Window(int limit)
    {
        public long Began { get; } = Stopwatch.GetTimestamp();

        public FixedWindowRateLimiter Limiter { get; } = new(new FixedWindowRateLimiterOptions { PermitLimit = limit, Window = s_window, QueueLimit = 0, AutoReplenishment = true });
    }
}
