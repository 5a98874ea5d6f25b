using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>One column of the rows that a loader has gathered so far, in the order they came.</summary>
/// <remarks>A million rows of all columns are more than the caches hold, so each column keeps them in as few bytes as it can tell while they come, and looks at them then.</remarks>
internal abstract class LoadColumn : IDisposable
{
    /// <summary>Rows of a run that are worth packing.</summary>
    protected const int LeastPacked = 256;

    /// <summary>Rows of a run, and of the batch that fills it, at most.</summary>
    protected const int MostRows = RunWriter.RunRows + (1 << 16);

    /// <summary>Moves every row to <paramref name="to"/>[row] of a column cut into buckets, and is empty then.</summary>
    public abstract RunColumn Close(ReadOnlySpan<int> to, BucketBounds bounds);

    /// <summary>Is empty afterwards.</summary>
    public abstract void Forget();

    public abstract void Dispose();

    public static LoadColumn Make(CellType type) => type switch
    {
        CellType.Int64 => new WholeLoadColumn(),
        CellType.Float64 => new NumberLoadColumn(),
        CellType.Int32 => new PlainLoadColumn<int>(),
        _ => new PlainLoadColumn<ushort>(),
    };
}

/// <inheritdoc/>
internal abstract class LoadColumn<T> : LoadColumn where T : unmanaged, IComparable<T>
{
    /// <summary>Appends the values at <paramref name="rows"/>, which ascend; as many rows as values are all of them.</summary>
    public abstract void AppendGather(ReadOnlySpan<T> values, ReadOnlySpan<int> rows);

    /// <summary>Writes every value to <paramref name="to"/> of its row, whole numbers in as few bytes as they take.</summary>
    public static RunColumn<T> Cut(ReadOnlySpan<T> values, ReadOnlySpan<int> to, BucketBounds bounds)
    {
        RunColumn? packed = null;
        // One customer's few rows are not worth a look.
        if (values.Length >= LeastPacked)
        {
            packed = typeof(T) == typeof(long) ? Pack(MemoryMarshal.Cast<T, long>(values), to, bounds)
                : typeof(T) == typeof(int) ? Pack(MemoryMarshal.Cast<T, int>(values), to, bounds)
                : typeof(T) == typeof(ushort) ? Pack(MemoryMarshal.Cast<T, ushort>(values), to, bounds)
                : typeof(T) == typeof(double) ? DecimalRunColumn.TryCut(MemoryMarshal.Cast<T, double>(values), to, bounds) : null;
        }
        return (RunColumn<T>?)packed ?? new PlainRunColumn<T>(values, to, bounds);
    }

    private protected static void AppendGather(GrowingBuffer<T> buffer, ReadOnlySpan<T> values, ReadOnlySpan<int> rows)
    {
        Span<T> room = buffer.AppendUninitialised(rows.Length);
        if (rows.Length == values.Length)
        {
            values.CopyTo(room);
            return;
        }
        for (int i = 0; i < rows.Length; i++)
            room[i] = values[rows[i]];
    }

    private static PackedRunColumn<TWhole>? Pack<TWhole>(ReadOnlySpan<TWhole> values, ReadOnlySpan<int> to, BucketBounds bounds) where TWhole : unmanaged, IBinaryInteger<TWhole>, IMinMaxValue<TWhole>
    {
        NumberFrame frame = NumberFrame.Of(values);
        return frame.Bytes < Unsafe.SizeOf<TWhole>() ? new PackedRunColumn<TWhole>(values, to, bounds, frame) : null;
    }
}

/// <summary>Values as they are.</summary>
internal sealed class PlainLoadColumn<T> : LoadColumn<T> where T : unmanaged, IComparable<T>
{
    private readonly GrowingBuffer<T> _values = new(most: MostRows);

    public override void AppendGather(ReadOnlySpan<T> values, ReadOnlySpan<int> rows) => AppendGather(_values, values, rows);

    public override RunColumn Close(ReadOnlySpan<int> to, BucketBounds bounds)
    {
        RunColumn<T> column = Cut(_values.Span, to, bounds);
        _values.Clear();
        return column;
    }

    public override void Forget() => _values.Clear();

    public override void Dispose() => _values.Dispose();
}
