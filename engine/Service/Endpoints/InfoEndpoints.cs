using System.Text;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.Pipeline;
using Microsoft.AspNetCore.Http;

namespace ChurnEngine.Service;

/// <summary>What the service says of itself: life, readiness, models, metrics, and its description.</summary>
internal sealed class InfoEndpoints(ServiceState state)
{
    /// <summary><c>GET /health</c>: the process lives. Needs no key and says nothing more.</summary>
    public static Task Health(HttpContext context) => JsonAnswer.Write(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "live"u8);
        json.WriteEndObject();
    });

    /// <summary><c>GET /ready</c>: 200 while questions are answered, with "degraded" and the reasons where not all is as it should be; 503 while it stops.</summary>
    public Task Ready(HttpContext context)
    {
        if (state.IsStopping)
            throw new HttpProblemException(ServiceErrors.NotReady());
        IReadOnlyList<string> faults = state.Faults;
        return JsonAnswer.Write(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, faults.Count == 0 ? "ready"u8 : "degraded"u8);
            json.WriteStartArray("faults"u8);
            foreach (string fault in faults)
                json.WriteStringValue(fault);
            json.WriteEndArray();
            json.WriteStartObject("models"u8);
            foreach (ServedArm arm in state.Predictor.Arms)
                json.WriteString(arm.Arm, arm.Slot.Current.Version);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary><c>GET /</c>: what this is, and where to go on.</summary>
    public Task Root(HttpContext context) => JsonAnswer.Write(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("service"u8, "churn"u8);
        json.WriteString("engine_version"u8, state.Version);
        json.WriteString("model_name"u8, state.Predictor.Main.Current.Name);
        json.WriteString("model_version"u8, state.Predictor.Main.Current.Version);
        json.WriteString("docs"u8, "/docs"u8);
        json.WriteString("openapi"u8, "/openapi.json"u8);
        json.WriteEndObject();
    });

    /// <summary><c>GET /models</c>: which model serves whom.</summary>
    public Task Models(HttpContext context) => JsonAnswer.Write(context, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("models"u8);
        foreach (ServedArm arm in state.Predictor.Arms)
        {
            ServingModel model = arm.Slot.Current;
            json.WriteStartObject();
            json.WriteString("arm"u8, arm.Arm);
            json.WriteString("follows"u8, arm.Slot.Word);
            json.WriteNumber("share"u8, arm.Traffic?.Share ?? 1 - state.Settings.Traffic.Arms.Where(other => other.Answers).Sum(other => other.Share));
            json.WriteBoolean("answers"u8, arm.Traffic?.Answers ?? true);
            json.WriteString("model_name"u8, model.Name);
            json.WriteString("model_version"u8, model.Version);
            json.WriteString("backend"u8, model.Backend);
            json.WriteNumber("swaps"u8, arm.Slot.Swaps);
            if (arm.Slot.Fault is { } fault)
                json.WriteString("fault"u8, fault);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary><c>GET /model-info?model=NAME</c>: what a model says of itself, and what to send it.</summary>
    public Task ModelInfo(HttpContext context)
    {
        ServedArm arm = context.Request.Query["model"].ToString() is { Length: > 0 } name ? state.Predictor.Find(name) : state.Predictor.Arms[0];
        return ChurnPredictor.With(arm, model => JsonAnswer.Write(context, json => Describe(json, model)));
    }

    /// <summary><c>GET /metrics</c>: Prometheus text.</summary>
    public Task Metrics(HttpContext context) => Text(context, state.Metrics.Text(state.Predictor, state.Up, state.Monitored?.Metrics() ?? []), "text/plain; version=0.0.4; charset=utf-8");

    /// <summary><c>POST /admin/refresh</c>: looks at the registry now, and reads the models again.</summary>
    public Task Refresh(HttpContext context)
    {
        IReadOnlyList<ServedArm> changed = state.Predictor.Look(force: true);
        return JsonAnswer.Write(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("changed"u8);
            foreach (ServedArm arm in changed)
                json.WriteStringValue(arm.Arm);
            json.WriteEndArray();
            json.WriteStartArray("faults"u8);
            foreach (string fault in state.Faults)
                json.WriteStringValue(fault);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary><c>GET /openapi.json</c>.</summary>
    public static Task OpenApi(HttpContext context) => Page(context, "openapi.json", JsonAnswer.MediaType);

    /// <summary><c>GET /docs</c>: a page that shows it; loads nothing from elsewhere.</summary>
    public static Task Docs(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";
        return Page(context, "docs.html", "text/html; charset=utf-8");
    }

    internal static byte[] Resource(string name)
    {
        using Stream stream = typeof(InfoEndpoints).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void Describe(Utf8JsonWriter json, ServingModel model)
    {
        ModelMetadata metadata = model.Metadata;
        json.WriteStartObject();
        json.WriteString("model_name"u8, model.Name);
        json.WriteString("model_version"u8, model.Version);
        json.WriteString("task"u8, model.IsRegression ? "regression"u8 : "classification"u8);
        json.WriteString("engine_version"u8, metadata.EngineVersion);
        json.WriteString("backend"u8, model.Backend);
        json.WriteString("plan_hash"u8, metadata.PlanHash);
        json.WriteString("key"u8, model.Entity);
        if (!model.IsRegression)
        {
            json.WriteNumber("threshold"u8, metadata.Threshold);
            json.WriteString("calibration"u8, metadata.CalibrationMethod);
        }
        json.WriteNumber("training_rows"u8, metadata.TrainingRows);
        json.WriteStartArray("training_as_of"u8);
        foreach (long asOf in metadata.TrainingAsOf)
            json.WriteStringValue(InstantText.Format(asOf));
        json.WriteEndArray();
        json.WriteStartObject("metrics"u8);
        foreach ((string name, double value) in metadata.Metrics.Where(metric => double.IsFinite(metric.Value)))
            json.WriteNumber(name, value);
        json.WriteEndObject();
        json.WriteStartObject("tables"u8);
        foreach ((string table, IReadOnlyList<string> columns) in model.Tables)
        {
            json.WriteStartArray(table);
            foreach (string column in columns)
                json.WriteStringValue(column);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.WriteStartArray("features"u8);
        foreach (FeatureInfo feature in model.Features)
            Describe(json, feature);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Describe(Utf8JsonWriter json, FeatureInfo feature)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, feature.Name);
        json.WriteString("kind"u8, feature.Kind == FeatureKind.Categorical ? "categorical"u8 : "numeric"u8);
        if (feature.Unit.Length > 0)
            json.WriteString("unit"u8, feature.Unit);
        if (feature.Kind == FeatureKind.Categorical)
        {
            json.WriteStartArray("categories"u8);
            foreach (string category in feature.Categories)
                json.WriteStringValue(category);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static Task Page(HttpContext context, string name, string mediaType) => Send(context, Resource(name), mediaType);

    private static Task Text(HttpContext context, string text, string mediaType) => Send(context, Encoding.UTF8.GetBytes(text), mediaType);

    private static Task Send(HttpContext context, byte[] bytes, string mediaType)
    {
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
