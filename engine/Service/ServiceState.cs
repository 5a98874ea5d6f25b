using System.Diagnostics;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Service;

/// <summary>What the routes share.</summary>
internal sealed class ServiceState(ChurnPredictor predictor, ServeSettings settings, string version)
{
    /// <summary>Where a request keeps the id of its prediction, for the log.</summary>
    public const string PredictionItem = "churn.prediction";

    private readonly long _began = Stopwatch.GetTimestamp();

    public ChurnPredictor Predictor => predictor;

    public ServeSettings Settings => settings;

    /// <summary>Version of the engine.</summary>
    public string Version => version;

    /// <summary>What monitoring found last; null where no folder of it is known.</summary>
    public MonitoredFolder? Monitored { get; init; }

    public ServiceMetrics Metrics { get; } = new();

    /// <summary>True from when the service was told to stop.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Why the keys as their file has them are not in force; null when they are.</summary>
    public string? KeyFault { get; set; }

    public TimeSpan Up => Stopwatch.GetElapsedTime(_began);

    /// <summary>All that is not as it should be.</summary>
    public IReadOnlyList<string> Faults => KeyFault is { } keys ? [.. predictor.Faults, $"the API keys are those of before: {keys}"] : predictor.Faults;
}
