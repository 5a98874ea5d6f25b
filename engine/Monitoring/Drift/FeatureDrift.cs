using ChurnEngine.Features;

namespace ChurnEngine.Monitoring;

/// <summary>What became of a feature.</summary>
public enum DriftVerdict
{
    /// <summary>As at training, as far as can be told.</summary>
    Stable,
    /// <summary>Changed by more than a limit, and not by chance.</summary>
    Drifted,
    /// <summary>Too few rows to tell.</summary>
    NotJudged,
}

/// <summary>One feature now, against its distribution at training.</summary>
/// <param name="Feature">Name.</param>
/// <param name="StabilityIndex">PSI, missing values being a bin; nats.</param>
/// <param name="Lower">Lower end of its 95% interval, what chance alone gives taken off; 0 and up.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="KullbackLeibler">Nats, 0 and up.</param>
/// <param name="JensenShannon">Distance, 0..1.</param>
/// <param name="KolmogorovSmirnov">Of a number's values, 0..1; null of a category, or without values.</param>
/// <param name="Wasserstein">Of a number's values, in widths between the quartiles at training; null of a category, or where it has no width.</param>
/// <param name="ChiSquared">Pearson's statistic over the bins.</param>
/// <param name="PValue">How likely chance alone gives as much, 0..1.</param>
/// <param name="AdjustedPValue">The same over all features tested (false discovery rate).</param>
/// <param name="Missing">Share of rows without a value, 0..1.</param>
/// <param name="MissingAtTraining">The same at training.</param>
/// <param name="Verdict">Whether it drifted.</param>
/// <param name="Why">Which limit it broke, in words; empty when it did not.</param>
public sealed record FeatureDrift(
    string Feature, double StabilityIndex, double Lower, double Upper, double KullbackLeibler, double JensenShannon, double? KolmogorovSmirnov, double? Wasserstein,
    double ChiSquared, double PValue, double AdjustedPValue, double Missing, double MissingAtTraining, DriftVerdict Verdict, string Why)
{
    /// <summary>Rows whose value training did not know, told apart from the missing and left out of the distances; null of a number, and where nobody counted.</summary>
    public NewLevels? New { get; init; }
}

/// <summary>Values of a category that training did not know.</summary>
/// <param name="Share">Of all rows, 0..1.</param>
/// <param name="Lower">Lower end of the 95% interval of the share beyond that of training.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="Texts">The most frequent, with their rows; empty where they may not be named, or are too many.</param>
/// <param name="Why">Which limit they broke, in words; empty when none.</param>
public sealed record NewLevels(double Share, double Lower, double Upper, IReadOnlyList<UnknownLevel> Texts, string Why)
{
    /// <summary>Texts told at most.</summary>
    public const int MostTexts = 5;

    /// <summary>Whether a limit is broken.</summary>
    public bool IsAlarm => Why.Length > 0;
}

/// <summary>What was counted of values that training did not know.</summary>
/// <param name="Counts">By feature.</param>
/// <param name="Unnamed">Features whose values may not be told.</param>
public sealed record LevelCounts(UnknownLevels Counts, IReadOnlySet<string> Unnamed);

/// <summary>The scores now, against those of the customers whom the model was calibrated on.</summary>
/// <param name="Mean">Mean now.</param>
/// <param name="Lower">Lower end of its 95% interval.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="MeanAtTraining">Mean then; null where the model does not say.</param>
/// <param name="Change">Relative change of the mean; null as the mean then.</param>
/// <param name="StabilityIndex">PSI of the scores' distribution; null where the model does not say.</param>
/// <param name="Verdict">Whether they drifted.</param>
/// <param name="Why">Which limit they broke, in words; empty when none.</param>
public sealed record ScoreDrift(double Mean, double Lower, double Upper, double? MeanAtTraining, double? Change, double? StabilityIndex, DriftVerdict Verdict, string Why)
{
    /// <summary>[B] share of customers, 0..1, in each bin of scores, the lowest first: when the model was calibrated, when the bins had about equal shares, and now. Empty where the model does not say.</summary>
    public IReadOnlyList<(double Then, double Now)> Shares { get; init; } = [];
}

/// <summary>All features and the scores of some customers, against training.</summary>
/// <param name="Rows">Customers.</param>
/// <param name="Features">[F] in the model's order.</param>
/// <param name="Scores">The scores.</param>
public sealed record DriftReport(long Rows, IReadOnlyList<FeatureDrift> Features, ScoreDrift Scores)
{
    /// <summary>Features that drifted, the furthest first.</summary>
    public IEnumerable<FeatureDrift> Drifted => Features.Where(feature => feature.Verdict == DriftVerdict.Drifted).OrderByDescending(feature => feature.Lower).ThenBy(feature => feature.Feature, StringComparer.Ordinal);

    /// <summary>Features with a new category, the most frequent first.</summary>
    public IEnumerable<FeatureDrift> WithNewCategory => Features.Where(feature => feature.New is { IsAlarm: true }).OrderByDescending(feature => feature.New!.Share).ThenBy(feature => feature.Feature, StringComparer.Ordinal);

    /// <summary>Whether anything drifted.</summary>
    public bool HasDrifted => Scores.Verdict == DriftVerdict.Drifted || Features.Any(feature => feature.Verdict == DriftVerdict.Drifted || feature.New is { IsAlarm: true });
}
