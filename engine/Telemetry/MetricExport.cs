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
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Writes and pushes.</summary>
    /// <param name="metrics">What.</param>
    /// <param name="targets">Where.</param>
    /// <param name="job">Name of the job at the Pushgateway; what it pushed before is replaced.</param>
    /// <param name="grouping">Further labels of the push, such as the slice.</param>
    /// <returns>One sentence for each failure; empty when all arrived.</returns>
    public static IReadOnlyList<string> Send(IReadOnlyList<Metric> metrics, MetricTargets targets, string job, IReadOnlyList<KeyValuePair<string, string>> grouping)
    {
        ArgumentNullException.ThrowIfNull(targets);
        string text = PrometheusText.Write(metrics);
        List<string> failures = [];
        if (targets.File is { } file)
            Try(() => AtomicFile.WriteText(file, text), $"the metrics could not be written to '{file}'", failures);
        if (targets.PushGateway is { } address)
            Try(() => Push(AddressOf(address, job, grouping), text), $"the metrics could not be pushed to '{address}'", failures);
        return failures;
    }

    /// <summary>Address of a push: a label and its value are parts of the path, the values percent-encoded, or in base64 where a slash would end the part.</summary>
    internal static Uri AddressOf(string address, string job, IReadOnlyList<KeyValuePair<string, string>> grouping)
    {
        if (!Uri.TryCreate(address.TrimEnd('/'), UriKind.Absolute, out Uri? root) || root.Scheme is not ("http" or "https"))
            throw new UriFormatException("it is no http or https address");
        var path = new StringBuilder($"{root.AbsoluteUri.TrimEnd('/')}/metrics/job/{Uri.EscapeDataString(job)}");
        foreach ((string label, string value) in grouping)
            path.Append('/').Append(label).Append(value.Contains('/', StringComparison.Ordinal) ? $"@base64/{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value))}" : $"/{Uri.EscapeDataString(value)}");
        return new Uri(path.ToString());
    }

    private static void Push(Uri address, string text)
    {
        using var client = new HttpClient { Timeout = s_patience };
        using var content = new StringContent(text, Encoding.UTF8, "text/plain");
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = content };
        using HttpResponseMessage answer = client.Send(request);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"it answered {(int)answer.StatusCode} {answer.ReasonPhrase}");
    }

    private static void Try(Action send, string failed, List<string> failures)
    {
        try
        {
            send();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or HttpRequestException or OperationCanceledException or UriFormatException)
        {
            failures.Add($"{failed}: {(failure is OperationCanceledException ? $"no answer in {s_patience.TotalSeconds:F0} seconds" : failure.Message.TrimEnd('.'))}");
        }
    }
}
