namespace ChurnEngine.Models;

/// <summary>What a model computes of a row before calibration: a sum of trees, or a linear form. The trainer makes it, the codec writes it, the walk runs it. Immutable.</summary>
/// <remarks>Another kind is a class with this interface, and a codec for it in <see cref="PredictorCodecs"/>.</remarks>
public interface IPredictor
{
    /// <summary>F, the width of a row.</summary>
    int FeatureCount { get; }

    /// <summary>Log-odds (or value) that the sum starts from: before the first tree, or of a row that is average in every feature.</summary>
    double BaseMargin { get; }

    /// <summary>The raw log-odds (or value) of one row, in double: the definition of <c>margin</c>.</summary>
    /// <param name="row">[F] values, NaN where missing.</param>
    double Margin(ReadOnlySpan<float> row);

    /// <summary>The margins of N rows, each the same bits as <see cref="Margin"/>.</summary>
    /// <param name="rows">[N * F] row-major values, NaN where missing.</param>
    /// <param name="margins">[N], overwritten.</param>
    /// <remarks>Memory: allocates nothing.</remarks>
    void Margins(ReadOnlySpan<float> rows, Span<double> margins);

    /// <summary>Prepares to split margins among the features.</summary>
    /// <remarks>Errors: <see cref="Columns.ChurnModelException"/> CE5901 when a tree does not know how many training rows reached its leaves.</remarks>
    IExplainer CreateExplainer();
}
