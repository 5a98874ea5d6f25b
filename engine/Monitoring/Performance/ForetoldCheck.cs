using ChurnEngine.Evaluation;

namespace ChurnEngine.Monitoring;

/// <summary>A figure that was expected before outcomes were known, and what came.</summary>
/// <param name="Metric">positive_rate, roc_auc, precision or recall.</param>
/// <param name="Expected">With its 95% interval.</param>
/// <param name="Measured">On outcomes.</param>
public sealed record ForetoldFigure(string Metric, Range95 Expected, double Measured)
{
    /// <summary>Measured less expected.</summary>
    public double Error => Measured - Expected.Value;

    /// <summary>Whether the interval held what came.</summary>
    public bool Held => Measured >= Expected.Lower && Measured <= Expected.Upper;
}

/// <summary>Says how well performance was foretold before outcomes were known.</summary>
public static class ForetoldCheck
{
    /// <summary>Compares figure by figure; what is unknown on either side is left out.</summary>
    /// <param name="expected">Expected, by metric of <see cref="ForetoldFigure.Metric"/>.</param>
    /// <param name="measured">On outcomes.</param>
    public static IReadOnlyList<ForetoldFigure> Run(IReadOnlyList<(string Metric, Range95 Expected)> expected, ClassificationMetrics measured)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(measured);
        IReadOnlyDictionary<string, double> values = measured.ToDictionary();
        return [.. expected.Where(figure => double.IsFinite(figure.Expected.Value) && values.ContainsKey(figure.Metric)).Select(figure => new ForetoldFigure(figure.Metric, figure.Expected, values[figure.Metric]))];
    }

    /// <summary>The figures of an expected performance, by metric.</summary>
    public static IReadOnlyList<(string Metric, Range95 Expected)> FiguresOf(ExpectedPerformance expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        return [("positive_rate", expected.PositiveRate), ("roc_auc", expected.RocAuc), ("precision", expected.Precision), ("recall", expected.Recall)];
    }
}
