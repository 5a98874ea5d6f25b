namespace ChurnEngine.Models;

/// <summary>A sum of trees over one feature matrix: what the trainer makes, the codec writes and every walk reads.</summary>
public sealed class TreeEnsemble
{
    /// <summary>F, the width of a row.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>Log-odds (or value) before the first tree.</summary>
    public required double BaseMargin { get; init; }

    /// <summary>The trees; their leaf values are added in this order.</summary>
    public required IReadOnlyList<DecisionTree> Trees { get; init; }

    /// <summary>The raw log-odds of one row, summed in double in tree order: the definition of <c>margin</c>.</summary>
    /// <param name="row">[F] values, NaN where missing.</param>
    public double Margin(ReadOnlySpan<float> row)
    {
        double margin = BaseMargin;
        foreach (DecisionTree tree in Trees)
            margin += tree.LeafValue[tree.FindLeaf(row)];
        return margin;
    }
}

/// <summary>Maps a margin to a calibrated probability: sigmoid(slope * margin + intercept).</summary>
/// <param name="Slope">1 leaves the margin as it is; must be above 0, so that ranks stay.</param>
/// <param name="Intercept">Shift in log-odds.</param>
/// <remarks>Source: Platt 1999.</remarks>
public sealed record SigmoidCalibration(double Slope, double Intercept)
{
    /// <summary>No change: the probability is sigmoid(margin).</summary>
    public static SigmoidCalibration None { get; } = new(1, 0);

    /// <summary>The probability of one margin, 0..1.</summary>
    public double Probability(double margin) => 1 / (1 + Math.Exp(-(Slope * margin + Intercept)));
}
