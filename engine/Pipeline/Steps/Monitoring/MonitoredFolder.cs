using ChurnEngine.Monitoring;
using ChurnEngine.Telemetry;

namespace ChurnEngine.Pipeline;

/// <summary>Monitoring's folder as a service shows it: the metrics of the newest report, read again when a run wrote another. Thread-safe.</summary>
/// <param name="folder">That of <c>monitor.out</c>; it need not exist yet.</param>
public sealed class MonitoredFolder(string folder)
{
    private readonly Lock _guard = new();
    private (DateTime Report, DateTime Alerts) _seen;
    private IReadOnlyList<Metric> _metrics = [];

    /// <summary>The metrics; none where no report can be read.</summary>
    /// <remarks>Costs two looks at a file's date when nothing changed. Errors: none.</remarks>
    public IReadOnlyList<Metric> Metrics()
    {
        string report = Path.Combine(folder, MonitorStep.FileName);
        // Of a file that is not there: the year 1601.
        (DateTime, DateTime) now = (File.GetLastWriteTimeUtc(report), File.GetLastWriteTimeUtc(Path.Combine(folder, AlertBookFile.FileName)));
        lock (_guard)
        {
            if (now != _seen)
                (_metrics, _seen) = (Read(report, now.Item1), now);
            return _metrics;
        }
    }

    private IReadOnlyList<Metric> Read(string path, DateTime written)
    {
        if (MonitorFolder.TryRead(path) is not { } report)
            return [];
        AlertBook? book = AlertBookFile.TryRead(folder);
        return MonitorMetrics.Of(report, book?.Firing.Select(alert => alert.Severity.Word()), book?.Channels.Sum(channel => channel.Waiting.Count) ?? 0, new DateTimeOffset(written, TimeSpan.Zero));
    }
}
