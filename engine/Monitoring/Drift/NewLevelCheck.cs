using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Features;
using ChurnEngine.Models;

namespace ChurnEngine.Monitoring;

/// <summary>Tells a new category from chance: a plan that nobody had at training, a payment method that was added since.</summary>
internal static class NewLevelCheck
{
    private const int LongestText = 60;

    /// <summary>What is new in a feature; null of a number.</summary>
    /// <param name="metadata">The model's.</param>
    /// <param name="index">Its feature.</param>
    /// <param name="rows">N, rows seen.</param>
    /// <param name="levels">What was counted.</param>
    /// <param name="options">Limits.</param>
    public static NewLevels? Of(ModelMetadata metadata, int index, long rows, LevelCounts levels, DriftOptions options)
    {
        FeatureInfo feature = metadata.Features[index];
        if (feature.Kind != FeatureKind.Categorical)
            return null;
        long unknown = levels.Counts.Rows(index);
        // Training knew all values, unless there were more than it keeps: those beyond were missing to it.
        double then = feature.Categories.Count >= TrainingSetOptions.DefaultCategoryLimit ? metadata.Distributions[index].MissingShare : 0;
        ShareInterval change = BinomialInterval.Difference(ShareInterval.Wilson(unknown, rows), ShareInterval.Wilson((long)Math.Round(then * metadata.TrainingRows), metadata.TrainingRows));
        IReadOnlyList<UnknownLevel> texts = levels.Unnamed.Contains(feature.Name) ? [] : levels.Counts.MostFrequent(index, NewLevels.MostTexts);
        bool isAlarm = rows >= options.LeastRows && change.Lower >= options.NewLevels;
        return new NewLevels((double)unknown / rows, change.Lower, change.Upper, texts, isAlarm ? Why(unknown, rows, change, texts) : "");
    }

    private static string Why(long unknown, long rows, ShareInterval change, IReadOnlyList<UnknownLevel> texts) => string.Create(CultureInfo.InvariantCulture,
        $"{(double)unknown / rows:P1} ({Math.Max(0, change.Lower):P1} to {change.Upper:P1}) have a value that training did not know{(texts.Count > 0 ? $": {string.Join(", ", texts.Select(level => $"'{Shown(level.Text)}' {(double)level.Rows / rows:P1}"))}" : "")}");

    // What customers typed may hold anything.
    private static string Shown(string text)
    {
        string clean = new([.. text.Take(LongestText).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
        return text.Length > LongestText ? clean + "..." : clean;
    }
}
