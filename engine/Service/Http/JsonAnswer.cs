using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ChurnEngine.Service;

/// <summary>Writes JSON bodies: whole into a buffer that the thread keeps, then to the caller, so that an error half-way leaves the answer unbegun.</summary>
internal static class JsonAnswer
{
    public const string MediaType = "application/json";

    // A batch may need more once; it is not kept.
    private const int MostKept = 1 << 20;
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    /// <summary>Writes a body with its length.</summary>
    public static Task Write(HttpContext context, Action<Utf8JsonWriter> write) => Write(context, MediaType, write);

    /// <summary>Writes a body of a kind of JSON.</summary>
    public static Task Write(HttpContext context, string mediaType, Action<Utf8JsonWriter> write)
    {
        // Nothing is awaited before the bytes are handed over, so the thread's buffer is this request's alone.
        ArrayBufferWriter<byte> buffer = s_buffer ??= new ArrayBufferWriter<byte>(1 << 12);
        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, s_options))
            write(json);
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = buffer.WrittenCount;
        context.Response.BodyWriter.Write(buffer.WrittenSpan);
        if (buffer.Capacity > MostKept)
            s_buffer = null;
        return context.Response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }
}
