using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Turns keys of customers into 64-bit codes and buckets, for one loader.</summary>
/// <remarks>Whole numbers are their own codes. A text's code is its number among the texts that this loader has seen; <see cref="CustomerNames"/> makes them one.</remarks>
internal abstract class KeyReader : IDisposable
{
    /// <summary>Texts seen; null where keys are whole numbers.</summary>
    public virtual Utf8Index? Texts => null;

    /// <summary>Writes code and bucket of each row; <paramref name="isBlank"/> where the key is null or blank. Returns whether any was.</summary>
    public abstract bool Read(Column keys, Span<long> codes, Span<byte> buckets, Span<bool> isBlank);

    public abstract void Dispose();

    public static KeyReader For(ColumnType type) => type == ColumnType.Int64 ? new WholeNumbers() : new TextKeys();

    private sealed class WholeNumbers : KeyReader
    {
        public override bool Read(Column keys, Span<long> codes, Span<byte> buckets, Span<bool> isBlank)
        {
            ((PrimitiveColumn<long>)keys).Values.CopyTo(codes);
            for (int row = 0; row < codes.Length; row++)
                buckets[row] = (byte)BucketBounds.Of(PartitionHash.OfInt64(codes[row]));
            if (keys.NullCount == 0)
                return false;
            for (int row = 0; row < codes.Length; row++)
                isBlank[row] = keys.IsNull(row);
            return true;
        }

        public override void Dispose()
        {
        }
    }

    private sealed class TextKeys : KeyReader
    {
        private readonly Utf8Index _texts = new();
        private int[] _ids = [];

        public override Utf8Index Texts => _texts;

        public override bool Read(Column keys, Span<long> codes, Span<byte> buckets, Span<bool> isBlank)
        {
            if (_ids.Length < codes.Length)
                _ids = new int[codes.Length];
            TextCells.Map(keys, _texts, _ids.AsSpan(0, codes.Length));
            bool any = false;
            for (int row = 0; row < codes.Length; row++)
            {
                isBlank[row] = _ids[row] < 0;
                any |= isBlank[row];
                codes[row] = _ids[row];
                buckets[row] = _ids[row] < 0 ? (byte)0 : (byte)BucketBounds.Of(_texts.HashOf(_ids[row]));
            }
            return any;
        }

        public override void Dispose() => _texts.Dispose();
    }
}

/// <summary>Codes of customers, the same for all loaders, and what they stand for.</summary>
internal sealed class CustomerNames : IDisposable
{
    private readonly Utf8Index? _texts;

    private CustomerNames(Utf8Index? texts) => _texts = texts;

    public ColumnType KeyType => _texts is null ? ColumnType.Int64 : ColumnType.Utf8;

    /// <summary>Unites what loaders saw.</summary>
    /// <param name="seen">Texts of each loader; empty where keys are whole numbers.</param>
    /// <param name="maps">For each loader, its codes to common ones.</param>
    public static CustomerNames Unite(IReadOnlyList<Utf8Index> seen, out long[][] maps)
    {
        maps = new long[seen.Count][];
        if (seen.Count == 0)
            return new CustomerNames(null);
        var texts = new Utf8Index();
        for (int loader = 0; loader < seen.Count; loader++)
        {
            maps[loader] = new long[seen[loader].Count];
            for (int id = 0; id < maps[loader].Length; id++)
                maps[loader][id] = texts.GetOrAdd(seen[loader][id]);
        }
        return new CustomerNames(texts);
    }

    /// <summary>Names whose codes are already common: null where keys are whole numbers; owned from now on.</summary>
    public static CustomerNames Of(Utf8Index? texts) => new(texts);

    /// <summary>The bytes of a text key.</summary>
    public ReadOnlySpan<byte> TextOf(long code) => _texts![(int)code];

    public ulong HashOf(long code) => _texts is null ? PartitionHash.OfInt64(code) : _texts.HashOf((int)code);

    /// <summary>Sorts codes by key: integers ascending, text by UTF-8 bytes; <paramref name="ids"/> go along.</summary>
    public void Sort(Span<long> codes, Span<int> ids)
    {
        if (_texts is null)
            codes.Sort(ids);
        else
            codes.Sort(ids, (a, b) => _texts[(int)a].SequenceCompareTo(_texts[(int)b]));
    }

    /// <summary>The keys of <paramref name="codes"/> as a column.</summary>
    public Column Gather(ReadOnlySpan<long> codes)
    {
        if (_texts is null)
            return new PrimitiveColumn<long>(ColumnType.Int64, NativeBuffer<long>.CopyOf(codes), codes.Length);
        long bytes = 0;
        foreach (long code in codes)
            bytes += _texts[(int)code].Length;
        NativeBuffer<int> offsets = NativeBuffer<int>.Allocate(codes.Length + 1);
        NativeBuffer<byte> text = NativeBuffer<byte>.Allocate(checked((int)bytes));
        int end = 0;
        offsets[0] = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            ReadOnlySpan<byte> key = _texts[(int)codes[i]];
            key.CopyTo(text.Slice(end, key.Length));
            end += key.Length;
            offsets[i + 1] = end;
        }
        return new Utf8Column(offsets, text, codes.Length);
    }

    public void Dispose() => _texts?.Dispose();
}
