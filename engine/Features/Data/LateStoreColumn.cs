using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>When rows became known, where most did as they happened: only those of the others, by row.</summary>
internal sealed unsafe class LateStoreColumn : StoreColumn<long>
{
    private readonly PlainStoreColumn<long> _time;
    private readonly NativeBuffer<int> _rows;
    private readonly NativeBuffer<long> _known;
    private int _count;
    private long _latest;

    /// <param name="time">When rows happened; stays the store's.</param>
    /// <param name="count">Late rows to come.</param>
    public LateStoreColumn(PlainStoreColumn<long> time, int count)
        : this(time, default, NativeBuffer<int>.Allocate(count), NativeBuffer<long>.Allocate(count))
    {
    }

    /// <param name="time">When rows happened; stays the store's.</param>
    /// <param name="form">What the file says of it.</param>
    /// <param name="rows">Late rows, ascending; owned from now on.</param>
    /// <param name="known">When they became known; owned from now on.</param>
    public LateStoreColumn(PlainStoreColumn<long> time, ColumnForm form, NativeBuffer<int> rows, NativeBuffer<long> known) =>
        (_time, _rows, _known, _count, _latest) = (time, rows, known, (int)form.Least, form.Most);

    public override ColumnForm Form => ColumnForm.Late(_count, _latest);

    /// <summary>Late rows, ascending.</summary>
    public ReadOnlySpan<int> Rows => _rows.Slice(0, _count);

    public override long this[int row]
    {
        get => Rows.BinarySearch(row) is >= 0 and int at ? _known[at] : _time[row];
        set => throw new NotSupportedException("late rows are placed and permuted only");
    }

    /// <summary>When the late row at a position among <see cref="Rows"/> became known.</summary>
    public long KnownAt(int late) => _known[late];

    /// <summary>Position of the first late row at or after a row; their number when there is none.</summary>
    public int FirstFrom(int row) => Rows.BinarySearch(row) is var at && at < 0 ? ~at : at;

    /// <summary>Whether a row had arrived at an instant.</summary>
    public bool IsKnown(int row, long instant)
    {
        // No row is later than the latest: most are so old that nothing need be looked up.
        long age = instant - _time[row];
        return age >= _latest || this[row] <= instant;
    }

    public override void Place(TableRun[] runs, int column, int bucket, ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        // A bit a row stays in the first-level cache: of most rows nothing else is looked at.
        long[] late = ArrayPool<long>.Shared.Rent(from.Length);
        ulong[] isLate = ArrayPool<ulong>.Shared.Rent((from.Length >> 6) + 1);
        isLate.AsSpan(0, (from.Length >> 6) + 1).Clear();
        int next = 0;
        foreach (TableRun run in runs)
        {
            int rows = run.Bounds.RowsOf(bucket);
            if (rows > 0)
                ((LateRunColumn)run.Column(column)).CopyLate(bucket, next, late, isLate);
            next += rows;
        }
        for (int i = 0; i < from.Length; i++)
        {
            int row = from[i];
            if ((isLate[row >> 6] >> (row & 63) & 1) == 0)
                continue;
            _rows[_count] = to[i];
            _known[_count++] = unchecked(_time[to[i]] + late[row]);
        }
        ArrayPool<long>.Shared.Return(late);
        ArrayPool<ulong>.Shared.Return(isLate);
    }

    public override void Seal()
    {
        _rows.Slice(0, _count).Sort(_known.Slice(0, _count));
        _latest = 0;
        for (int i = 0; i < _count; i++)
            _latest = Math.Max(_latest, unchecked(_known[i] - _time[_rows[i]]));
    }

    public override void Permute(int start, ReadOnlySpan<int> order)
    {
        int first = FirstFrom(start), end = FirstFrom(start + order.Length);
        if (first == end)
            return;
        Span<int> rows = _rows.Slice(first, end - first);
        for (int i = 0; i < order.Length; i++)
        {
            int at = Rows[first..end].IndexOf(start + order[i]);
            if (at >= 0)
                rows[at] = ~(start + i);
        }
        foreach (ref int row in rows)
            row = ~row;
        rows.Sort(_known.Slice(first, end - first));
    }

    public override void MoveTo(SpillFile file)
    {
        _rows.MoveTo(file);
        _known.MoveTo(file);
    }

    public override void Rest()
    {
        _rows.Rest();
        _known.Rest();
    }

    public override void WriteTo(BlockFileWriter file)
    {
        file.Write(_rows);
        file.Write(_known);
    }

    public override void Dispose()
    {
        _rows.Dispose();
        _known.Dispose();
    }

    protected override void Place(long[] values, ReadOnlySpan<int> from, ReadOnlySpan<int> to) => throw new NotSupportedException("late rows are placed alone");
}
