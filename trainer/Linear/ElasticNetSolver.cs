namespace ChurnEngine.Trainer;

/// <summary>Minimises log-loss plus the elastic net by proximal Newton steps: coordinate descent on the quadratic at hand, then a line search on the objective.</summary>
/// <remarks>
/// The gradient is new at every step, and it alone decides when to stop; the second derivatives, which cost far more, are taken anew only when the last ones no longer bring a step near enough.
/// Source: Friedman, Hastie and Tibshirani 2010 (penalised IRLS); Lee, Sun and Saunders 2014 (proximal Newton, its line search).
/// </remarks>
internal sealed class ElasticNetSolver
{
    // A step that leaves more than this of the violation asks for new second derivatives.
    private const double GoodStep = 0.1;
    private const double SufficientDecrease = 1e-4;
    private const double LeastStep = 1e-8;

    // Sums over the rows round: below this a difference of two losses says nothing.
    private const double LossRounding = 1e-13;

    private readonly LogisticProblem _problem;
    private readonly CoordinateDescent _descent;
    private readonly double[] _hessian;
    private double[] _coefficients;
    private double[] _gradient;
    private double[] _next;
    private double[] _nextGradient;

    /// <param name="problem">Rows and columns.</param>
    /// <param name="order">P + 1.</param>
    /// <param name="intercept">Where to begin: the log-odds of the mean label.</param>
    public ElasticNetSolver(LogisticProblem problem, int order, double intercept)
    {
        _problem = problem;
        _descent = new CoordinateDescent(order);
        _hessian = new double[order * order];
        _coefficients = new double[order];
        _gradient = new double[order];
        _next = new double[order];
        _nextGradient = new double[order];
        _coefficients[0] = intercept;
        Loss = problem.Gradient(_coefficients, _gradient);
        problem.Hessian(_coefficients, _hessian);
    }

    /// <summary>[P + 1] of the standardised columns, intercept first.</summary>
    public ReadOnlySpan<double> Coefficients => _coefficients;

    /// <summary>[P + 1] gradient of the loss there.</summary>
    public ReadOnlySpan<double> Gradient => _gradient;

    /// <summary>Weighted mean log-loss there.</summary>
    public double Loss { get; private set; }

    /// <summary>Goes from where it is to the minimum.</summary>
    /// <param name="penalty">The penalty.</param>
    /// <param name="tolerance">Largest violation of the optimality conditions.</param>
    /// <param name="mostIterations">Newton steps at most.</param>
    /// <returns>Steps taken, and the violation that is left.</returns>
    public (int Iterations, double Violation) Minimise(ElasticNet penalty, double tolerance, int mostIterations)
    {
        double violation = penalty.Violation(_gradient, _coefficients);
        bool isNew = false;
        for (int iteration = 0; ; iteration++)
        {
            if (violation <= tolerance || iteration == mostIterations)
                return (iteration, violation);
            _descent.Solve(_coefficients, _gradient, _hessian, penalty, Math.Max(tolerance / 10, violation / 1000));
            bool moved = TryStep(penalty);
            double left = penalty.Violation(_gradient, _coefficients);
            if (!moved && isNew)
                return (iteration, left);
            isNew = !moved || left > GoodStep * violation;
            if (isNew)
                _problem.Hessian(_coefficients, _hessian);
            violation = left;
        }
    }

    // Halves the step until the objective falls by enough of what the quadratic promised.
    private bool TryStep(ElasticNet penalty)
    {
        ReadOnlySpan<double> step = _descent.Step;
        double here = Loss + penalty.Of(_coefficients), slope = 0;
        for (int j = 0; j < step.Length; j++)
            (_next[j], slope) = (_coefficients[j] + step[j], slope + _gradient[j] * step[j]);
        double promised = slope + penalty.Of(_next) - penalty.Of(_coefficients);
        for (double length = 1; length >= LeastStep; length /= 2)
        {
            for (int j = 0; length < 1 && j < step.Length; j++)
                _next[j] = _coefficients[j] + length * step[j];
            double loss = _problem.Gradient(_next, _nextGradient);
            // Written so that a NaN fails.
            if (loss + penalty.Of(_next) <= here + SufficientDecrease * length * promised + LossRounding * here)
            {
                Loss = loss;
                (_coefficients, _next) = (_next, _coefficients);
                (_gradient, _nextGradient) = (_nextGradient, _gradient);
                return true;
            }
        }
        return false;
    }
}
