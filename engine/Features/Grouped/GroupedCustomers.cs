using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>The customers of a grouped folder: where partitions begin, and the keys in order.</summary>
internal static class GroupedCustomers
{
    public static void Write(BlockFileWriter file, CustomerOrder order, CustomerNames names)
    {
        file.Write<int>([.. Enumerable.Range(0, order.PartitionCount + 1).Select(order.Start)]);
        if (names.KeyType == ColumnType.Int64)
        {
            using NativeBuffer<long> keys = NativeBuffer<long>.Allocate(order.Count);
            for (int rank = 0; rank < order.Count; rank++)
                keys[rank] = order.CodeOf(rank);
            file.Write(keys);
            return;
        }
        using NativeBuffer<long> ends = NativeBuffer<long>.Allocate(order.Count);
        using var bytes = new GrowingBuffer<byte>();
        for (int rank = 0; rank < order.Count; rank++)
        {
            bytes.Append(names.TextOf(order.CodeOf(rank)));
            ends[rank] = bytes.Length;
        }
        file.Write(ends);
        using NativeBuffer<byte> text = bytes.Finish();
        file.Write(text);
    }

    /// <remarks>Errors: <see cref="ChurnDataException"/> CE3080 when the file is damaged.</remarks>
    public static (CustomerOrder Order, CustomerNames Names) Read(string folder, GroupedManifest manifest)
    {
        string path = Path.Combine(folder, manifest.CustomerFile.Name);
        try
        {
            using FileStream stream = GroupedBlocks.OpenChecked(path, manifest.CustomerFile);
            var file = new BlockFileReader(stream.SafeFileHandle);
            using NativeBuffer<int> starts = file.Read<int>(manifest.Partitions + 1L);
            NativeBuffer<long> keys = file.Read<long>(manifest.Customers);
            int[] partitions = starts.Span.ToArray();
            if (manifest.KeyType == ColumnType.Int64)
                return (CustomerOrder.Of(keys, partitions), CustomerNames.Of(null));
            using NativeBuffer<long> ends = keys;
            using NativeBuffer<byte> text = file.Read<byte>(manifest.Customers == 0 ? 0 : ends[manifest.Customers - 1L]);
            return (CustomerOrder.Of(Ranks(manifest.Customers), partitions), CustomerNames.Of(Index(ends, text)));
        }
        catch (IOException failure)
        {
            throw GroupedErrors.Damaged(folder, path, failure.Message);
        }
    }

    // A text key's code is its place.
    private static NativeBuffer<long> Ranks(int customers)
    {
        NativeBuffer<long> ranks = NativeBuffer<long>.Allocate(customers);
        for (int rank = 0; rank < customers; rank++)
            ranks[rank] = rank;
        return ranks;
    }

    private static Utf8Index Index(NativeBuffer<long> ends, NativeBuffer<byte> text)
    {
        var texts = new Utf8Index();
        long start = 0;
        for (long rank = 0; rank < ends.Length; rank++)
        {
            texts.GetOrAdd(text.Slice(start, (int)(ends[rank] - start)));
            start = ends[rank];
        }
        return texts;
    }
}
