using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>When rows became known, kept as how much later than they happened; where that is never for most rows, only of the others.</summary>
internal sealed class LateRunColumn : RunColumn<long>
{
    // A place and a value take 12 bytes, a row of a column 8 at most.
    private const int FewestOnTime = 8, LeastSparse = 1024;
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
        if (count > late.Length / FewestOnTime || late.Length < LeastSparse)
        {
            _dense = LoadColumn<long>.Cut(late, to, bounds);
            return;
        }
        _starts = new int[BucketBounds.Count + 1];
        _places = NativeBuffer<int>.Allocate(count);
        _late = NativeBuffer<long>.Allocate(count);
        // By bucket; within one as they came.
        int[] rows = new int[count];
        byte[] buckets = new byte[count];
        for (int i = 0, row = 0; i < count; i++, row++)
        {
            row += late[row..].IndexOfAnyExcept(0);
            (rows[i], buckets[i]) = (row, (byte)bounds.BucketAt(to[row]));
            _starts[buckets[i] + 1]++;
        }
        for (int bucket = 0; bucket < BucketBounds.Count; bucket++)
            _starts[bucket + 1] += _starts[bucket];
        Span<int> next = stackalloc int[BucketBounds.Count];
        _starts.AsSpan(0, BucketBounds.Count).CopyTo(next);
        for (int i = 0; i < count; i++)
        {
            int at = next[buckets[i]]++;
            (_places[at], _late[at]) = (to[rows[i]], late[rows[i]]);
        }
    }

    public override long Bytes => _dense?.Bytes ?? (_places!.Length * (sizeof(int) + sizeof(long)));

    /// <summary>Whether most rows became known as they happened, and only the others are kept.</summary>
    public bool IsSparse => _dense is null;

    protected override NumberFrame OwnFrame => new(long.MinValue, long.MaxValue, 1, false);

    /// <summary>Late rows of some buckets, where only those are kept.</summary>
    public int LateIn(int firstBucket, int endBucket) => _starts[endBucket] - _starts[firstBucket];

    /// <summary>Writes how late each of a bucket's rows became known; where only late ones are kept.</summary>
    public void CopyLate(int bucket, Span<long> late)
    {
        late.Clear();
        int first = Bounds.Start(bucket);
        for (int i = _starts[bucket]; i < _starts[bucket + 1]; i++)
            late[_places![i] - first] = _late![i];
    }

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
}
