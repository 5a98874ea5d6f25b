using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Numbers of few decimals, such as prices, as whole numbers of their last digit, where that gives back the same bits.</summary>
/// <remarks>Source: Afroozeh, Kuffo, Boncz, "ALP: Adaptive Lossless floating-Point Compression", SIGMOD 2024; its exceptions are left out: one makes the run plain.</remarks>
internal sealed class DecimalRunColumn : RunColumn<double>
{
    /// <summary>Ten to the most decimals that are looked for.</summary>
    public const int MostPower = 10_000;

    private const int Sample = 64;
    private readonly PackedRunColumn<long> _whole;

    /// <param name="whole">The values times ten to the number of decimals; this owns it from now on.</param>
    /// <param name="power">Ten to the number of decimals.</param>
    /// <param name="bounds">Where the buckets begin.</param>
    public DecimalRunColumn(PackedRunColumn<long> whole, long power, BucketBounds bounds)
        : base(bounds) => (_whole, Power) = (whole, power);

    /// <summary>Ten to the number of decimals.</summary>
    public long Power { get; }

    public override long Bytes => _whole.Bytes;

    protected override NumberFrame OwnFrame => _whole.Frame;

    /// <summary>The column; null when some value has more decimals or digits.</summary>
    public static DecimalRunColumn? TryCut(ReadOnlySpan<double> values, ReadOnlySpan<int> to, BucketBounds bounds)
    {
        long[] whole = ArrayPool<long>.Shared.Rent(values.Length);
        try
        {
            for (long power = 1; power <= MostPower; power *= 10)
            {
                if (!TryScale(values[..Math.Min(values.Length, Sample)], power, whole) || !TryScale(values, power, whole))
                    continue;
                NumberFrame frame = NumberFrame.Of<long>(whole.AsSpan(0, values.Length));
                return frame.Bytes == sizeof(long) ? null : new DecimalRunColumn(new PackedRunColumn<long>(whole.AsSpan(0, values.Length), to, bounds, frame), power, bounds);
            }
            return null;
        }
        finally
        {
            ArrayPool<long>.Shared.Return(whole);
        }
    }

    /// <summary>The value of a whole number.</summary>
    public static double ValueOf(long whole, double power) => whole == long.MinValue ? double.NaN : whole / power;

    public override double At(int row) => ValueOf(_whole.At(row), Power);

    /// <summary>Writes the whole numbers of a bucket's rows, of the decimals of another power of ten, as many or more.</summary>
    public void CopyWhole(int bucket, Span<long> rows, long power)
    {
        _whole.CopyTo(bucket, rows);
        long more = power / Power;
        for (int row = 0; more > 1 && row < rows.Length; row++)
            rows[row] = rows[row] == long.MinValue ? long.MinValue : rows[row] * more;
    }

    public override void Discard(int firstBucket, int endBucket) => _whole.Discard(firstBucket, endBucket);

    public override void MoveTo(SpillFile file) => _whole.MoveTo(file);

    public override void Dispose() => _whole.Dispose();

    protected override void Read(int bucket, Span<double> rows)
    {
        long[] whole = ArrayPool<long>.Shared.Rent(rows.Length);
        _whole.CopyTo(bucket, whole.AsSpan(0, rows.Length));
        for (int row = 0; row < rows.Length; row++)
            rows[row] = ValueOf(whole[row], Power);
        ArrayPool<long>.Shared.Return(whole);
    }

    private static bool TryScale(ReadOnlySpan<double> values, double power, long[] whole)
    {
        for (int row = 0; row < values.Length; row++)
        {
            double value = values[row], scaled = Math.Round(value * power);
            if (double.IsNaN(value))
                whole[row] = long.MinValue;
            else if (scaled / power == value && Math.Abs(scaled) <= int.MaxValue)
                whole[row] = (long)scaled;
            else
                return false;
        }
        return true;
    }
}

/// <summary>The same of a block.</summary>
internal sealed class DecimalStoreColumn(PackedStoreColumn<long> whole, long power) : StoreColumn<double>
{
    private readonly double _power = power;

    public override ColumnForm Form => whole.Form with { Power = power };

    public override double this[int row]
    {
        get => DecimalRunColumn.ValueOf(whole[row], _power);
        set => whole[row] = double.IsNaN(value) ? long.MinValue : (long)Math.Round(value * _power);
    }

    public override void Place(TableRun[] runs, int column, int bucket, ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        long[] values = ArrayPool<long>.Shared.Rent(from.Length);
        int next = 0;
        foreach (TableRun run in runs)
        {
            int rows = run.Bounds.RowsOf(bucket);
            if (rows > 0)
                ((DecimalRunColumn)run.Column(column)).CopyWhole(bucket, values.AsSpan(next, rows), power);
            next += rows;
        }
        whole.PlaceValues(values, from, to);
        ArrayPool<long>.Shared.Return(values);
    }

    // Whole numbers keep the order, and what is missing comes first as NaN does.
    public override int Compare(int a, int b) => whole.Compare(a, b);

    public override void Permute(int start, ReadOnlySpan<int> order) => whole.Permute(start, order);

    public override void MoveTo(SpillFile file) => whole.MoveTo(file);

    public override void Rest() => whole.Rest();

    public override void WriteTo(BlockFileWriter file) => whole.WriteTo(file);

    public override void Dispose() => whole.Dispose();

    protected override void Place(double[] values, ReadOnlySpan<int> from, ReadOnlySpan<int> to) => throw new NotSupportedException("whole numbers are placed");
}
