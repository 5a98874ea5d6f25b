namespace ChurnEngine.Evaluation;

/// <summary>The sigmoid of slope * log-odds + intercept that fits outcomes best.</summary>
/// <param name="Slope">1 leaves log-odds as they are.</param>
/// <param name="Intercept">Shift in log-odds.</param>
/// <param name="Loss">Sum of the cross entropies, nats.</param>
public readonly record struct FittedSigmoid(double Slope, double Intercept, double Loss);

/// <summary>Fits a sigmoid of log-odds to outcomes by maximum likelihood: Platt scaling, and the test whether probabilities need it.</summary>
/// <remarks>Memory: allocates nothing. Source: Newton's method with backtracking after Lin, Lin and Weng 2007.</remarks>
public readonly ref struct SigmoidFit
{
    private const int MostSteps = 100;
    private readonly ReadOnlySpan<double> _logOdds;
    private readonly ReadOnlySpan<float> _labels;
    private readonly double _positiveTarget, _negativeTarget;

    /// <param name="logOdds">[N] finite.</param>
    /// <param name="labels">[N] 1 is positive, all else negative.</param>
    /// <param name="targets">What each class is fitted to, 0..1: 1 and 0, or smoothed.</param>
    public SigmoidFit(ReadOnlySpan<double> logOdds, ReadOnlySpan<float> labels, (double Positive, double Negative) targets)
    {
        if (logOdds.Length != labels.Length)
            throw new ArgumentException($"{logOdds.Length} log-odds, {labels.Length} labels", nameof(labels));
        _logOdds = logOdds;
        _labels = labels;
        (_positiveTarget, _negativeTarget) = targets;
    }

    /// <summary>Fits it.</summary>
    /// <param name="slope">Where to begin.</param>
    /// <param name="intercept">Where to begin.</param>
    /// <param name="slopeIsFree">False: the slope stays, and the intercept alone is fitted.</param>
    public FittedSigmoid Newton(double slope, double intercept, bool slopeIsFree)
    {
        (double Slope, double Intercept) at = (slope, intercept);
        Derivatives here = At(slope, intercept);
        for (int step = 0; step < MostSteps; step++)
        {
            (double slopeStep, double interceptStep) = here.NewtonStep(slopeIsFree);
            double decrease = here.SlopeGradient * slopeStep + here.InterceptGradient * interceptStep;
            if (-decrease < 1e-12 * (1 + here.Loss))
                break;
            double scale = 1;
            (double Slope, double Intercept) next;
            Derivatives there;
            do
            {
                next = (at.Slope + scale * slopeStep, at.Intercept + scale * interceptStep);
                there = At(next.Slope, next.Intercept);
                scale /= 2;
            }
            while (there.Loss > here.Loss + 1e-4 * 2 * scale * decrease && scale > 1e-10);
            if (there.Loss >= here.Loss)
                break;
            (at, here) = (next, there);
        }
        return new FittedSigmoid(at.Slope, at.Intercept, here.Loss);
    }

    /// <summary>Cross entropy of one sigmoid, without fitting.</summary>
    public double LossOf(double slope, double intercept) => At(slope, intercept).Loss;

    private Derivatives At(double slope, double intercept)
    {
        var sums = default(Derivatives);
        for (int row = 0; row < _logOdds.Length; row++)
        {
            double margin = _logOdds[row];
            double target = _labels[row] == 1 ? _positiveTarget : _negativeTarget;
            double logOdds = slope * margin + intercept;
            double small = Math.Exp(-Math.Abs(logOdds));
            double probability = logOdds >= 0 ? 1 / (1 + small) : small / (1 + small);
            double residual = probability - target;
            double curvature = small / ((1 + small) * (1 + small));
            sums.Loss += Math.Max(logOdds, 0) - target * logOdds + Math.Log(1 + small);
            sums.SlopeGradient += residual * margin;
            sums.InterceptGradient += residual;
            sums.SlopeSlope += curvature * margin * margin;
            sums.SlopeIntercept += curvature * margin;
            sums.InterceptIntercept += curvature;
        }
        return sums;
    }

    private struct Derivatives
    {
        // Keeps the Hessian positive definite when all margins are equal.
        private const double Ridge = 1e-12;

        public double Loss;
        public double SlopeGradient;
        public double InterceptGradient;
        public double SlopeSlope;
        public double SlopeIntercept;
        public double InterceptIntercept;

        public readonly (double Slope, double Intercept) NewtonStep(bool slopeIsFree)
        {
            if (!slopeIsFree)
                return (0, -InterceptGradient / (InterceptIntercept + Ridge));
            double a = SlopeSlope + Ridge, b = SlopeIntercept, c = InterceptIntercept + Ridge;
            double determinant = a * c - b * b;
            return (-(c * SlopeGradient - b * InterceptGradient) / determinant, -(a * InterceptGradient - b * SlopeGradient) / determinant);
        }
    }
}
