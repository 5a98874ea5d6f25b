using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Rows to learn from, or to stop on: features, labels, weights.</summary>
/// <param name="Matrix">[N, F] features; borrowed, must stay alive while the trainer runs.</param>
/// <param name="Labels">[N] what is to be predicted, as the objective asks: 0 or 1 where it predicts a probability. NaN is an error.</param>
/// <param name="Weights">[N] weight of each row, 0 and up, finite; empty means 1 everywhere.</param>
public sealed record LabelledRows(FeatureMatrix Matrix, ReadOnlyMemory<float> Labels, ReadOnlyMemory<float> Weights = default)
{
    /// <summary>[N] margin that each row starts from (init score, base margin), finite; empty: all start from the one that suits the labels best.</summary>
    /// <remarks>The model that comes out does not hold them: its base margin is 0, and whoever predicts with it adds the row's own. Training and validation rows have them both, or neither.</remarks>
    public ReadOnlyMemory<double> InitialMargins { get; init; }

    /// <summary>Copies some rows, in the order given, into a matrix of their own; the caller disposes that.</summary>
    /// <param name="rows">Positions, each 0..N-1.</param>
    public LabelledRows Gather(int[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new LabelledRows(Matrix.Gather(rows), Pick(Labels, rows), Pick(Weights, rows)) { InitialMargins = Pick(InitialMargins, rows) };
    }

    private static T[] Pick<T>(ReadOnlyMemory<T> values, int[] rows) => values.IsEmpty ? [] : [.. rows.Select(row => values.Span[row])];

    /// <summary>A block of these rows with their margins, as a loss sees them.</summary>
    internal LossRows LossRows(NativeBuffer<double> margins, int start, int count) =>
        new(margins.Slice(start, count), Labels.Span.Slice(start, count), Weights.IsEmpty ? default : Weights.Span.Slice(start, count));
}
