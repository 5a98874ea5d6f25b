namespace ChurnEngine.Evaluation;

/// <summary>What outcomes say of probabilities: the sigmoid that would set them right, and whether chance alone could ask for it.</summary>
/// <param name="Slope">1 when probabilities spread as they should; below 1 they are too extreme.</param>
/// <param name="Intercept">0 when they are right in the middle; above 0 more leave than was foretold.</param>
/// <param name="Statistic">Likelihood ratio against slope 1 and intercept 0, over what chance adds to it because the calibration was fitted to a sample too; 0 and up.</param>
/// <param name="PValue">How likely chance alone gives as much, 0..1: chi-squared with two degrees of freedom.</param>
/// <param name="Shift">How far the probabilities would move on average, over their mean; 0 and up.</param>
/// <remarks>Source: Cox 1958 (logistic recalibration); Miller, Hui and Tierney 1991 for the joint test.</remarks>
public sealed record Recalibration(double Slope, double Intercept, double Statistic, double PValue, double Shift)
{
    // As the log-loss clips.
    private const double Least = 1.0 / (1 << 23);

    /// <summary>Fits and tests.</summary>
    /// <param name="probability">[N] 0..1; clipped at 2^-23 from either end. NaN is an error.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="calibratedOn">Rows that the probabilities were calibrated on, M; 0: they are exact.</param>
    /// <returns>Null when only one outcome is there.</returns>
    /// <remarks>The sigmoid of today differs from that of the calibration by the errors of both: its variance is 1 + N / M times that of today's alone, and so is the statistic's. Memory: 8 bytes a row. Errors: ArgumentException when the lengths differ or a probability is NaN.</remarks>
    public static Recalibration? Test(ReadOnlySpan<float> probability, ReadOnlySpan<float> labels, long calibratedOn = 0)
    {
        if (probability.Length != labels.Length)
            throw new ArgumentException($"{probability.Length} probabilities, {labels.Length} labels", nameof(labels));
        double[] logOdds = new double[probability.Length];
        long positives = 0;
        for (int row = 0; row < logOdds.Length; row++)
        {
            if (float.IsNaN(probability[row]))
                throw new ArgumentException($"the probability of row {row} is NaN", nameof(probability));
            double clipped = Math.Clamp(probability[row], Least, 1 - Least);
            logOdds[row] = Math.Log(clipped / (1 - clipped));
            positives += labels[row] == 1 ? 1 : 0;
        }
        if (positives == 0 || positives == labels.Length)
            return null;
        var fit = new SigmoidFit(logOdds, labels, (1, 0));
        FittedSigmoid best = fit.Newton(1, 0, slopeIsFree: true);
        // With two degrees of freedom the law of chi-squared is the exponential one.
        double inflation = calibratedOn > 0 ? 1 + (double)labels.Length / calibratedOn : 1;
        double statistic = Math.Max(0, 2 * (fit.LossOf(1, 0) - best.Loss)) / inflation;
        return new Recalibration(best.Slope, best.Intercept, statistic, Math.Exp(-statistic / 2), ShiftOf(logOdds, best));
    }

    private static double ShiftOf(double[] logOdds, FittedSigmoid to)
    {
        double moved = 0, sum = 0;
        foreach (double value in logOdds)
        {
            double probability = 1 / (1 + Math.Exp(-value));
            moved += Math.Abs(1 / (1 + Math.Exp(-(to.Slope * value + to.Intercept))) - probability);
            sum += probability;
        }
        return moved / sum;
    }
}
