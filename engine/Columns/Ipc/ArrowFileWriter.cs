using System.Buffers.Binary;

namespace ChurnEngine.Columns;

/// <summary>Writes batches as an Arrow IPC file (also known as Feather V2), which is read in any order by its footer.</summary>
/// <remarks>A file has one dictionary a column, so those of all batches are merged and written behind the last batch; read it from disk, not from
/// a pipe. Equal batches make equal bytes. Memory: copies of the columns of one batch that have nulls, and the dictionaries.
/// Source: Arrow columnar format, "IPC File Format".</remarks>
public sealed class ArrowFileWriter : ArrowWriter
{
    private readonly UnifiedDictionary?[] _dictionaries;
    private readonly List<long> _batchBlocks = [];

    /// <summary>Writes the start of the file.</summary>
    /// <param name="stream">Need not seek; disposed with the writer unless <paramref name="leaveOpen"/>.</param>
    /// <param name="schema">Columns of every batch to come, with their metadata.</param>
    /// <param name="leaveOpen">True leaves the stream open.</param>
    public ArrowFileWriter(Stream stream, Schema schema, bool leaveOpen = false) : base(stream, schema, leaveOpen)
    {
        _dictionaries = [.. schema.Fields.Select(field => field.Type == ColumnType.Dictionary ? new UnifiedDictionary() : null)];
        Sink.Write(ArrowFileReader.Magic);
        Sink.Write([0, 0]);
        Sink.Write(MessageEncoding.OfSchema(schema), null);
    }

    private protected override void AddColumn(int field, Column column, BodyParts body)
    {
        if (column is DictionaryColumn coded && _dictionaries[field]!.Recode(coded) is { } codes)
            body.Add(coded, codes);
        else
            body.Add(column);
    }

    private protected override void WriteBatch(int length, BodyParts body) => AddBlock(_batchBlocks, Sink.Write(MessageEncoding.OfBatch(length, body), body));

    // The dictionaries and the footer.
    private protected override void WriteEnd()
    {
        var dictionaryBlocks = new List<long>();
        for (int i = 0; i < _dictionaries.Length; i++)
        {
            if (_dictionaries[i] is not { } dictionary)
                continue;
            using Utf8Column entries = dictionary.Build();
            using var body = new BodyParts();
            body.Add(entries);
            AddBlock(dictionaryBlocks, Sink.Write(MessageEncoding.OfDictionary(i, entries.Length, body), body));
        }
        Sink.WriteEnd();
        ReadOnlyMemory<byte> footer = MessageEncoding.OfFooter(Schema, dictionaryBlocks, _batchBlocks);
        Sink.Write(footer.Span);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        Sink.Write(length);
        Sink.Write(ArrowFileReader.Magic);
    }

    private protected override void Release()
    {
        foreach (UnifiedDictionary? dictionary in _dictionaries)
            dictionary?.Dispose();
    }

    // The struct is [offset: long][metadata length: int][padding: int][body length: long], so the middle one is a long too.
    private static void AddBlock(List<long> blocks, (long Offset, long MetadataLength, long BodyLength) block) =>
        blocks.AddRange(block.Offset, block.MetadataLength, block.BodyLength);
}
