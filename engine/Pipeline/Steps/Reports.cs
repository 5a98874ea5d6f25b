using ChurnEngine.Models;

namespace ChurnEngine.Pipeline;

/// <summary>What validation found of one table.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Rows">Rows read.</param>
/// <param name="Refused">Rows that broke the contract.</param>
/// <param name="Quarantine">File that lists the bad cells; null when there is none.</param>
/// <param name="Problem">Why the table cannot be used; null when it can.</param>
public sealed record TableVerdict(string Table, long Rows, long Refused, string? Quarantine, string? Problem);

/// <summary>What validation found.</summary>
/// <param name="Passed">True when every table can be used.</param>
/// <param name="Tables">One verdict a table, in plan order.</param>
public sealed record ValidationReport(bool Passed, IReadOnlyList<TableVerdict> Tables);

/// <summary>One snapshot and what it was used for.</summary>
/// <param name="AsOf">ISO 8601 instant.</param>
/// <param name="Role">train, stop, calibrate or test.</param>
/// <param name="Rows">Customers at risk.</param>
/// <param name="Positives">Those that churned within the horizon; 0 where the label is a number.</param>
public sealed record SnapshotUse(string AsOf, string Role, long Rows, long Positives)
{
    /// <summary>Mean of the labels where they are numbers; null of churn.</summary>
    public double? MeanLabel { get; init; }
}

/// <summary>What training made, and how good it is on rows it has not seen.</summary>
public sealed record TrainReport
{
    /// <summary>The model file.</summary>
    public required string Model { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>What the model predicts where it is a number, as the plan writes it; null of churn.</summary>
    public string? Target { get; init; }

    /// <summary>What trained it, such as boosting or logistic.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Trees kept, those of <see cref="ContinuedFrom"/> among them; 0 of a model that is no sum of trees.</summary>
    public required int Trees { get; init; }

    /// <summary>How much was learnt, in words: "493 trees".</summary>
    public required string Size { get; init; }

    /// <summary>Version of the model that training went on from; null when it started anew.</summary>
    public string? ContinuedFrom { get; init; }

    /// <summary>Features.</summary>
    public required int Features { get; init; }

    /// <summary>How the metrics were measured, in words: they mean nothing without.</summary>
    public required string Design { get; init; }

    /// <summary>Snapshots by role; empty for a plain table.</summary>
    public IReadOnlyList<SnapshotUse> Snapshots { get; init; } = [];

    /// <summary>What was left out of training because it was not known, or not over, when the next snapshot of another use began; one sentence each, empty when nothing was.</summary>
    public IReadOnlyList<string> Purged { get; init; } = [];

    /// <summary>Metrics on the test snapshot, or over all held-out folds.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>ROC-AUC of each fold; empty without folds.</summary>
    public IReadOnlyList<double> FoldAuc { get; init; } = [];

    /// <summary>Mean of <see cref="FoldAuc"/>; null without folds.</summary>
    public double? MeanFoldAuc => FoldAuc.Count == 0 ? null : FoldAuc.Average();

    /// <summary>How probabilities were calibrated, and how far they are from the outcomes before and after; null where a value is predicted.</summary>
    public CalibrationRecord? Calibration { get; init; }

    /// <summary>How the threshold was chosen; null where a value is predicted.</summary>
    public ThresholdRecord? Threshold { get; init; }

    /// <summary>How the same training does at several origins; null where that was not asked for.</summary>
    public FoldReport? Folds { get; init; }

    /// <summary>What a search for options found; null without one.</summary>
    public TuneReport? Search { get; init; }

    /// <summary>Names of the features that were chosen; empty where there was no choice.</summary>
    public IReadOnlyList<string> Selected { get; init; } = [];

    /// <summary>Alarms of the leakage audit that the user chose to overrule; empty when there was none.</summary>
    public IReadOnlyList<string> OverruledAlarms { get; init; } = [];

    /// <summary>Folder of the run's record; null when it was not tracked.</summary>
    public string? Run { get; init; }

    /// <summary>Registry that the model came into; null for none.</summary>
    public string? Registry { get; init; }
}

/// <summary>How good a model is on a labelled sample.</summary>
/// <param name="Version">Version of the model.</param>
/// <param name="Design">How it was measured, in words.</param>
/// <param name="Metrics">The metrics by name, as in <c>--json</c>.</param>
/// <param name="Learnt">What the model's file says that it has learnt.</param>
/// <param name="Permutation">What each feature is worth to the model on that sample; null when that was not asked for.</param>
public sealed record EvaluationReport(string Version, string Design, IReadOnlyDictionary<string, double> Metrics, ModelExplanation Learnt, PermutationReport? Permutation)
{
    /// <summary>Files of the report, the page first; empty where none was asked for.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>What the report says; null where none was asked for.</summary>
    public Reporting.EvaluationData? Details { get; init; }
}

/// <summary>What scoring did.</summary>
/// <param name="Directory">Where the parts are.</param>
/// <param name="Rows">Customers written.</param>
/// <param name="Parts">Part files.</param>
/// <param name="PartsKept">Parts that an earlier run of the same job had finished.</param>
/// <param name="JobKey">Identity of the job.</param>
public sealed record ScoreReport(string Directory, long Rows, int Parts, int PartsKept, string JobKey)
{
    /// <summary>Customers of the inputs; of a slice its own.</summary>
    public long Customers { get; init; }

    /// <summary>Of these, gone already at that instant, or not there yet.</summary>
    public long NotAtRisk { get; init; }

    /// <summary>Of these, scored and left out of the parts by the condition asked for.</summary>
    public long LeftOut { get; init; }

    /// <summary>Database and table that hold the parts, without a password; null when they are files.</summary>
    public string? Database { get; init; }

    /// <summary>Rows of the inputs that broke their contract and were left out.</summary>
    public long RowsRefused { get; init; }

    /// <summary>Which share of the partitions this was, such as "3/8"; null: all.</summary>
    public string? Slice { get; init; }

    /// <summary>How the predictions are distributed: mean, min, max and quantiles by names such as "p50"; empty without rows.</summary>
    public IReadOnlyDictionary<string, double> Scores { get; init; } = new Dictionary<string, double>();

    /// <summary>Where the threads of the scoring stage spent their time, all threads added; empty when there was nothing to do.</summary>
    public IReadOnlyList<StageTime> ThreadTime { get; init; } = [];

    /// <summary>Share of the computing threads' time, 0..1, that was neither reading nor computing; null when there was nothing to do.</summary>
    public double? IdleShare { get; init; }
}

/// <summary>What verifying a finished scoring job found.</summary>
/// <param name="Directory">Its folder.</param>
/// <param name="Parts">Parts computed again and compared.</param>
/// <param name="Rows">Rows in them.</param>
/// <param name="Problems">What differs, one sentence a part; empty when all is as the manifest says.</param>
public sealed record VerifyReport(string Directory, int Parts, long Rows, IReadOnlyList<string> Problems);
