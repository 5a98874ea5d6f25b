using System.Text.Json;
using ChurnEngine.Columns;
using Microsoft.AspNetCore.Http;

namespace ChurnEngine.Service;

/// <summary>A refusal, as RFC 9457 writes one: <c>application/problem+json</c> with our code.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code of engine/ERRORS.md.</param>
/// <param name="Title">What is wrong.</param>
/// <param name="Hint">What to do.</param>
internal sealed record HttpProblem(int Status, ErrorCode Code, string Title, string Hint)
{
    private const string MediaType = "application/problem+json";

    /// <summary>What was expected; empty when the title says it all.</summary>
    public string Expected { get; init; } = "";

    /// <summary>What came; empty when the title says it all.</summary>
    public string Actual { get; init; } = "";

    /// <summary>What an error of the engine means to who sent the request.</summary>
    public static HttpProblem Of(ChurnException error)
    {
        int status = error switch
        {
            // A customer or a model that is not there; a body too large to be worked on.
            ChurnDataException { Code.Number: 3074 or 1216 } => 404,
            ChurnDataException { Code.Number: 1211 } => 413,
            ChurnDataException => 400,
            // The request is right, and this service is not set up for it.
            ChurnConfigException => 409,
            ChurnTransientException => 503,
            _ => 500,
        };
        return new HttpProblem(status, error.Code, error.Message, error.Hint) { Expected = error.Expected, Actual = error.Actual };
    }

    /// <summary>Writes the members into an open JSON object.</summary>
    public void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "about:blank"u8);
        json.WriteString("title"u8, Title);
        json.WriteNumber("status"u8, Status);
        json.WriteString("code"u8, Code.ToString());
        if (Expected.Length > 0)
            json.WriteString("expected"u8, Expected);
        if (Actual.Length > 0)
            json.WriteString("actual"u8, Actual);
        if (Hint.Length > 0)
            json.WriteString("hint"u8, Hint);
    }

    /// <summary>Answers with it, unless the answer has begun already.</summary>
    public Task Write(HttpContext context, string requestId)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }
        context.Response.StatusCode = Status;
        return JsonAnswer.Write(context, MediaType, json =>
        {
            json.WriteStartObject();
            WriteMembers(json);
            json.WriteString("instance"u8, context.Request.Path.Value);
            json.WriteString("request_id"u8, requestId);
            json.WriteEndObject();
        });
    }
}

/// <summary>Carries a refusal to who writes it.</summary>
internal sealed class HttpProblemException(HttpProblem problem) : Exception(problem.Title)
{
    public HttpProblem Problem => problem;
}
