namespace ChurnEngine.Trainer;

/// <summary>What a search may choose.</summary>
/// <param name="dimensions">[D] options, each once.</param>
public sealed class SearchSpace(IReadOnlyList<SearchDimension> dimensions)
{
    /// <summary>[D] options.</summary>
    public IReadOnlyList<SearchDimension> Dimensions => dimensions;

    /// <summary>The ranges that suit an algorithm where nothing is said.</summary>
    /// <remarks>The number of trees is not among them: early stopping chooses it. Source: the ranges of Probst, Boulesteix and Bischl 2019 (tunability), narrowed to what churn tables take.</remarks>
    public static SearchSpace For(AlgorithmKind algorithm) => new(algorithm switch
    {
        AlgorithmKind.Logistic => [SearchDimension.Range("alpha", 1e-6, 0.1, isLog: true), SearchDimension.Range("l1_ratio", 0, 1)],
        AlgorithmKind.Forest or AlgorithmKind.ExtraTrees =>
        [
            SearchDimension.Range("max_leaves", 16, 1024, isLog: true, isWhole: true),
            SearchDimension.Range("min_rows_in_leaf", 1, 100, isLog: true, isWhole: true),
            SearchDimension.Range("column_sample_by_node", 0.1, 1),
        ],
        _ =>
        [
            SearchDimension.Range("learning_rate", 0.02, 0.3, isLog: true),
            SearchDimension.Range("max_leaves", 4, 64, isLog: true, isWhole: true),
            SearchDimension.Range("min_rows_in_leaf", 5, 200, isLog: true, isWhole: true),
            SearchDimension.Range("l2", 0.01, 100, isLog: true),
            SearchDimension.Range("row_sample", 0.5, 1),
            SearchDimension.Range("column_sample", 0.3, 1),
        ],
    });

    /// <summary>What the options are at a point.</summary>
    /// <param name="point">[D] a place in each dimension.</param>
    public IReadOnlyDictionary<string, string> TextOf(IReadOnlyList<double> point) =>
        dimensions.Select((dimension, i) => (dimension.Name, Text: dimension.TextOf(point[i]))).ToDictionary(pair => pair.Name, pair => pair.Text);

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", dimensions);
}
