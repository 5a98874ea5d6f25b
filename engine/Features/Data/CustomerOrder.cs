using System.Numerics;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>The final order of the customers: by partition, then by key. It depends on the keys alone.</summary>
internal sealed class CustomerOrder : IDisposable
{
    private const int CustomersPerPartition = 16_384;
    private readonly NativeBuffer<int> _rankById;
    private readonly NativeBuffer<int> _idByRank;
    private readonly int[] _starts;

    private CustomerOrder(NativeBuffer<int> rankById, NativeBuffer<int> idByRank, int[] starts)
    {
        _rankById = rankById;
        _idByRank = idByRank;
        _starts = starts;
    }

    public int Count => _starts[^1];

    public int PartitionCount => _starts.Length - 1;

    /// <summary>First customer of a partition; of <see cref="PartitionCount"/>, the number of customers.</summary>
    public int Start(int partition) => _starts[partition];

    /// <summary>Place of the customer with that number of first appearance.</summary>
    public int RankOf(int id) => _rankById[id];

    /// <summary>Number of first appearance of each of <paramref name="count"/> customers from <paramref name="start"/> on.</summary>
    public ReadOnlySpan<int> Ids(int start, int count) => _idByRank.Slice(start, count);

    /// <summary>The least power of two that leaves about 16,384 customers to a partition.</summary>
    public static int PartitionsFor(long customers) =>
        (int)Math.Min(4096, BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, (customers + CustomersPerPartition - 1) / CustomersPerPartition)));

    public static CustomerOrder Create(CustomerIndex customers, int partitionCount, ParallelOptions parallel)
    {
        int[] starts = new int[partitionCount + 1];
        int count = customers.Count;
        using NativeBuffer<ushort> partitions = NativeBuffer<ushort>.Allocate(count);
        for (int id = 0; id < count; id++)
        {
            int partition = PartitionHash.PartitionOf(customers.HashOf(id), partitionCount);
            partitions[id] = (ushort)partition;
            starts[partition + 1]++;
        }
        for (int p = 1; p <= partitionCount; p++)
            starts[p] += starts[p - 1];
        NativeBuffer<int> idByRank = NativeBuffer<int>.Allocate(count);
        int[] next = [.. starts];
        for (int id = 0; id < count; id++)
            idByRank[next[partitions[id]]++] = id;
        ParallelWork.For(partitionCount, parallel, p => customers.SortByKey(idByRank.Slice(starts[p], starts[p + 1] - starts[p])));
        NativeBuffer<int> rankById = NativeBuffer<int>.Allocate(count);
        for (int rank = 0; rank < count; rank++)
            rankById[idByRank[rank]] = rank;
        return new CustomerOrder(rankById, idByRank, starts);
    }

    public void Dispose()
    {
        _rankById.Dispose();
        _idByRank.Dispose();
    }
}
