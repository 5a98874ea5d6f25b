namespace ChurnEngine.Trainer;

/// <summary>How logistic regression is trained.</summary>
/// <remarks>
/// Minimised is, over coefficients b of the standardised columns and an intercept that is not penalised,
/// <code>  weighted mean of the log-loss  +  alpha * ( l1_ratio * sum |b|  +  (1 - l1_ratio) / 2 * sum b^2 )  </code>
/// as scikit-learn's SGDClassifier and ElasticNet name it. Its LogisticRegression has C = 1 / (alpha * rows); glmnet calls alpha lambda, and l1_ratio alpha.
/// </remarks>
public sealed record LogisticRegressionOptions
{
    /// <summary>Strength of the penalty, 0 and up; null: the one with the least log-loss on the validation rows, of 30 between one that leaves nothing and a ten-thousandth of it.</summary>
    public double? Alpha { get; init; }

    /// <summary>Share of the absolute values in the penalty, 0..1: 0 shrinks all coefficients (ridge), 1 sets most to 0 (lasso).</summary>
    public double L1Ratio { get; init; } = 0.5;

    /// <summary>Largest violation of the optimality conditions at the end, above 0: how far any derivative of the objective may be from 0.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Most Newton steps for one strength, 1 and up.</summary>
    public int MaxIterations { get; init; } = 100;

    /// <summary>Categories with fewer training rows than this share one coefficient, 1 and up.</summary>
    public int MinRowsPerCategory { get; init; } = 10;

    /// <summary>Threads that work at once, 1 and up. The result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Throws when an option makes no sense.</summary>
    /// <remarks>Errors: CE4007, a <see cref="Columns.ChurnConfigException"/> that names the option and its range.</remarks>
    public void Validate()
    {
        // Written so that a NaN fails too.
        if (Alpha is { } alpha && !(alpha >= 0 && double.IsFinite(alpha)))
            throw TrainerErrors.OptionOutOfRange(nameof(Alpha), "a finite number, 0 and up", alpha);
        if (!(L1Ratio >= 0 && L1Ratio <= 1))
            throw TrainerErrors.OptionOutOfRange(nameof(L1Ratio), "0 to 1", L1Ratio);
        if (!(Tolerance > 0 && double.IsFinite(Tolerance)))
            throw TrainerErrors.OptionOutOfRange(nameof(Tolerance), "a finite number above 0", Tolerance);
        if (MaxIterations < 1)
            throw TrainerErrors.OptionOutOfRange(nameof(MaxIterations), "1 or more", MaxIterations);
        if (MinRowsPerCategory < 1)
            throw TrainerErrors.OptionOutOfRange(nameof(MinRowsPerCategory), "1 or more", MinRowsPerCategory);
        if (Threads < 1)
            throw TrainerErrors.OptionOutOfRange(nameof(Threads), "1 or more", Threads);
    }
}
