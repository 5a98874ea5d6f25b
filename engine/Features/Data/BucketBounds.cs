namespace ChurnEngine.Features;

/// <summary>Where the buckets of a run begin. A bucket holds the customers whose hash starts with the same eight bits, so a partition is whole buckets or part of one.</summary>
internal sealed class BucketBounds
{
    /// <summary>Buckets of every run: 256 write streams stay within the first-level cache and the page tables.</summary>
    public const int Count = 256;

    private readonly int[] _starts = new int[Count + 1];

    /// <param name="buckets">Bucket of each row.</param>
    /// <param name="to">Gets each row's place: by bucket, and within one as they came.</param>
    public BucketBounds(ReadOnlySpan<byte> buckets, Span<int> to)
    {
        int[] counts = _starts;
        foreach (byte bucket in buckets)
            counts[bucket + 1]++;
        for (int b = 1; b <= Count; b++)
            counts[b] += counts[b - 1];
        Span<int> next = stackalloc int[Count];
        counts.AsSpan(0, Count).CopyTo(next);
        for (int row = 0; row < buckets.Length; row++)
            to[row] = next[buckets[row]]++;
    }

    public int RowCount => _starts[Count];

    /// <summary>First row of a bucket; of <see cref="Count"/>, the number of rows.</summary>
    public int Start(int bucket) => _starts[bucket];

    /// <summary>Bucket of the row at a place.</summary>
    public int BucketAt(int place)
    {
        (int low, int high) = (0, Count - 1);
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_starts[middle + 1] <= place)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    public int RowsOf(int bucket) => _starts[bucket + 1] - _starts[bucket];

    /// <summary>Bucket of a hash.</summary>
    public static int Of(ulong hash) => PartitionHash.PartitionOf(hash, Count);
}
