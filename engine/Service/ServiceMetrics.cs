using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using ChurnEngine.Pipeline;
using ChurnEngine.Telemetry;

namespace ChurnEngine.Service;

/// <summary>What the service counts: for Prometheus to scrape, and over OTLP where the environment names a collector. Thread-safe.</summary>
internal sealed class ServiceMetrics : IDisposable
{
    private static readonly double[] s_bounds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
    private readonly ConcurrentDictionary<(string Route, int Status), StrongBox> _requests = new();
    private readonly ConcurrentDictionary<string, Durations> _durations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Arm, string Version), StrongBox> _predictions = new();
    private readonly Meter _meter = new(Traces.SourceName);
    private readonly Counter<long> _otlpPredictions;
    private readonly Histogram<double> _otlpDurations;
    private int _inFlight;

    public ServiceMetrics()
    {
        _otlpDurations = _meter.CreateHistogram<double>("http.server.request.duration", "s", "How long requests took.");
        _otlpPredictions = _meter.CreateCounter<long>("churn.serve.predictions", description: "Customers predicted.");
    }

    /// <summary>Requests that are worked on.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Customers predicted.</summary>
    public long Predictions => _predictions.Values.Sum(count => Volatile.Read(ref count.Value));

    /// <summary>Begins a request; how many there are with it.</summary>
    public int Begin() => Interlocked.Increment(ref _inFlight);

    /// <summary>Ends a request.</summary>
    public void End(string route, int status, TimeSpan took)
    {
        Interlocked.Decrement(ref _inFlight);
        Interlocked.Increment(ref _requests.GetOrAdd((route, status), static _ => new StrongBox()).Value);
        _durations.GetOrAdd(route, static _ => new Durations()).Add(took.TotalSeconds);
        if (_otlpDurations.Enabled)
            _otlpDurations.Record(took.TotalSeconds, new("http.route", route), new("http.response.status_code", status));
    }

    /// <summary>Counts predictions.</summary>
    public void Predicted(string arm, string version, int customers)
    {
        Interlocked.Add(ref _predictions.GetOrAdd((arm, version), static _ => new StrongBox()).Value, customers);
        if (_otlpPredictions.Enabled)
            _otlpPredictions.Add(customers, new("arm", arm), new("version", version));
    }

    /// <summary>All of it, in Prometheus' text format.</summary>
    public string Text(ChurnPredictor predictor, TimeSpan up, IReadOnlyList<Metric> monitored)
    {
        List<Metric> metrics =
        [
            .. _requests.Select(entry => new Metric("churn_serve_requests_total", "Requests answered.", entry.Value.Value) { Kind = MetricKind.Counter, Labels = [new("route", entry.Key.Route), new("status", entry.Key.Status.ToString(CultureInfo.InvariantCulture))] }),
            .. _durations.SelectMany(entry => entry.Value.Series(entry.Key)),
            .. _predictions.Select(entry => new Metric("churn_serve_predictions_total", "Customers predicted.", entry.Value.Value) { Kind = MetricKind.Counter, Labels = [new("arm", entry.Key.Arm), new("version", entry.Key.Version)] }),
            new("churn_serve_requests_in_flight", "Requests that are worked on now.", InFlight),
            new("churn_serve_shadows_lost_total", "Shadow predictions that were not made.", predictor.ShadowsLost) { Kind = MetricKind.Counter },
            new("churn_serve_faults", "Things that are not as they should be; /ready says which.", predictor.Faults.Count),
            new("churn_serve_uptime_seconds", "Seconds since the service was ready.", up.TotalSeconds),
            new("churn_serve_resident_bytes", "Memory of the process as the system counts it.", Environment.WorkingSet),
            new("churn_serve_managed_bytes", "Memory of the managed heap.", GC.GetTotalMemory(forceFullCollection: false)),
        ];
        foreach (ServedArm arm in predictor.Arms)
        {
            metrics.Add(new Metric("churn_serve_model_info", "1 for the version that serves an arm.", 1) { Labels = [new("arm", arm.Arm), new("version", arm.Slot.Current.Version), new("model", arm.Slot.Current.Name)] });
            metrics.Add(new Metric("churn_serve_model_swaps_total", "How often another version took over.", arm.Slot.Swaps) { Kind = MetricKind.Counter, Labels = [new("arm", arm.Arm)] });
        }
        if (predictor.Log is { } log)
        {
            metrics.Add(new Metric("churn_serve_log_rows_total", "Predictions given to the prediction log.", log.Written) { Kind = MetricKind.Counter });
            metrics.Add(new Metric("churn_serve_log_lost_total", "Predictions that it could not keep.", log.Lost) { Kind = MetricKind.Counter });
        }
        return PrometheusText.Write([.. metrics, .. monitored]);
    }

    public void Dispose() => _meter.Dispose();

    private sealed class StrongBox
    {
        public long Value;
    }

    private sealed class Durations
    {
        private readonly long[] _counts = new long[s_bounds.Length + 1];
        private long _ticks;

        public void Add(double seconds)
        {
            int bucket = 0;
            while (bucket < s_bounds.Length && seconds > s_bounds[bucket])
                bucket++;
            Interlocked.Increment(ref _counts[bucket]);
            Interlocked.Add(ref _ticks, (long)(seconds * Stopwatch.Frequency));
        }

        public IEnumerable<Metric> Series(string route)
        {
            const string Name = "churn_serve_request_seconds", Help = "How long requests took.";
            long sum = 0;
            for (int i = 0; i < _counts.Length; i++)
            {
                sum += Volatile.Read(ref _counts[i]);
                string bound = i < s_bounds.Length ? s_bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                yield return new Metric(Name, Help, sum) { Kind = MetricKind.Histogram, Series = "_bucket", Labels = [new("route", route), new("le", bound)] };
            }
            yield return new Metric(Name, Help, (double)Volatile.Read(ref _ticks) / Stopwatch.Frequency) { Kind = MetricKind.Histogram, Series = "_sum", Labels = [new("route", route)] };
            yield return new Metric(Name, Help, sum) { Kind = MetricKind.Histogram, Series = "_count", Labels = [new("route", route)] };
        }
    }
}
