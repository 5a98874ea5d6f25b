using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>One column of a block of customers, grouped by customer and sorted by time.</summary>
internal abstract class StoreColumn : IDisposable
{
    /// <summary>Reorders the rows start .. start + order.Length: the new i-th is the old order[i]-th.</summary>
    public abstract void Permute(long start, ReadOnlySpan<int> order);

    /// <summary>Writes the rows of a bucket of all runs, numbered run after run, to their places: row <paramref name="from"/>[i] to place <paramref name="to"/>[i].</summary>
    public abstract void Place(TableRun[] runs, int column, int bucket, ReadOnlySpan<int> from, ReadOnlySpan<int> to);

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

    /// <summary>The values as they lie in memory.</summary>
    public abstract void WriteTo(BlockFileWriter file);

    public static StoreColumn Make(CellType type, long rows) => type switch
    {
        CellType.Int64 => new StoreColumn<long>(NativeBuffer<long>.Allocate(rows)),
        CellType.Float64 => new StoreColumn<double>(NativeBuffer<double>.Allocate(rows)),
        CellType.Int32 => new StoreColumn<int>(NativeBuffer<int>.Allocate(rows)),
        _ => new StoreColumn<ushort>(NativeBuffer<ushort>.Allocate(rows)),
    };

    /// <summary>The column that <see cref="WriteTo"/> wrote.</summary>
    public static StoreColumn ReadFrom(BlockFileReader file, CellType type, long rows) => type switch
    {
        CellType.Int64 => new StoreColumn<long>(file.Read<long>(rows)),
        CellType.Float64 => new StoreColumn<double>(file.Read<double>(rows)),
        CellType.Int32 => new StoreColumn<int>(file.Read<int>(rows)),
        _ => new StoreColumn<ushort>(file.Read<ushort>(rows)),
    };
}

/// <inheritdoc/>
internal sealed unsafe class StoreColumn<T>(NativeBuffer<T> values) : StoreColumn where T : unmanaged, IComparable<T>
{
    public T* Pointer => values.Pointer;

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
        rows[at] = ((RunColumn<T>)run).At(row);
    }

    public override void Place(TableRun[] runs, int column, int bucket, ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        T[] values = ArrayPool<T>.Shared.Rent(from.Length);
        int next = 0;
        foreach (TableRun run in runs)
        {
            int rows = run.Bounds.RowsOf(bucket);
            ((RunColumn<T>)run.Column(column)).CopyTo(bucket, values.AsSpan(next, rows));
            next += rows;
        }
        T* target = Pointer;
        for (int i = 0; i < from.Length; i++)
            target[to[i]] = values[from[i]];
        ArrayPool<T>.Shared.Return(values);
    }

    public override void MoveTo(SpillFile file) => values.MoveTo(file);

    public override void Rest() => values.Rest();

    public override void WriteTo(BlockFileWriter file) => file.Write(values);

    public override int Compare(long a, long b) => Pointer[a].CompareTo(Pointer[b]);

    public override void Dispose() => values.Dispose();
}
