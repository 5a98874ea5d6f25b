using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ChurnEngine.Telemetry;

/// <summary>Spans and metrics over OTLP, when the environment names where they go (OTEL_EXPORTER_OTLP_ENDPOINT, or the same for traces or metrics alone); else nothing at all.</summary>
/// <remarks>The other variables of OpenTelemetry hold too: protocol, headers, service name, resource attributes. A collector that does not answer costs a few seconds at the end and fails nothing.</remarks>
public sealed class Traces : IDisposable
{
    /// <summary>Name of the source of spans and of the meter.</summary>
    public const string SourceName = "ChurnEngine";

    private const int FlushMilliseconds = 5_000;
    private readonly TracerProvider? _tracer;
    private readonly MeterProvider? _meters;
    private readonly Meter _meter = new(SourceName);

    private Traces(string version, bool traces, bool metrics)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService("churn", serviceVersion: version).AddEnvironmentVariableDetector();
        if (traces)
            _tracer = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(SourceName).AddOtlpExporter().Build();
        if (metrics)
            _meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(SourceName).AddOtlpExporter().Build();
    }

    /// <summary>Starts to listen where the environment asks for it; null where it does not.</summary>
    /// <param name="version">Version of the engine.</param>
    public static Traces? Start(string version)
    {
        bool all = IsSet("OTEL_EXPORTER_OTLP_ENDPOINT");
        (bool traces, bool metrics) = (all || IsSet("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), all || IsSet("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"));
        return (traces || metrics) && Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED") != "true" ? new Traces(version, traces, metrics) : null;
    }

    /// <summary>Records a job's metrics as gauges.</summary>
    public void Record(IEnumerable<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        foreach (IGrouping<string, Metric> named in metrics.GroupBy(metric => metric.Name))
        {
            Gauge<double> gauge = _meter.CreateGauge<double>(named.Key, description: named.First().Help);
            foreach (Metric metric in named)
                gauge.Record(metric.Value, [.. metric.Labels.Select(label => new KeyValuePair<string, object?>(label.Key, label.Value))]);
        }
    }

    /// <summary>Sends what there is, for a few seconds at most, and stops.</summary>
    public void Dispose()
    {
        _meters?.ForceFlush(FlushMilliseconds);
        _tracer?.ForceFlush(FlushMilliseconds);
        _meters?.Dispose();
        _tracer?.Dispose();
        _meter.Dispose();
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
