namespace ChurnEngine.Columns;

/// <summary>Features of many rows, row-major float32: what the featurizer writes once and the trainer and every backend read.</summary>
/// <remarks>Shape: [N, F], row i at i * F. NaN means missing. Categorical features hold their code as a float.
/// Memory: owns its buffer, unless it is a <see cref="View"/>.</remarks>
public sealed class FeatureMatrix : IDisposable
{
    private readonly NativeBuffer<float> _values;
    private readonly long _firstRow;
    private readonly bool _owns;

    /// <summary>Takes ownership of <paramref name="values"/>.</summary>
    /// <param name="features">F descriptions, in column order.</param>
    /// <param name="values">At least N * F values, row-major.</param>
    /// <param name="rowCount">N, 0 and up.</param>
    public FeatureMatrix(IReadOnlyList<FeatureInfo> features, NativeBuffer<float> values, long rowCount)
        : this(features, values, 0, rowCount, owns: true)
    {
    }

    private FeatureMatrix(IReadOnlyList<FeatureInfo> features, NativeBuffer<float> values, long firstRow, long rowCount, bool owns)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checked((firstRow + rowCount) * features.Count), values.Length, nameof(rowCount));
        Features = features;
        RowCount = rowCount;
        _values = values;
        _firstRow = firstRow;
        _owns = owns;
    }

    /// <summary>Description of each column.</summary>
    public IReadOnlyList<FeatureInfo> Features { get; }

    /// <summary>N.</summary>
    public long RowCount { get; }

    /// <summary>F.</summary>
    public int FeatureCount => Features.Count;

    /// <summary>First value of row 0; valid until the owner is disposed.</summary>
    public unsafe float* Pointer => _values.Pointer + _firstRow * FeatureCount;

    /// <summary>Allocates an N x F matrix; values are undefined.</summary>
    public static FeatureMatrix Allocate(IReadOnlyList<FeatureInfo> features, long rowCount)
    {
        ArgumentNullException.ThrowIfNull(features);
        return new(features, NativeBuffer<float>.Allocate(checked(rowCount * features.Count)), rowCount);
    }

    /// <summary>[F] values of one row.</summary>
    public Span<float> Row(long row) => Rows(row, 1);

    /// <summary>[count * F] values of consecutive rows.</summary>
    /// <remarks>Errors: <see cref="ArgumentOutOfRangeException"/> when a row is not inside.</remarks>
    public Span<float> Rows(long start, int count)
    {
        CheckRows(start, count);
        return _values.Slice((_firstRow + start) * FeatureCount, checked(count * FeatureCount));
    }

    /// <summary>Looks at some rows without a copy; the view must not outlive this matrix.</summary>
    public FeatureMatrix View(long start, long count)
    {
        CheckRows(start, count);
        return new(Features, _values, _firstRow + start, count, owns: false);
    }

    /// <summary>Hands the values over to a matrix that describes the same columns more fully; this one must not be used or disposed afterwards.</summary>
    /// <param name="features">F descriptions.</param>
    public FeatureMatrix Describe(IReadOnlyList<FeatureInfo> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return features.Count == FeatureCount
            ? new(features, _values, _firstRow, RowCount, _owns)
            : throw new ArgumentException($"{features.Count} descriptions for {FeatureCount} columns", nameof(features));
    }

    /// <summary>Copies the rows at <paramref name="rows"/>, in that order, into a matrix of their own.</summary>
    public FeatureMatrix Gather(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
            CheckRows(row, 1);
        FeatureMatrix result = Allocate(Features, rows.Length);
        for (int i = 0; i < rows.Length; i++)
            Row(rows[i]).CopyTo(result.Row(i));
        return result;
    }

    // A view must not reach the rows around it, which its owner's buffer does hold.
    private void CheckRows(long start, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, RowCount - count);
    }

    /// <summary>Frees the buffer when this matrix owns it.</summary>
    public void Dispose()
    {
        if (_owns)
            _values.Dispose();
    }
}
