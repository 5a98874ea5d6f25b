using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ChurnEngine.Service;

/// <summary>Reads bodies, within the limits of size and time.</summary>
internal static class RequestBody
{
    public const string ArrowStream = "application/vnd.apache.arrow.stream";

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 16 };

    /// <summary>True of a body that says it is an Arrow IPC stream.</summary>
    public static bool IsArrow(HttpRequest request) => request.ContentType?.StartsWith(ArrowStream, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Reads a JSON body; the caller disposes it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="seconds">In which it must have come.</param>
    /// <remarks>Errors: <see cref="HttpProblemException"/> 400, 408, 415; <see cref="BadHttpRequestException"/> when it is too large.</remarks>
    public static async Task<JsonDocument> ReadJson(HttpContext context, int seconds)
    {
        if (context.Request.ContentType is { Length: > 0 } type && !type.Contains("json", StringComparison.OrdinalIgnoreCase))
            throw new HttpProblemException(ServiceErrors.WrongMedia("application/json"));
        try
        {
            return await InTime(context, seconds, cancellation => JsonDocument.ParseAsync(context.Request.Body, s_options, cancellation));
        }
        catch (JsonException broken)
        {
            // The text of the body stays out of it: where, and not what.
            string place = broken.LineNumber is { } line ? $" at line {line + 1}, byte {broken.BytePositionInLine + 1}" : "";
            throw new HttpProblemException(ServiceErrors.Malformed(400, $"send JSON in UTF-8, at most {s_options.MaxDepth} levels deep; it breaks off{place}"));
        }
    }

    /// <summary>Reads a body whole.</summary>
    public static async Task<MemoryStream> ReadBytes(HttpContext context, int seconds)
    {
        var bytes = new MemoryStream();
        await InTime(context, seconds, async cancellation =>
        {
            await context.Request.Body.CopyToAsync(bytes, cancellation);
            return true;
        });
        bytes.Position = 0;
        return bytes;
    }

    private static async Task<T> InTime<T>(HttpContext context, int seconds, Func<CancellationToken, Task<T>> read)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            return await read(limit.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new HttpProblemException(ServiceErrors.TooSlow(seconds));
        }
    }
}
