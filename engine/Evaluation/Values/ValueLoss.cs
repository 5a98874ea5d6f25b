namespace ChurnEngine.Evaluation;

/// <summary>How far predicted values are from the labels, averaged over the rows.</summary>
/// <remarks>Sums run in double in row order. Of every member: weights are 0 and up, empty means 1 everywhere; a NaN makes the result NaN; so does no row, or no weight.
/// Memory: allocates nothing. Errors: ArgumentException when the lengths differ.</remarks>
public static class ValueLoss
{
    /// <summary>Mean of (value - label)^2.</summary>
    /// <param name="predicted">[N] values.</param>
    /// <param name="labels">[N] labels.</param>
    /// <param name="weights">[N] or empty.</param>
    /// <returns>0 and up, in units of the label squared.</returns>
    public static double Squared(ReadOnlySpan<float> predicted, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default) =>
        Mean(predicted, labels, weights, default(SquaredTerm));

    /// <summary>Mean of |value - label|.</summary>
    /// <inheritdoc cref="Squared"/>
    /// <returns>0 and up, in units of the label.</returns>
    public static double Absolute(ReadOnlySpan<float> predicted, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default) =>
        Mean(predicted, labels, weights, default(AbsoluteTerm));

    /// <summary>Mean pinball loss: an error above the label costs 1 - share a unit, one below it costs share.</summary>
    /// <param name="predicted">[N] values.</param>
    /// <param name="labels">[N] labels.</param>
    /// <param name="weights">[N] or empty.</param>
    /// <param name="share">Which quantile the values foretell, above 0 and below 1.</param>
    /// <returns>0 and up, in units of the label. Least at the quantile of that share.</returns>
    /// <remarks>Source: Koenker and Bassett 1978.</remarks>
    public static double Quantile(ReadOnlySpan<float> predicted, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, double share) =>
        Mean(predicted, labels, weights, new QuantileTerm(share));

    /// <summary>Mean Poisson deviance, 2 (y ln(y / value) - y + value).</summary>
    /// <inheritdoc cref="Squared"/>
    /// <returns>0 and up; infinite where a label above 0 meets the value 0.</returns>
    /// <remarks>Labels are 0 and up, values above 0. Source: McCullagh and Nelder 1989; scikit-learn's mean_poisson_deviance.</remarks>
    public static double PoissonDeviance(ReadOnlySpan<float> predicted, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default) =>
        Mean(predicted, labels, weights, default(PoissonTerm));

    /// <summary>Mean Tweedie deviance, 2 (y^(2-p) / ((1-p)(2-p)) - y value^(1-p) / (1-p) + value^(2-p) / (2-p)).</summary>
    /// <param name="predicted">[N] values.</param>
    /// <param name="labels">[N] labels.</param>
    /// <param name="weights">[N] or empty.</param>
    /// <param name="power">p: the variance grows as the mean to this power; above 1 and below 2.</param>
    /// <returns>0 and up; infinite where a label above 0 meets the value 0.</returns>
    /// <remarks>Labels are 0 and up, values above 0. Source: Jorgensen 1987; scikit-learn's mean_tweedie_deviance.</remarks>
    public static double TweedieDeviance(ReadOnlySpan<float> predicted, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, double power) =>
        Mean(predicted, labels, weights, new TweedieTerm(power));

    private static double Mean<TTerm>(ReadOnlySpan<float> predicted, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, TTerm term) where TTerm : struct, ITerm
    {
        if (predicted.Length != labels.Length || (weights.Length != 0 && weights.Length != labels.Length))
            throw new ArgumentException($"{predicted.Length} predictions, {labels.Length} labels, {weights.Length} weights", nameof(predicted));
        double sum = 0, weightSum = weights.IsEmpty ? labels.Length : 0;
        for (int row = 0; row < labels.Length; row++)
        {
            double loss = term.Of(predicted[row], labels[row]);
            if (weights.IsEmpty)
            {
                sum += loss;
                continue;
            }
            // A row of weight 0 is not there, however large its loss.
            if (weights[row] == 0)
                continue;
            sum += weights[row] * loss;
            weightSum += weights[row];
        }
        return sum / weightSum;
    }

    private interface ITerm
    {
        double Of(double value, double label);
    }

    private readonly struct SquaredTerm : ITerm
    {
        public double Of(double value, double label) => (value - label) * (value - label);
    }

    private readonly struct AbsoluteTerm : ITerm
    {
        public double Of(double value, double label) => Math.Abs(value - label);
    }

    private readonly struct QuantileTerm(double share) : ITerm
    {
        public double Of(double value, double label) => value >= label ? (1 - share) * (value - label) : share * (label - value);
    }

    private readonly struct PoissonTerm : ITerm
    {
        public double Of(double value, double label) => 2 * ((label == 0 ? 0 : label * Math.Log(label / value)) - label + value);
    }

    private readonly struct TweedieTerm(double power) : ITerm
    {
        public double Of(double value, double label) =>
            2 * ((label == 0 ? 0 : Math.Pow(label, 2 - power) / ((1 - power) * (2 - power)) - label * Math.Pow(value, 1 - power) / (1 - power)) + Math.Pow(value, 2 - power) / (2 - power));
    }
}
