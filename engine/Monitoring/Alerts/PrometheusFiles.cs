using ChurnEngine.Columns;

namespace ChurnEngine.Monitoring;

/// <summary>The files for Prometheus and Grafana that come with the engine.</summary>
public static class PrometheusFiles
{
    /// <summary>Alert rules for Prometheus.</summary>
    public const string Rules = "churn-alerts.yml";

    /// <summary>A dashboard for Grafana.</summary>
    public const string Dashboard = "grafana-dashboard.json";

    /// <summary>Writes both.</summary>
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="isDry">True writes nothing.</param>
    /// <returns>Their paths.</returns>
    /// <remarks>Errors: those of <see cref="AtomicFile"/>.</remarks>
    public static IReadOnlyList<string> Write(string folder, bool isDry)
    {
        List<string> paths = [];
        foreach (string name in (string[])[Rules, Dashboard])
        {
            string path = Path.Combine(Path.GetFullPath(folder), name);
            paths.Add(path);
            if (isDry)
                continue;
            using Stream content = typeof(PrometheusFiles).Assembly.GetManifestResourceStream(name)!;
            AtomicFile.Write(path, content.CopyTo);
        }
        return paths;
    }
}
