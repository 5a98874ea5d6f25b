using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ChurnEngine.Telemetry;

/// <summary>How often and for how long a delivery is tried.</summary>
public sealed record DeliveryPatience
{
    /// <summary>For a job that has done its work and should end.</summary>
    public static DeliveryPatience Default { get; } = new();

    /// <summary>Attempts, 1 and up.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Pause before the second attempt; every further one is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After this no attempt begins.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>How a delivery ended.</summary>
/// <param name="Attempts">How many there were.</param>
/// <param name="Fault">Why the last one failed; null: it arrived. Holds nothing of a <see cref="SecretAddress"/> but its host.</param>
public sealed record DeliveryEnd(int Attempts, string? Fault);

/// <summary>A body by HTTP to whoever should have it, tried again when that may help. One shape for metrics and alerts.</summary>
public static class HttpDelivery
{
    private const int LongestExcuse = 200;

    // Redirects are not followed: a POST would become a GET, which arrives and delivers nothing.
    private static readonly HttpClient s_client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends. A failure is an answer, and no exception: a refusal that stands (4xx) at once, what may pass (no connection, no answer in time, 408, 429, 5xx) after the last attempt.</summary>
    /// <param name="method">POST or PUT.</param>
    /// <param name="address">Where to; a user and password in it go along as Basic authorization.</param>
    /// <param name="body">What.</param>
    /// <param name="mediaType">Its kind.</param>
    /// <param name="patience">How often.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <remarks>Errors: <see cref="OperationCanceledException"/> by <paramref name="cancellation"/> alone.</remarks>
    public static DeliveryEnd Send(HttpMethod method, SecretAddress address, string body, string mediaType, DeliveryPatience patience, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(patience);
        long began = Stopwatch.GetTimestamp();
        TimeSpan pause = patience.FirstPause;
        for (int attempt = 1; ; attempt++)
        {
            (string? fault, bool mayPass, TimeSpan asked) = Try(method, address, body, mediaType, patience.Call, cancellation);
            TimeSpan wait = pause > asked ? pause : asked;
            if (fault is null || !mayPass || attempt >= patience.Attempts || Stopwatch.GetElapsedTime(began) + wait > patience.Total)
                return new DeliveryEnd(attempt, fault is null ? null : address.Hide(fault));
            cancellation.WaitHandle.WaitOne(wait);
            cancellation.ThrowIfCancellationRequested();
            pause *= 2;
        }
    }

    private static (string? Fault, bool MayPass, TimeSpan Asked) Try(HttpMethod method, SecretAddress address, string body, string mediaType, TimeSpan patience, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(patience);
        try
        {
            using var request = new HttpRequestMessage(method, address.Uri) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
            if (address.Uri.UserInfo.Length > 0)
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.Uri.UserInfo))));
            using HttpResponseMessage answer = s_client.Send(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            if (answer.IsSuccessStatusCode)
                return (null, false, TimeSpan.Zero);
            bool mayPass = answer.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
            return ($"it answered {(int)answer.StatusCode} {answer.ReasonPhrase}{Excuse(answer)}", mayPass, answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero);
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return ($"no answer in {patience.TotalSeconds:0.#} seconds", true, TimeSpan.Zero);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return (failure.Message.TrimEnd('.'), true, TimeSpan.Zero);
        }
    }

    // The first line of the answer often says what is wrong: "no_service", or which label cannot be.
    private static string Excuse(HttpResponseMessage answer)
    {
        try
        {
            using Stream stream = answer.Content.ReadAsStream();
            byte[] bytes = new byte[LongestExcuse];
            int got = stream.Read(bytes);
            string line = new([.. Encoding.UTF8.GetString(bytes, 0, got).Select(letter => char.IsControl(letter) ? ' ' : letter)]);
            return line.Trim() is { Length: > 0 } said ? $": {said}" : "";
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or OperationCanceledException)
        {
            return "";
        }
    }
}
