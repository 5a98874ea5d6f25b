using ChurnEngine.Models;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>What to train, and where the model goes.</summary>
public sealed record TrainRequest
{
    /// <summary>Settings that override the project's.</summary>
    public TrainOverrides Overrides { get; init; } = new();

    /// <summary>How it is measured, searched and prepared.</summary>
    public DesignOverrides Design { get; init; } = new();

    /// <summary>File for the model; null: the project's setting, else model.onnx.</summary>
    public string? ModelPath { get; init; }

    /// <summary>File for a second copy in the compatibility profile; null for none.</summary>
    public string? CompatiblePath { get; init; }

    /// <summary>Model to go on from: its trees stay, new ones follow; null starts anew. Of a project alone.</summary>
    public string? ContinueFrom { get; init; }

    /// <summary>File for every split of the last training, in JSON lines; null for none.</summary>
    public string? TracePath { get; init; }

    /// <summary>Why a leakage alarm is overruled; null: an alarm stops training.</summary>
    public string? AllowLeakage { get; init; }

    /// <summary>Features or columns that look like personal data and may be used, beside those of the project.</summary>
    public IReadOnlyList<string> AllowPersonal { get; init; } = [];

    /// <summary>Told what the last training made; null: nobody.</summary>
    public Action<TrainedPredictor>? Trained { get; init; }

    /// <summary>Version of the engine, for the model's metadata.</summary>
    public required string EngineVersion { get; init; }
}

/// <summary>A plain table with its two columns that are not features.</summary>
/// <param name="Path">File, glob or folder.</param>
/// <param name="Id">Column that identifies a customer.</param>
/// <param name="Label">Column that says who churned, or the number to predict.</param>
public sealed record TableInput(string Path, string Id, string Label)
{
    /// <summary>What is learnt of the label.</summary>
    public ModelTask Task { get; init; }

    /// <summary>Columns to leave out, such as those that tell the label.</summary>
    public IReadOnlyList<string> Drop { get; init; } = [];
}

/// <summary>A model file and what runs it.</summary>
/// <param name="Path">The ONNX file.</param>
/// <param name="Open">Opens the backend.</param>
public sealed record ModelChoice(string Path, OpenModelBackend Open);

/// <summary>What to score.</summary>
public sealed record ScoreRequest
{
    /// <summary>Instant, microseconds since 1970 UTC; null: the end of the data.</summary>
    public long? AsOf { get; init; }

    /// <summary>Folder for the parts.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>Reasons a customer, 0 and up; null: <see cref="ScoreSettings.DefaultReasons"/> of a model of churn, none of a model of a value.</summary>
    public int? Reasons { get; init; } = 0;

    /// <summary>Probability from which a customer gets reasons; null: the model's threshold.</summary>
    public double? ReasonsFrom { get; init; }

    /// <summary>Columns of each reason, of sentence, feature, value and contribution; empty: those of the project, else the sentence.</summary>
    public IReadOnlyList<string> ReasonColumns { get; init; } = [];

    /// <summary>Features copied beside the scores.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The share of the partitions that this process does: "i/n", "auto", "auto/n" or "all"; null: what the scheduler that started it says, else all.</summary>
    public string? Partition { get; init; }

    /// <summary>What is written beside that, and where to.</summary>
    public OutputOverrides Output { get; init; } = new();

    /// <summary>Replace the result of another job.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Version of the engine; part of the job's identity.</summary>
    public required string EngineVersion { get; init; }
}

/// <summary>What a scoring job would do.</summary>
/// <param name="ModelVersion">Version of the model.</param>
/// <param name="Features">Features it reads.</param>
/// <param name="AsOf">ISO 8601 instant; null: the end of the data.</param>
/// <param name="Inputs">Files it would read.</param>
/// <param name="OutputDirectory">Folder it would fill.</param>
/// <param name="OutputState">What is there now.</param>
public sealed record ScorePlan(string ModelVersion, int Features, string? AsOf, IReadOnlyList<string> Inputs, string OutputDirectory, string OutputState);

/// <summary>A feature matrix that was written.</summary>
/// <param name="Path">The file.</param>
/// <param name="AsOf">ISO 8601 instant.</param>
/// <param name="Rows">Customers.</param>
/// <param name="Features">Columns beside key and as-of.</param>
/// <param name="PlanHash">Hash of the plan.</param>
public sealed record FeaturesReport(string Path, string AsOf, long Rows, int Features, string PlanHash);
