namespace ChurnEngine.Trainer;

/// <summary>A block of rows as a loss sees them.</summary>
/// <param name="margins">[n] margins so far.</param>
/// <param name="labels">[n] labels.</param>
/// <param name="weights">[n] weights, or empty for 1 everywhere.</param>
public readonly ref struct LossRows(ReadOnlySpan<double> margins, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
{
    /// <summary>[n] margins so far.</summary>
    public ReadOnlySpan<double> Margins { get; } = margins;

    /// <summary>[n] labels.</summary>
    public ReadOnlySpan<float> Labels { get; } = labels;

    /// <summary>[n] weights, 0 and up; or empty for 1 everywhere.</summary>
    public ReadOnlySpan<float> Weights { get; } = weights;

    /// <summary>n.</summary>
    public int Length => Margins.Length;

    /// <summary>Some of the rows.</summary>
    /// <param name="start">The first.</param>
    /// <param name="count">How many.</param>
    public LossRows Slice(int start, int count) =>
        new(Margins.Slice(start, count), Labels.Slice(start, count), Weights.IsEmpty ? Weights : Weights.Slice(start, count));

    /// <summary>The weight of a row.</summary>
    internal double Weight(int row) => Weights.IsEmpty ? 1 : Weights[row];
}
