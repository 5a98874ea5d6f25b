using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Beta calibration: three parameters, by maximum likelihood.</summary>
public static class BetaCalibrator
{
    // Below this the curve is flat at one end, and ranks would tie there.
    private const double LeastSteepness = 1e-6;
    private const int MostSteps = 100;

    /// <summary>Fits a, b and c, starting from Platt's sigmoid, which is a beta calibration with a = b.</summary>
    /// <param name="margins">[N] finite log-odds of rows that the trees were not trained on.</param>
    /// <param name="labels">[N] 0 or 1, both present.</param>
    /// <returns>a and b above 0: where the best would be negative, 1e-6, and the others fit best beside it.</returns>
    /// <remarks>
    /// Memory: 16 bytes a row. Errors: as <see cref="PlattCalibrator.Fit"/>.
    /// Source: Kull, Silva Filho and Flach 2017; targets smoothed as in Platt 1999, so that separable data stays finite.
    /// </remarks>
    public static BetaCalibration Fit(ReadOnlySpan<double> margins, ReadOnlySpan<float> labels)
    {
        SigmoidCalibration platt = PlattCalibrator.Fit(margins, labels);
        var logs = new (double LogP, double MinusLogQ)[margins.Length];
        long positives = 0;
        for (int row = 0; row < logs.Length; row++)
        {
            logs[row] = BetaCalibration.Features(margins[row]);
            positives += labels[row] == 1 ? 1 : 0;
        }
        var targets = ((positives + 1.0) / (positives + 2.0), 1 / (labels.Length - positives + 2.0));
        var fit = new Fitting(logs, labels, targets);
        Span<double> at = [platt.Slope, platt.Slope, platt.Intercept];
        Span<bool> isFree = [true, true, true];
        // One of them after the other may leave its range; with both held there is only c left to fit.
        for (int held = 0; held <= 2; held++)
        {
            fit.Newton(at, isFree);
            int outside = !(at[0] >= LeastSteepness) ? 0 : !(at[1] >= LeastSteepness) ? 1 : -1;
            if (outside < 0)
                break;
            (at[outside], isFree[outside]) = (LeastSteepness, false);
        }
        return new BetaCalibration(at[0], at[1], at[2]);
    }

    private readonly ref struct Fitting((double LogP, double MinusLogQ)[] logs, ReadOnlySpan<float> labels, (double Positive, double Negative) targets)
    {
        private readonly ReadOnlySpan<float> _labels = labels;

        /// <summary>Goes to the minimum over the free parameters.</summary>
        public void Newton(Span<double> at, ReadOnlySpan<bool> isFree)
        {
            Span<double> gradient = stackalloc double[3], hessian = stackalloc double[9], step = stackalloc double[3], next = stackalloc double[3];
            double loss = Derive(at, gradient, hessian);
            for (int turn = 0; turn < MostSteps; turn++)
            {
                SolveDownhill(hessian, gradient, isFree, step);
                double decrease = gradient[0] * step[0] + gradient[1] * step[1] + gradient[2] * step[2];
                if (!(-decrease >= 1e-12 * (1 + loss)))
                    return;
                double scale = 1, there;
                do
                {
                    for (int i = 0; i < 3; i++)
                        next[i] = at[i] + scale * step[i];
                    there = Loss(next);
                    scale /= 2;
                }
                while (there > loss + 1e-4 * 2 * scale * decrease && scale > 1e-10);
                if (!(there < loss))
                    return;
                next.CopyTo(at);
                loss = Derive(at, gradient, hessian);
            }
        }

        private double Loss(ReadOnlySpan<double> at)
        {
            double sum = 0;
            for (int row = 0; row < logs.Length; row++)
            {
                double logOdds = at[0] * logs[row].LogP + at[1] * logs[row].MinusLogQ + at[2];
                sum += Math.Max(logOdds, 0) - (_labels[row] == 1 ? targets.Positive : targets.Negative) * logOdds + Math.Log(1 + Math.Exp(-Math.Abs(logOdds)));
            }
            return sum;
        }

        private double Derive(ReadOnlySpan<double> at, Span<double> gradient, Span<double> hessian)
        {
            gradient.Clear();
            hessian.Clear();
            double sum = 0;
            for (int row = 0; row < logs.Length; row++)
            {
                (double logP, double minusLogQ) = logs[row];
                double logOdds = at[0] * logP + at[1] * minusLogQ + at[2];
                double target = _labels[row] == 1 ? targets.Positive : targets.Negative;
                double small = Math.Exp(-Math.Abs(logOdds));
                double residual = (logOdds >= 0 ? 1 / (1 + small) : small / (1 + small)) - target;
                double curvature = small / ((1 + small) * (1 + small));
                sum += Math.Max(logOdds, 0) - target * logOdds + Math.Log(1 + small);
                gradient[0] += residual * logP;
                gradient[1] += residual * minusLogQ;
                gradient[2] += residual;
                hessian[0] += curvature * logP * logP;
                hessian[1] += curvature * logP * minusLogQ;
                hessian[2] += curvature * logP;
                hessian[4] += curvature * minusLogQ * minusLogQ;
                hessian[5] += curvature * minusLogQ;
                hessian[8] += curvature;
            }
            return sum;
        }

        // Newton's step over the free parameters, by Cholesky; a held one stays.
        private static void SolveDownhill(ReadOnlySpan<double> hessian, ReadOnlySpan<double> gradient, ReadOnlySpan<bool> isFree, Span<double> step)
        {
            // Keeps the matrix positive definite where margins are equal, or all on one side of 0.
            const double Ridge = 1e-9;
            Span<double> lower = stackalloc double[9];
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double sum = isFree[i] && isFree[j] ? hessian[3 * j + i] : 0;
                    if (i == j)
                        sum = isFree[i] ? sum * (1 + Ridge) + Ridge : 1;
                    for (int k = 0; k < j; k++)
                        sum -= lower[3 * i + k] * lower[3 * j + k];
                    lower[3 * i + j] = i == j ? Math.Sqrt(Math.Max(sum, Ridge)) : sum / lower[3 * j + j];
                }
            }
            for (int i = 0; i < 3; i++)
            {
                double sum = isFree[i] ? -gradient[i] : 0;
                for (int k = 0; k < i; k++)
                    sum -= lower[3 * i + k] * step[k];
                step[i] = sum / lower[3 * i + i];
            }
            for (int i = 2; i >= 0; i--)
            {
                for (int k = i + 1; k < 3; k++)
                    step[i] -= lower[3 * k + i] * step[k];
                step[i] /= lower[3 * i + i];
            }
        }
    }
}
