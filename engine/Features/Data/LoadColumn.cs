using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>One column of the rows that a loader has gathered so far, in the order they came.</summary>
internal abstract class LoadColumn : IDisposable
{
    /// <summary>Moves every row to <paramref name="to"/>[row] of a column cut into buckets, and is empty then.</summary>
    public abstract RunColumn Close(ReadOnlySpan<int> to, BucketBounds bounds);

    /// <summary>Is empty afterwards.</summary>
    public abstract void Forget();

    public abstract void Dispose();

    public static LoadColumn Make(CellType type) => type switch
    {
        CellType.Int64 => new LoadColumn<long>(),
        CellType.Float64 => new LoadColumn<double>(),
        CellType.Int32 => new LoadColumn<int>(),
        _ => new LoadColumn<ushort>(),
    };
}

/// <inheritdoc/>
internal sealed class LoadColumn<T> : LoadColumn where T : unmanaged, IComparable<T>
{
    private const int LeastPacked = 256;
    private readonly GrowingBuffer<T> _values = new();

    /// <summary>Appends the values at <paramref name="rows"/>, which ascend; as many rows as values are all of them.</summary>
    public void AppendGather(ReadOnlySpan<T> values, ReadOnlySpan<int> rows)
    {
        Span<T> room = _values.AppendUninitialised(rows.Length);
        if (rows.Length == values.Length)
        {
            values.CopyTo(room);
            return;
        }
        for (int i = 0; i < rows.Length; i++)
            room[i] = values[rows[i]];
    }

    public override RunColumn Close(ReadOnlySpan<int> to, BucketBounds bounds)
    {
        RunColumn<T> column = Cut(_values.Span, to, bounds);
        _values.Clear();
        return column;
    }

    /// <summary>The same for rows that are instants late: what became known when.</summary>
    public LateRunColumn CloseLate(ReadOnlySpan<int> to, BucketBounds bounds, RunColumn time)
    {
        var column = new LateRunColumn(MemoryMarshal.Cast<T, long>(_values.Span), to, bounds, (RunColumn<long>)time);
        _values.Clear();
        return column;
    }

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

    public override void Forget() => _values.Clear();

    public override void Dispose() => _values.Dispose();

    private static PackedRunColumn<TWhole>? Pack<TWhole>(ReadOnlySpan<TWhole> values, ReadOnlySpan<int> to, BucketBounds bounds) where TWhole : unmanaged, IBinaryInteger<TWhole>
    {
        NumberFrame frame = NumberFrame.Of(values);
        return frame.Bytes < Unsafe.SizeOf<TWhole>() ? new PackedRunColumn<TWhole>(values, to, bounds, frame) : null;
    }
}
