using System.Globalization;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Registry;

/// <summary>Better than the champion on the same customers, later than the training of both: the whole 95% interval of the difference lies on the better side.</summary>
/// <remarks>By ROC-AUC; of a model that predicts a value by RMSE.</remarks>
public sealed class ChampionGate(PairedBootstrapOptions options) : IGate
{
    /// <summary>The gate's name.</summary>
    public const string GateName = "better_than_champion";

    /// <inheritdoc/>
    public string Name => GateName;

    /// <inheritdoc/>
    public GateVerdict Check(GateEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Comparison is not { } comparison)
            return new GateVerdict(Name, true, "there is no champion to beat");
        if (comparison.Obstacle is { } obstacle)
            return new GateVerdict(Name, false, $"it cannot be compared with champion {comparison.Champion}: {obstacle}");
        bool isValue = evidence.Candidate.Metadata.Task == ModelTask.Regression;
        PairedDifference found = isValue
            ? PairedBootstrap.Rmse(comparison.CandidatePredicted, comparison.ChampionPredicted, comparison.Labels, comparison.Customers, options)
            : PairedBootstrap.RocAuc(comparison.CandidatePredicted, comparison.ChampionPredicted, comparison.Labels, comparison.Customers, options);
        bool passed = isValue ? found.Upper < 0 : found.Lower > 0;
        string verdict = passed ? "better" : double.IsNaN(found.Lower) ? "too few rows of one outcome to tell" : (isValue ? found.Lower > 0 : found.Upper < 0) ? "worse" : "no difference that this many customers could show";
        return new GateVerdict(Name, passed, string.Create(CultureInfo.InvariantCulture,
            $"{(isValue ? "RMSE" : "ROC-AUC")} {found.First:F4} against {found.Second:F4} of champion {comparison.Champion}: difference {found.Difference:+0.0000;-0.0000} ({found.Lower:+0.0000;-0.0000} to {found.Upper:+0.0000;-0.0000}, 95%), {verdict}; {comparison.Design}, {found.Customers:N0} customers, {options.Resamples} samples, seed {options.Seed}"));
    }
}
