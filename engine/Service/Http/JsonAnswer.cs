using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ChurnEngine.Service;

/// <summary>Writes JSON bodies straight into the server's own buffers.</summary>
internal static class JsonAnswer
{
    public const string MediaType = "application/json";

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a body whole, with its length.</summary>
    public static Task Write(HttpContext context, Action<Utf8JsonWriter> write) => Write(context, MediaType, write);

    /// <summary>Writes a body of a kind of JSON. An error while it is written leaves the answer unbegun.</summary>
    public static async Task Write(HttpContext context, string mediaType, Action<Utf8JsonWriter> write)
    {
        long length;
        using (var json = new Utf8JsonWriter(context.Response.BodyWriter, s_options))
        {
            write(json);
            json.Flush();
            length = json.BytesCommitted;
        }
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = length;
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
