using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>One column of a block of customers, grouped by customer and sorted by time.</summary>
internal abstract class StoreColumn : IDisposable
{
    /// <summary>Reorders the rows start .. start + order.Length: the new i-th is the old order[i]-th.</summary>
    public abstract void Permute(long start, ReadOnlySpan<int> order);

    /// <summary>Copies the first <paramref name="count"/> rows of another column of the same type.</summary>
    public abstract void CopyFrom(StoreColumn other, int count);

    /// <summary>Opens a gap at <paramref name="at"/>, where <paramref name="count"/> rows stand, and puts a row of a run into it; there is room.</summary>
    public abstract void Insert(RunColumn run, int row, int at, int count);

    /// <summary>Moves the values to a file.</summary>
    public abstract void MoveTo(SpillFile file);

    /// <summary>Lets go of what was read from the file, where they are in one.</summary>
    public abstract void Rest();

    /// <summary>Compares two rows.</summary>
    public abstract int Compare(long a, long b);

    public abstract void Dispose();

    public static StoreColumn Make(CellType type, long rows) => type switch
    {
        CellType.Int64 => new StoreColumn<long>(rows),
        CellType.Float64 => new StoreColumn<double>(rows),
        CellType.Int32 => new StoreColumn<int>(rows),
        _ => new StoreColumn<ushort>(rows),
    };
}

/// <inheritdoc/>
internal sealed unsafe class StoreColumn<T>(long rows) : StoreColumn where T : unmanaged, IComparable<T>
{
    private readonly NativeBuffer<T> _values = NativeBuffer<T>.Allocate(rows);

    public T* Pointer => _values.Pointer;

    public override void Permute(long start, ReadOnlySpan<int> order)
    {
        T[] scratch = ArrayPool<T>.Shared.Rent(order.Length);
        var rows = new Span<T>(Pointer + start, order.Length);
        rows.CopyTo(scratch);
        for (int i = 0; i < order.Length; i++)
            rows[i] = scratch[order[i]];
        ArrayPool<T>.Shared.Return(scratch);
    }

    public override void CopyFrom(StoreColumn other, int count) => new ReadOnlySpan<T>(((StoreColumn<T>)other).Pointer, count).CopyTo(new Span<T>(Pointer, count));

    public override void Insert(RunColumn run, int row, int at, int count)
    {
        var rows = new Span<T>(Pointer, count + 1);
        rows[at..count].CopyTo(rows[(at + 1)..]);
        rows[at] = ((RunColumn<T>)run).All[row];
    }

    public override void MoveTo(SpillFile file) => _values.MoveTo(file);

    public override void Rest() => _values.Rest();

    public override int Compare(long a, long b) => Pointer[a].CompareTo(Pointer[b]);

    public override void Dispose() => _values.Dispose();
}
