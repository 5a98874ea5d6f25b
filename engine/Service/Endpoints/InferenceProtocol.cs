using System.Text.Json;
using ChurnEngine.Pipeline;
using Microsoft.AspNetCore.Http;

namespace ChurnEngine.Service;

/// <summary>The Open Inference Protocol (V2), so that clients of other model servers work: one input, <c>features</c> [N, F]; the outputs of the ONNX file, [N, 1] each.</summary>
/// <remarks>A null among the data is a missing value, which JSON has no number for. These rows are counted and not logged: they name no customer.</remarks>
internal sealed class InferenceProtocol(ServiceState state)
{
    private const string Input = "features", DataType = "FP32";

    /// <summary><c>GET /v2</c>.</summary>
    public Task Server(HttpContext context) => JsonAnswer.Write(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("name"u8, "churn"u8);
        json.WriteString("version"u8, state.Version);
        json.WriteStartArray("extensions"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary><c>GET /v2/health/live</c>.</summary>
    public static Task Live(HttpContext context) => Flag(context, "live"u8);

    /// <summary><c>GET /v2/health/ready</c>.</summary>
    public Task Ready(HttpContext context) => state.IsStopping ? throw new HttpProblemException(ServiceErrors.NotReady()) : Flag(context, "ready"u8);

    /// <summary><c>GET /v2/models/{model}/ready</c>.</summary>
    public Task ModelReady(HttpContext context)
    {
        _ = Find(context);
        return Ready(context);
    }

    /// <summary><c>GET /v2/models/{model}</c>.</summary>
    public Task Model(HttpContext context) => ChurnPredictor.With(Find(context), model => JsonAnswer.Write(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("name"u8, model.Name);
        json.WriteStartArray("versions"u8);
        json.WriteStringValue(model.Version);
        json.WriteEndArray();
        json.WriteString("platform"u8, "onnx"u8);
        json.WriteStartArray("inputs"u8);
        Tensor(json, Input, -1, model.Features.Count);
        json.WriteEndArray();
        json.WriteStartArray("outputs"u8);
        foreach (string output in Outputs(model))
            Tensor(json, output, -1, 1);
        json.WriteEndArray();
        json.WriteEndObject();
    }));

    /// <summary><c>POST /v2/models/{model}/infer</c>.</summary>
    public async Task Infer(HttpContext context)
    {
        ServedArm arm = Find(context);
        using JsonDocument body = await RequestBody.ReadJson(context, state.Settings.Limits.Seconds);
        await ChurnPredictor.With(arm, model => Answer(context, arm, model, body.RootElement));
    }

    private Task Answer(HttpContext context, ServedArm arm, ServingModel model, JsonElement body)
    {
        int features = model.Features.Count;
        (float[] rows, string? id) = InferenceQuestion.Read(body, (Input, DataType), features, state.Settings.Limits.Customers);
        float[] predicted = new float[rows.Length / features], margin = new float[predicted.Length];
        model.Predict(rows, predicted, margin);
        state.Metrics.Predicted(arm.Arm, model.Version, predicted.Length);
        return JsonAnswer.Write(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("model_name"u8, model.Name);
            json.WriteString("model_version"u8, model.Version);
            if (id is not null)
                json.WriteString("id"u8, id);
            json.WriteStartArray("outputs"u8);
            foreach (string output in Outputs(model))
            {
                json.WriteStartObject();
                Head(json, output, predicted.Length, 1);
                json.WriteStartArray("data"u8);
                foreach (float value in output == "margin" ? margin : predicted)
                    json.WriteNumberValue(value);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private ServedArm Find(HttpContext context) => state.Predictor.Find((string)context.Request.RouteValues["model"]!);

    private static string[] Outputs(ServingModel model) => model.IsRegression ? ["value"] : ["probability", "margin"];

    private static Task Flag(HttpContext context, ReadOnlySpan<byte> name)
    {
        byte[] kept = name.ToArray();
        return JsonAnswer.Write(context, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean(kept, true);
            json.WriteEndObject();
        });
    }

    private static void Tensor(Utf8JsonWriter json, string name, int rows, int columns)
    {
        json.WriteStartObject();
        Head(json, name, rows, columns);
        json.WriteEndObject();
    }

    private static void Head(Utf8JsonWriter json, string name, int rows, int columns)
    {
        json.WriteString("name"u8, name);
        json.WriteString("datatype"u8, DataType);
        json.WriteStartArray("shape"u8);
        json.WriteNumberValue(rows);
        json.WriteNumberValue(columns);
        json.WriteEndArray();
    }
}
