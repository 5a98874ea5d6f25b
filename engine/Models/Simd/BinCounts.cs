using ChurnEngine.Columns;

namespace ChurnEngine.Models;

/// <summary>How many rows fall into each bin of the features' training distributions: one pass over rows as they come, for monitoring.</summary>
/// <remarks>Whole numbers, so that parts counted by several threads add up to the same whatever their order. Not thread-safe: one a thread, then <see cref="Add(BinCounts)"/>.
/// Memory: 2 kB a feature. Rows are turned into columns and searched by the kernels of the SIMD walk.</remarks>
public sealed unsafe class BinCounts
{
    // A code is a byte: 0 is missing, j + 1 is bin j.
    private const int Codes = 256;

    // The search writes whole vectors.
    private const int Slack = 64;

    private readonly Column[] _columns;
    private readonly AlignedArray<float> _values = new(TransposeKernel.Features * BlockLayout.Rows + Slack);
    private readonly AlignedArray<sbyte> _codes = new(BlockLayout.Rows + Slack);

    /// <summary>Makes counters, all 0.</summary>
    /// <param name="features">[F] of the model.</param>
    /// <param name="distributions">[F] its distributions at training.</param>
    /// <remarks>Errors: ArgumentException when their numbers differ or a feature has more than 254 edges.</remarks>
    public BinCounts(IReadOnlyList<FeatureInfo> features, IReadOnlyList<FeatureDistribution> distributions)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(distributions);
        if (features.Count != distributions.Count || distributions.Any(distribution => distribution.UpperEdges.Length > ThresholdCountKernel.MostThresholds))
            throw new ArgumentException($"{features.Count} features and {distributions.Count} distributions of at most {ThresholdCountKernel.MostThresholds} edges", nameof(distributions));
        _columns = [.. features.Select((feature, i) => new Column(feature.Kind, distributions[i]))];
    }

    /// <summary>N, rows counted.</summary>
    public long Rows { get; private set; }

    /// <summary>[B] rows of a feature in each bin.</summary>
    public ReadOnlySpan<long> Of(int feature) => _columns[feature].Counts.AsSpan(1, _columns[feature].Bins);

    /// <summary>Rows in which a feature is missing: NaN, or no code of a categorical one.</summary>
    public long Missing(int feature) => _columns[feature].Counts[0];

    /// <summary>Counts rows.</summary>
    /// <param name="matrix">[N, F] as the model reads them; NaN counts as missing.</param>
    public void Add(FeatureMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.FeatureCount != _columns.Length)
            throw new ArgumentException($"{matrix.FeatureCount} features where {_columns.Length} are counted", nameof(matrix));
        for (long start = 0; start < matrix.RowCount; start += BlockLayout.Rows)
            AddBlock(matrix.Pointer + start * matrix.FeatureCount, (int)Math.Min(BlockLayout.Rows, matrix.RowCount - start));
        Rows += matrix.RowCount;
    }

    /// <summary>Takes in what another counted of the same features.</summary>
    public void Add(BinCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int feature = 0; feature < _columns.Length; feature++)
        {
            for (int code = 0; code < _columns[feature].Counts.Length; code++)
                _columns[feature].Counts[code] += other._columns[feature].Counts[code];
        }
        Rows += other.Rows;
    }

    private void AddBlock(float* rows, int count)
    {
        int features = _columns.Length;
        for (int group = 0; group < features; group += TransposeKernel.Features)
        {
            int width = Math.Min(TransposeKernel.Features, features - group);
            if (width == TransposeKernel.Features)
            {
                TransposeKernel.Run(rows + group, features, count, _values.Start);
            }
            else
            {
                for (int row = 0; row < count; row++)
                {
                    for (int i = 0; i < width; i++)
                        _values.Start[i * BlockLayout.Rows + row] = rows[(long)row * features + group + i];
                }
            }
            for (int i = 0; i < width; i++)
                _columns[group + i].Add(_values.Start + i * BlockLayout.Rows, count, _codes.Start);
        }
    }

    private sealed class Column
    {
        private readonly AlignedArray<float>? _table;
        private readonly int _thresholds;

        public Column(FeatureKind kind, FeatureDistribution distribution)
        {
            Bins = distribution.Shares.Length;
            Counts = new long[kind == FeatureKind.Numeric ? Codes : Bins + 1];
            if (kind != FeatureKind.Numeric)
                return;
            _thresholds = distribution.UpperEdges.Length;
            _table = new AlignedArray<float>(ThresholdCountKernel.TableLength);
            ThresholdCountKernel.Lay(distribution.UpperEdges, _table.Span);
        }

        public int Bins { get; }

        // [bins + 1] rows: missing first.
        public long[] Counts { get; }

        public void Add(float* values, int count, sbyte* codes)
        {
            if (_table is null)
            {
                for (int row = 0; row < count; row++)
                {
                    int code = (int)values[row];
                    Counts[code == values[row] && (uint)code < (uint)Bins ? code + 1 : 0]++;
                }
                return;
            }
            ThresholdCountKernel.Run(values, _table.Start, _thresholds, new CodeTargets(codes, null), count);
            for (int row = 0; row < count; row++)
                Counts[codes[row] + 128]++;
        }
    }
}
