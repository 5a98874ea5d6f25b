namespace ChurnEngine.Trainer;

/// <summary>A loss that trees can minimise. One file each; adding one is that file, a name in <see cref="ObjectiveKind"/> and a case in <see cref="Booster"/>.</summary>
/// <remarks>All spans of one call have one length n; <c>weights</c> may be empty, which means 1 everywhere.</remarks>
internal interface IObjective
{
    /// <summary>The labels that fit, in words, for the error message.</summary>
    static abstract string LabelRule { get; }

    /// <summary>True when the label fits. Never asked about NaN.</summary>
    static abstract bool Accepts(float label);

    /// <summary>The margin with the least loss when all rows get the same one.</summary>
    /// <param name="meanLabel">Weighted mean of the labels.</param>
    static abstract double BaseMargin(double meanLabel);

    /// <summary>First and second derivative of each row's weighted loss by its margin.</summary>
    static abstract void Gradients(in LossRows rows, Span<float> gradients, Span<float> hessians);

    /// <summary>Sum of the rows' weighted losses.</summary>
    static abstract double Loss(in LossRows rows);
}

/// <summary>A block of rows as a loss sees them.</summary>
internal readonly ref struct LossRows(ReadOnlySpan<double> margins, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
{
    /// <summary>[n] margins so far.</summary>
    public ReadOnlySpan<double> Margins { get; } = margins;

    /// <summary>[n] labels.</summary>
    public ReadOnlySpan<float> Labels { get; } = labels;

    /// <summary>[n] weights, or empty for 1 everywhere.</summary>
    public ReadOnlySpan<float> Weights { get; } = weights;

    public int Length => Margins.Length;

    public LossRows Slice(int start, int count) =>
        new(Margins.Slice(start, count), Labels.Slice(start, count), Weights.IsEmpty ? Weights : Weights.Slice(start, count));
}
