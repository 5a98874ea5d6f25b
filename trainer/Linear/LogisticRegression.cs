using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Logistic regression with elastic net.</summary>
/// <remarks>
/// A number is standardised by the weighted mean and deviation of the values that are there; a missing one takes the mean and, where training rows have missing values, a column of its own.
/// A category has a column; those too rare share one, and missing is one more. A value that is not finite is missing. What training never saw counts as average.
/// </remarks>
public static class LogisticRegression
{
    private const int Strengths = 30;
    private const double WeakestShare = 1e-4;
    private const int Patience = 5;
    private const int MostColumns = 4096;

    // With hardly any absolute values in the penalty no strength leaves nothing; source: glmnet.
    private const double LeastRatio = 1e-3;

    /// <summary>Trains.</summary>
    /// <param name="train">Rows to learn from; labels 0 or 1.</param>
    /// <param name="validation">Later rows that choose the strength of the penalty; null when <see cref="LogisticRegressionOptions.Alpha"/> is given.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after each strength, step "strengths".</param>
    /// <param name="cancellation">Stops between passes over the rows.</param>
    /// <returns>The model; the same bits for the same rows and options, whatever the number of threads.</returns>
    /// <remarks>
    /// Memory: 8 P^2 bytes for P columns, and for up to 64 strips of rows as much again, 256 MB at most.
    /// Errors: CE4001 to CE4008, CE4031 for too many columns. <see cref="ArgumentException"/> when lengths or features do not fit each other, or nothing says how strong the penalty is.
    /// Source: Friedman, Hastie and Tibshirani 2010.
    /// </remarks>
    public static LogisticRegressionResult Fit(LabelledRows train, LabelledRows? validation, LogisticRegressionOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (validation is null && options.Alpha is null)
            throw new ArgumentException("without validation rows alpha must be given", nameof(validation));
        if (validation is not null && validation.Matrix.FeatureCount != train.Matrix.FeatureCount)
            throw new ArgumentException("the validation rows have other features than the training rows", nameof(validation));
        LabelCheck.Check(Logistic.Instance, train, "training", mustVary: true);
        if (validation is not null)
            LabelCheck.Check(Logistic.Instance, validation, "validation", mustVary: false);
        using var team = new WorkTeam(options.Threads, cancellation);
        DesignMatrix design = DesignMatrix.Fit(train, options.MinRowsPerCategory, team);
        if (design.Count > MostColumns)
            throw TrainerErrors.TooManyColumns(design.Count, MostColumns);
        var solver = new ElasticNetSolver(new LogisticProblem(train, design, LabelStatistics.WeightSum(train), team), design.Count + 1, Logistic.Instance.BaseMargin(train.Labels.Span, train.Weights.Span));
        LogisticProblem? judge = validation is null ? null : new LogisticProblem(validation, design, LabelStatistics.WeightSum(validation), team);
        Fitted best = options.Alpha is { } alpha
            ? FitOne(solver, judge, alpha, options)
            : FitPath(solver, judge!, options, progress);
        return LinearModelBuilder.Build(train.Matrix.Features, design, best, options);
    }

    /// <summary>Coefficients at one strength.</summary>
    internal sealed record Fitted(double Alpha, double[] Coefficients, int Iterations, double Violation)
    {
        public required double TrainLoss { get; init; }

        public required double ValidationLoss { get; init; }
    }

    // From the strongest, which leaves the intercept alone, to the weakest; each starts where the last one ended.
    private static Fitted FitPath(ElasticNetSolver solver, LogisticProblem judge, LogisticRegressionOptions options, IProgress<StepProgress>? progress)
    {
        double strongest = 0;
        foreach (double slope in solver.Gradient[1..])
            strongest = Math.Max(strongest, Math.Abs(slope) / Math.Max(options.L1Ratio, LeastRatio));
        Fitted? best = null;
        int sinceBest = 0;
        for (int i = 0; i < Strengths && sinceBest < Patience; i++)
        {
            Fitted fitted = FitOne(solver, judge, strongest * Math.Pow(WeakestShare, (double)i / (Strengths - 1)), options);
            sinceBest++;
            if (best is null || fitted.ValidationLoss < best.ValidationLoss)
                (best, sinceBest) = (fitted, 0);
            progress?.Report(new StepProgress("strengths", i + 1, Strengths));
        }
        return best!;
    }

    private static Fitted FitOne(ElasticNetSolver solver, LogisticProblem? judge, double alpha, LogisticRegressionOptions options)
    {
        (int iterations, double violation) = solver.Minimise(new ElasticNet(alpha, options.L1Ratio), options.Tolerance, options.MaxIterations);
        return new Fitted(alpha, solver.Coefficients.ToArray(), iterations, violation) { TrainLoss = solver.Loss, ValidationLoss = judge?.Loss(solver.Coefficients) ?? double.NaN };
    }
}
