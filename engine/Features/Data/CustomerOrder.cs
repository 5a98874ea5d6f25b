using System.Numerics;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>The final order of the customers: by partition, then by key. It depends on the keys alone.</summary>
/// <remarks>Customers are found bucket by bucket, in any order; a bucket is part of a partition, or several partitions when there are more of those than buckets.</remarks>
internal sealed class CustomerOrder : IDisposable
{
    private const int CustomersPerPartition = 16_384;
    private readonly NativeBuffer<long> _codeByRank;
    private readonly int[][] _rankById;
    private readonly int[] _starts;

    private CustomerOrder(NativeBuffer<long> codeByRank, int[][] rankById, int[] starts) => (_codeByRank, _rankById, _starts) = (codeByRank, rankById, starts);

    public int Count => _starts[^1];

    public int PartitionCount => _starts.Length - 1;

    /// <summary>Blocks of customers that are grouped at once: a partition each, or a bucket each when partitions are smaller than buckets.</summary>
    public int BlockCount => Math.Min(PartitionCount, BucketBounds.Count);

    public int BucketsPerBlock => BucketBounds.Count / BlockCount;

    public int PartitionsPerBlock => PartitionCount / BlockCount;

    /// <summary>First customer of a partition; of <see cref="PartitionCount"/>, the number of customers.</summary>
    public int Start(int partition) => _starts[partition];

    /// <summary>First customer of a block; of <see cref="BlockCount"/>, the number of customers.</summary>
    public int BlockStart(int block) => _starts[block * PartitionsPerBlock];

    public int BlockOf(int partition) => partition / PartitionsPerBlock;

    /// <summary>Place of each customer of a bucket, by the customer's number within it.</summary>
    public ReadOnlySpan<int> RanksOf(int bucket) => _rankById[bucket];

    /// <summary>Code of the customer at a place.</summary>
    public long CodeOf(int rank) => _codeByRank[rank];

    /// <summary>The least power of two that leaves about 16,384 customers to a partition.</summary>
    public static int PartitionsFor(long customers) =>
        (int)Math.Min(4096, BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, (customers + CustomersPerPartition - 1) / CustomersPerPartition)));

    /// <param name="codes">For each bucket, the codes of its customers by number within it.</param>
    /// <param name="names">Sorts and hashes codes.</param>
    /// <param name="parallel">Threads.</param>
    public static CustomerOrder Create(Int64Index[] codes, CustomerNames names, ParallelOptions parallel)
    {
        long count = codes.Sum(bucket => (long)bucket.Count);
        if (count > int.MaxValue)
            throw FeaturesErrors.TooManyCustomers(count);
        int partitionCount = PartitionsFor(count), blocks = Math.Min(partitionCount, BucketBounds.Count);
        int bucketsPerBlock = BucketBounds.Count / blocks, partitionsPerBlock = partitionCount / blocks;
        int[] starts = new int[partitionCount + 1];
        int[] blockStarts = new int[blocks + 1];
        for (int b = 0; b < blocks; b++)
            blockStarts[b + 1] = blockStarts[b] + codes.Skip(b * bucketsPerBlock).Take(bucketsPerBlock).Sum(bucket => bucket.Count);
        starts[partitionCount] = (int)count;
        int[][] rankById = [.. codes.Select(bucket => new int[bucket.Count])];
        NativeBuffer<long> codeByRank = NativeBuffer<long>.Allocate(count);
        ParallelWork.For(blocks, parallel, block =>
        {
            int first = blockStarts[block], length = blockStarts[block + 1] - first;
            long[] all = new long[length];
            int[] origin = new int[length];
            // Customers by partition within the block, then by key; origin is the place among the block's buckets.
            Collect(codes, block * bucketsPerBlock, bucketsPerBlock, all, origin);
            int[] within = SplitByPartition(all, origin, names, partitionCount, partitionsPerBlock);
            for (int p = 0; p < partitionsPerBlock; p++)
            {
                starts[block * partitionsPerBlock + p] = first + within[p];
                names.Sort(all.AsSpan(within[p], within[p + 1] - within[p]), origin.AsSpan(within[p], within[p + 1] - within[p]));
            }
            all.CopyTo(codeByRank.Slice(first, length));
            int[] ranks = new int[length];
            for (int i = 0; i < length; i++)
                ranks[origin[i]] = first + i;
            int next = 0;
            for (int bucket = block * bucketsPerBlock; bucket < (block + 1) * bucketsPerBlock; bucket++)
            {
                ranks.AsSpan(next, rankById[bucket].Length).CopyTo(rankById[bucket]);
                next += rankById[bucket].Length;
            }
        });
        return new CustomerOrder(codeByRank, rankById, starts);
    }

    /// <summary>The order that was kept.</summary>
    /// <param name="codes">[N] codes by place; owned from now on.</param>
    /// <param name="starts">First customer of each partition, and the number of customers.</param>
    public static CustomerOrder Of(NativeBuffer<long> codes, int[] starts) => new(codes, [], starts);

    public void Dispose() => _codeByRank.Dispose();

    private static void Collect(Int64Index[] codes, int firstBucket, int buckets, long[] all, int[] origin)
    {
        int next = 0;
        for (int bucket = firstBucket; bucket < firstBucket + buckets; bucket++)
        {
            for (int id = 0; id < codes[bucket].Count; id++, next++)
                (all[next], origin[next]) = (codes[bucket][id], next);
        }
    }

    private static int[] SplitByPartition(long[] codes, int[] origin, CustomerNames names, int partitionCount, int partitionsPerBlock)
    {
        int[] starts = new int[partitionsPerBlock + 1];
        if (partitionsPerBlock == 1)
        {
            starts[1] = codes.Length;
            return starts;
        }
        int[] partition = [.. codes.Select(code => PartitionHash.PartitionOf(names.HashOf(code), partitionCount) % partitionsPerBlock)];
        partition.AsSpan().Sort(origin.AsSpan());
        // Sorting moved the places along; the codes follow them.
        long[] moved = [.. origin.Select(place => codes[place])];
        moved.CopyTo(codes, 0);
        foreach (int p in partition)
            starts[p + 1]++;
        for (int p = 1; p <= partitionsPerBlock; p++)
            starts[p] += starts[p - 1];
        return starts;
    }
}
