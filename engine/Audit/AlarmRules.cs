using ChurnEngine.Evaluation;

namespace ChurnEngine.Audit;

/// <summary>How good is too good to be true.</summary>
public sealed record AlarmRules
{
    /// <summary>A single feature above this AUC alarms, 0.5..1.</summary>
    public double FeatureAuc { get; init; } = 0.95;

    /// <summary>A model above this AUC alarms, 0.5..1; not used when the oracle is known.</summary>
    public double ModelAuc { get; init; } = 0.97;

    /// <summary>For a generated world: the AUC of the known probability on the model's test rows, with its DeLong standard error; else null.</summary>
    public AucInterval? Oracle { get; init; }

    /// <summary>A model more than this many standard errors above the oracle alarms, 0 and up.</summary>
    /// <remarks>The error is the oracle's own, not that of the difference. Both areas come from the same rows and rise and fall together,
    /// so the difference varies less: the alarm is the surer, and misses a slight leak.</remarks>
    public double OracleStandardErrors { get; init; } = 3;

    /// <summary>Above this many rows, every k-th row is checked, 1000 and up.</summary>
    public int SampleRows { get; init; } = 200_000;

    /// <summary>Features are judged from this many checked rows of each class, 2 and up: with fewer, chance reaches any AUC.</summary>
    public int LeastPerClass { get; init; } = 20;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <remarks>Errors: ChurnConfigException CE8002.</remarks>
    public void Validate()
    {
        Require("feature_auc", FeatureAuc, FeatureAuc is >= 0.5 and <= 1, "0.5 to 1");
        Require("model_auc", ModelAuc, ModelAuc is >= 0.5 and <= 1, "0.5 to 1");
        Require("oracle_standard_errors", OracleStandardErrors, OracleStandardErrors >= 0, "0 and up");
        Require("sample_rows", SampleRows, SampleRows >= 1000, "1000 and up");
        Require("least_per_class", LeastPerClass, LeastPerClass >= 2, "2 and up");
        if (Oracle is { } oracle)
            Require("oracle", oracle.StandardError, double.IsFinite(oracle.Auc) && double.IsFinite(oracle.StandardError), "an AUC with a standard error, which takes two rows of each class");
    }

    private static void Require(string name, double value, bool holds, string expected)
    {
        if (!holds)
            throw AuditErrors.BadRule(name, value, expected);
    }
}
