namespace ChurnEngine.Models;

/// <summary>Splits a row's margin exactly among its features: SHAP values. Thread-safe.</summary>
/// <remarks>For every row, <see cref="ExpectedMargin"/> plus its contributions is the margin, within rounding in double.</remarks>
public interface IExplainer
{
    /// <summary>F, the width of a row and of its contributions.</summary>
    int FeatureCount { get; }

    /// <summary>Mean margin over the training rows, log-odds: what is said of a customer of whom nothing is known.</summary>
    double ExpectedMargin { get; }

    /// <summary>Computes the contributions of N rows.</summary>
    /// <param name="rows">[N * F] row-major values; NaN is missing.</param>
    /// <param name="contributions">[N * F] log-odds, above 0 where the feature raises the margin; overwritten.</param>
    /// <remarks>Errors: ArgumentException when the lengths do not fit.</remarks>
    void Explain(ReadOnlySpan<float> rows, Span<double> contributions);
}
