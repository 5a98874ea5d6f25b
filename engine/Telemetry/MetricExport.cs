using System.Buffers.Text;
using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Telemetry;

/// <summary>Where a job's metrics go when it has ended.</summary>
/// <param name="File">File for node_exporter's textfile collector, which wants the ending .prom; null for none.</param>
/// <param name="PushGateway">Address of a Pushgateway, such as http://push:9091; null for none.</param>
public sealed record MetricTargets(string? File, string? PushGateway)
{
    /// <summary>Whether there is any.</summary>
    public bool Any => File is not null || PushGateway is not null;
}

/// <summary>Hands metrics to a file and to a Pushgateway. A failure is told and fails nothing: the job has done its work.</summary>
public static class MetricExport
{
    /// <summary>Writes and pushes.</summary>
    /// <param name="metrics">What.</param>
    /// <param name="targets">Where.</param>
    /// <param name="job">Name of the job at the Pushgateway; what it pushed before is replaced.</param>
    /// <param name="grouping">Further labels of the push, such as the slice.</param>
    /// <param name="cancellation">Ends a push.</param>
    /// <returns>One sentence for each failure; empty when all arrived.</returns>
    public static IReadOnlyList<string> Send(IReadOnlyList<Metric> metrics, MetricTargets targets, string job, IReadOnlyList<KeyValuePair<string, string>> grouping, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(targets);
        string text = PrometheusText.Write(metrics);
        List<string> failures = [];
        if (targets.File is { } file && Write(file, text) is { } unwritten)
            failures.Add($"the metrics could not be written to '{file}': {unwritten}");
        if (targets.PushGateway is { } address)
        {
            SecretAddress? target = AddressOf(address, job, grouping);
            string? fault = target is null ? "it is no http or https address" : HttpDelivery.Send(HttpMethod.Put, target, text, "text/plain", DeliveryPatience.Default, cancellation).Fault;
            if (fault is not null)
                failures.Add($"the metrics could not be pushed to '{SecretAddress.TryParse(address)?.ToString() ?? address}': {fault}");
        }
        return failures;
    }

    /// <summary>Address of a push: a label and its value are parts of the path, the values percent-encoded, or in base64 where a slash would end the part. Null for what is no address.</summary>
    internal static SecretAddress? AddressOf(string address, string job, IReadOnlyList<KeyValuePair<string, string>> grouping)
    {
        var path = new StringBuilder($"/metrics/job/{Uri.EscapeDataString(job)}");
        foreach ((string label, string value) in grouping)
            path.Append('/').Append(label).Append(value.Contains('/', StringComparison.Ordinal) ? $"@base64/{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value))}" : $"/{Uri.EscapeDataString(value)}");
        return SecretAddress.TryParse(address)?.Below(path.ToString());
    }

    private static string? Write(string file, string text)
    {
        try
        {
            AtomicFile.WriteText(file, text);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message.TrimEnd('.');
        }
    }
}
