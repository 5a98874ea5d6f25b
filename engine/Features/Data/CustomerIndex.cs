using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Maps keys of customers to dense numbers, in order of first appearance.</summary>
internal abstract class CustomerIndex : IDisposable
{
    public abstract int Count { get; }

    public abstract ColumnType KeyType { get; }

    /// <summary>Writes the number of each row's customer, new ones included; -1 where the key is null or blank.</summary>
    public abstract void Map(Column keys, Span<int> ids);

    public abstract ulong HashOf(int id);

    /// <summary>Sorts numbers by their key: integers ascending, text by UTF-8 bytes.</summary>
    public abstract void SortByKey(Span<int> ids);

    /// <summary>The keys of <paramref name="ids"/> as a column.</summary>
    public abstract Column Gather(ReadOnlySpan<int> ids);

    public abstract void Dispose();

    public static CustomerIndex For(ColumnType keyType) => keyType == ColumnType.Int64 ? new Int64Customers() : new Utf8Customers();

    private sealed class Int64Customers : CustomerIndex
    {
        private readonly Int64Index _index = new();

        public override int Count => _index.Count;

        public override ColumnType KeyType => ColumnType.Int64;

        public override void Map(Column keys, Span<int> ids)
        {
            ReadOnlySpan<long> values = ((PrimitiveColumn<long>)keys).Values;
            for (int row = 0; row < ids.Length; row++)
                ids[row] = keys.IsNull(row) ? -1 : _index.GetOrAdd(values[row]);
        }

        public override ulong HashOf(int id) => PartitionHash.OfInt64(_index[id]);

        public override void SortByKey(Span<int> ids)
        {
            long[] keys = new long[ids.Length];
            for (int i = 0; i < keys.Length; i++)
                keys[i] = _index[ids[i]];
            keys.AsSpan().Sort(ids);
        }

        public override Column Gather(ReadOnlySpan<int> ids)
        {
            NativeBuffer<long> keys = NativeBuffer<long>.Allocate(ids.Length);
            for (int i = 0; i < ids.Length; i++)
                keys[i] = _index[ids[i]];
            return new PrimitiveColumn<long>(ColumnType.Int64, keys, ids.Length);
        }

        public override void Dispose() => _index.Dispose();
    }

    private sealed class Utf8Customers : CustomerIndex
    {
        private readonly Utf8Index _index = new();

        public override int Count => _index.Count;

        public override ColumnType KeyType => ColumnType.Utf8;

        public override void Map(Column keys, Span<int> ids)
        {
            TextCells.Map(keys, _index, ids);
        }

        public override ulong HashOf(int id) => _index.HashOf(id);

        public override void SortByKey(Span<int> ids) => ids.Sort((a, b) => _index[a].SequenceCompareTo(_index[b]));

        public override Column Gather(ReadOnlySpan<int> ids)
        {
            long bytes = 0;
            foreach (int id in ids)
                bytes += _index[id].Length;
            NativeBuffer<int> offsets = NativeBuffer<int>.Allocate(ids.Length + 1);
            NativeBuffer<byte> text = NativeBuffer<byte>.Allocate(checked((int)bytes));
            int end = 0;
            offsets[0] = 0;
            for (int i = 0; i < ids.Length; i++)
            {
                ReadOnlySpan<byte> key = _index[ids[i]];
                key.CopyTo(text.Slice(end, key.Length));
                end += key.Length;
                offsets[i + 1] = end;
            }
            return new Utf8Column(offsets, text, ids.Length);
        }

        public override void Dispose() => _index.Dispose();
    }
}
