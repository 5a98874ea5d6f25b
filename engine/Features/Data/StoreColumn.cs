using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>One column of a block of customers, grouped by customer and sorted by time.</summary>
internal abstract class StoreColumn : IDisposable
{
    /// <summary>How the values lie, for whoever reads them from a file.</summary>
    public abstract ColumnForm Form { get; }

    /// <summary>Writes the rows of a bucket of all runs, numbered run after run, to their places: row <paramref name="from"/>[i] to place <paramref name="to"/>[i].</summary>
    public abstract void Place(TableRun[] runs, int column, int bucket, ReadOnlySpan<int> from, ReadOnlySpan<int> to);

    /// <summary>After the last <see cref="Place"/>.</summary>
    public virtual void Seal()
    {
    }

    /// <summary>Reorders the rows start .. start + order.Length: the new i-th is the old order[i]-th.</summary>
    public abstract void Permute(int start, ReadOnlySpan<int> order);

    /// <summary>Compares two rows.</summary>
    public abstract int Compare(int a, int b);

    /// <summary>Moves the values to a file.</summary>
    public abstract void MoveTo(SpillFile file);

    /// <summary>Lets go of what was read from the file, where they are in one.</summary>
    public abstract void Rest();

    /// <summary>The values as they lie in memory.</summary>
    public abstract void WriteTo(BlockFileWriter file);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal abstract class StoreColumn<T> : StoreColumn where T : unmanaged, IComparable<T>
{
    /// <summary>The value of a row.</summary>
    public abstract T this[int row] { get; set; }

    /// <summary>Copies the values of consecutive rows.</summary>
    public virtual void CopyTo(int first, Span<T> rows)
    {
        for (int row = 0; row < rows.Length; row++)
            rows[row] = this[first + row];
    }

    public override void Permute(int start, ReadOnlySpan<int> order)
    {
        T[] scratch = ArrayPool<T>.Shared.Rent(order.Length);
        for (int i = 0; i < order.Length; i++)
            scratch[i] = this[start + order[i]];
        for (int i = 0; i < order.Length; i++)
            this[start + i] = scratch[i];
        ArrayPool<T>.Shared.Return(scratch);
    }

    public override int Compare(int a, int b) => this[a].CompareTo(this[b]);

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
        Place(values, from, to);
        ArrayPool<T>.Shared.Return(values);
    }

    protected abstract void Place(T[] values, ReadOnlySpan<int> from, ReadOnlySpan<int> to);
}

/// <summary>Values as they are.</summary>
internal sealed unsafe class PlainStoreColumn<T>(NativeBuffer<T> values) : StoreColumn<T> where T : unmanaged, IComparable<T>
{
    public T* Pointer => values.Pointer;

    public override ColumnForm Form => default;

    public override T this[int row]
    {
        get => values[row];
        set => values[row] = value;
    }

    public override void CopyTo(int first, Span<T> rows) => new ReadOnlySpan<T>(values.Pointer + first, rows.Length).CopyTo(rows);

    /// <summary>Copies the first <paramref name="count"/> rows of another column.</summary>
    public void CopyFrom(PlainStoreColumn<T> other, int count) => new ReadOnlySpan<T>(other.Pointer, count).CopyTo(new Span<T>(Pointer, count));

    /// <summary>Opens a gap at <paramref name="at"/>, where <paramref name="count"/> rows stand, and puts a value into it; there is room.</summary>
    public void Insert(T value, int at, int count)
    {
        var rows = new Span<T>(Pointer, count + 1);
        rows[at..count].CopyTo(rows[(at + 1)..]);
        rows[at] = value;
    }

    public override void MoveTo(SpillFile file) => values.MoveTo(file);

    public override void Rest() => values.Rest();

    public override void WriteTo(BlockFileWriter file) => file.Write(values);

    public override void Dispose() => values.Dispose();

    protected override void Place(T[] from, ReadOnlySpan<int> rows, ReadOnlySpan<int> to)
    {
        T* target = Pointer;
        for (int i = 0; i < rows.Length; i++)
            target[to[i]] = from[rows[i]];
    }
}
