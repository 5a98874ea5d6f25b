using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>When rows became known, kept as how much later than they happened; where that is never for most rows, only of the others.</summary>
internal sealed class LateRunColumn : RunColumn<long>
{
    // A place and a value take 12 bytes, a row of a column 8 at most.
    private const int FewestOnTime = 8;

    /// <summary>Rows of a run of which it is worth keeping only the late ones.</summary>
    public const int LeastSparse = 1024;

    private readonly RunColumn<long> _time;
    private readonly RunColumn<long>? _dense;
    private readonly NativeBuffer<int>? _places;
    private readonly NativeBuffer<long>? _late;
    private readonly int[] _starts = [];

    /// <param name="late">[n] known minus time, in the order they came.</param>
    /// <param name="to">[n] place of each.</param>
    /// <param name="bounds">Where the buckets begin.</param>
    /// <param name="time">When they happened; stays the run's.</param>
    public LateRunColumn(ReadOnlySpan<long> late, ReadOnlySpan<int> to, BucketBounds bounds, RunColumn<long> time)
        : base(bounds)
    {
        _time = time;
        int count = late.Length - late.Count(0);
        if (late.Length < LeastSparse || !IsFew(count, late.Length))
        {
            _dense = LoadColumn<long>.Cut(late, to, bounds);
            return;
        }
        int[] rows = new int[count];
        long[] values = new long[count];
        for (int i = 0, row = 0; i < count; i++, row++)
        {
            row += late[row..].IndexOfAnyExcept(0);
            (rows[i], values[i]) = (row, late[row]);
        }
        (_starts, _places, _late) = Place(new LateRows(rows, values), to, bounds);
    }

    /// <param name="late">Of the late rows alone, which are few: the row, ascending, and known minus time.</param>
    /// <param name="to">[n] place of each row.</param>
    /// <param name="bounds">Where the buckets begin.</param>
    /// <param name="time">When they happened; stays the run's.</param>
    public LateRunColumn(LateRows late, ReadOnlySpan<int> to, BucketBounds bounds, RunColumn<long> time)
        : base(bounds)
    {
        _time = time;
        (_starts, _places, _late) = Place(late, to, bounds);
    }

    public override long Bytes => _dense?.Bytes ?? (_places!.Length * (sizeof(int) + sizeof(long)));

    /// <summary>Whether most rows became known as they happened, and only the others are kept.</summary>
    public bool IsSparse => _dense is null;

    protected override NumberFrame OwnFrame => new(long.MinValue, long.MaxValue, 1, false);

    /// <summary>Late rows of some buckets, where only those are kept.</summary>
    public int LateIn(int firstBucket, int endBucket) => _starts[endBucket] - _starts[firstBucket];

    /// <summary>Writes how late the late rows of a bucket became known, and sets their bits; where only late ones are kept.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="offset">Number of its first row among those of all runs.</param>
    /// <param name="late">[rows of all runs] gets them at their numbers; others stay.</param>
    /// <param name="isLate">[rows of all runs / 64] bits, which are clear.</param>
    public void CopyLate(int bucket, int offset, Span<long> late, Span<ulong> isLate)
    {
        int first = Bounds.Start(bucket) - offset;
        for (int i = _starts[bucket]; i < _starts[bucket + 1]; i++)
        {
            int row = _places![i] - first;
            late[row] = _late![i];
            isLate[row >> 6] |= 1UL << (row & 63);
        }
    }

    /// <summary>Whether late rows are so few that only they are kept.</summary>
    public static bool IsFew(int late, int rows) => late <= rows / FewestOnTime;

    public override long At(int row)
    {
        long time = _time.At(row);
        if (_dense is not null)
            return unchecked(time + _dense.At(row));
        int at = _places!.Span.IndexOf(row);
        return at < 0 ? time : unchecked(time + _late![at]);
    }

    public override void Discard(int firstBucket, int endBucket)
    {
        _dense?.Discard(firstBucket, endBucket);
        _places?.Discard(_starts[firstBucket], _starts[endBucket] - _starts[firstBucket]);
        _late?.Discard(_starts[firstBucket], _starts[endBucket] - _starts[firstBucket]);
    }

    public override void MoveTo(SpillFile file)
    {
        _dense?.MoveTo(file);
        _places?.MoveTo(file);
        _late?.MoveTo(file);
    }

    public override void Dispose()
    {
        _dense?.Dispose();
        _places?.Dispose();
        _late?.Dispose();
    }

    protected override void Read(int bucket, Span<long> rows)
    {
        _time.CopyTo(bucket, rows);
        if (_dense is null)
        {
            int first = Bounds.Start(bucket);
            for (int i = _starts[bucket]; i < _starts[bucket + 1]; i++)
                rows[_places![i] - first] += _late![i];
            return;
        }
        long[] late = ArrayPool<long>.Shared.Rent(rows.Length);
        _dense.CopyTo(bucket, late.AsSpan(0, rows.Length));
        for (int row = 0; row < rows.Length; row++)
            rows[row] = unchecked(rows[row] + late[row]);
        ArrayPool<long>.Shared.Return(late);
    }

    // By bucket; within one as they came.
    private static (int[] Starts, NativeBuffer<int> Places, NativeBuffer<long> Late) Place(LateRows late, ReadOnlySpan<int> to, BucketBounds bounds)
    {
        int[] starts = new int[BucketBounds.Count + 1];
        int count = late.Rows.Length;
        NativeBuffer<int> places = NativeBuffer<int>.Allocate(count);
        NativeBuffer<long> values = NativeBuffer<long>.Allocate(count);
        byte[] buckets = new byte[count];
        for (int i = 0; i < count; i++)
        {
            buckets[i] = (byte)bounds.BucketAt(to[late.Rows[i]]);
            starts[buckets[i] + 1]++;
        }
        for (int bucket = 0; bucket < BucketBounds.Count; bucket++)
            starts[bucket + 1] += starts[bucket];
        Span<int> next = stackalloc int[BucketBounds.Count];
        starts.AsSpan(0, BucketBounds.Count).CopyTo(next);
        for (int i = 0; i < count; i++)
        {
            int at = next[buckets[i]]++;
            (places[at], values[at]) = (to[late.Rows[i]], late.Values[i]);
        }
        return (starts, places, values);
    }
}

/// <summary>Rows that became known late, and how late.</summary>
internal readonly ref struct LateRows(ReadOnlySpan<int> rows, ReadOnlySpan<long> values)
{
    public ReadOnlySpan<int> Rows { get; } = rows;

    public ReadOnlySpan<long> Values { get; } = values;
}
