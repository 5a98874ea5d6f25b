namespace ChurnEngine.Columns;

/// <summary>A column as an Arrow file describes it.</summary>
/// <param name="Name">As the file names it.</param>
/// <param name="Type">What becomes of it; null when the engine does not hold its type.</param>
/// <param name="ArrowType">Arrow's name of its type.</param>
public sealed record ArrowColumn(string Name, ColumnType? Type, string ArrowType);

/// <summary>Arrow data on disk, by path.</summary>
public static class ArrowFile
{
    /// <summary>Opens a file in the file format, for reading in any order.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/>; <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/> of the file system.</remarks>
    public static ArrowFileReader Open(string path) => new(File.OpenRead(path), new ArrowReadOptions { Name = path });

    /// <summary>Names and types of the columns of a file in the file or the stream format, those of types that the engine does not hold too.</summary>
    /// <remarks>Errors: as <see cref="Open"/>.</remarks>
    public static IReadOnlyList<ArrowColumn> Describe(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (HasFooter(stream))
        {
            using var file = new ArrowFileReader(stream, new ArrowReadOptions { Name = path, Columns = new HashSet<string>() });
            return file.Described;
        }
        IpcMessage message = new MessageSource(stream, path).Next("schema") ?? throw IpcErrors.NotArrow(path, "nothing");
        return message.Kind == MessageKind.Schema ? WireSchema.Describe(message.Header) : throw IpcErrors.UnexpectedMessage(message.Place, message.Kind.ToString(), "a schema");
    }

    /// <summary>Rows of a file in the file or the stream format, by what its batches say.</summary>
    /// <remarks>Errors: as <see cref="Open"/>; a compressed body among them.</remarks>
    public static long CountRows(string path)
    {
        FileStream stream = File.OpenRead(path);
        var options = new ArrowReadOptions { Name = path, Columns = new HashSet<string>() };
        if (HasFooter(stream))
        {
            using var file = new ArrowFileReader(stream, options);
            return file.CountRows();
        }
        using var reader = new ArrowStreamReader(stream, options);
        return reader.CountRows();
    }

    /// <summary>The columns of a file in the file or the stream format.</summary>
    /// <remarks>Errors: as <see cref="Open"/>.</remarks>
    public static Schema ReadSchema(string path)
    {
        FileStream stream = File.OpenRead(path);
        if (HasFooter(stream))
        {
            using var file = new ArrowFileReader(stream, new ArrowReadOptions { Name = path });
            return file.Schema;
        }
        using var reader = new ArrowStreamReader(stream, new ArrowReadOptions { Name = path });
        return reader.Schema;
    }

    /// <summary>The batches of a file in the file or the stream format, one by one, for the caller to dispose.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names of the columns to read; null: all.</param>
    /// <remarks>Errors: as <see cref="Open"/>, when the enumeration reaches them.</remarks>
    public static IEnumerable<RecordBatch> Read(string path, IReadOnlySet<string>? columns = null)
    {
        FileStream stream = File.OpenRead(path);
        var options = new ArrowReadOptions { Name = path, Columns = columns };
        if (HasFooter(stream))
        {
            using var file = new ArrowFileReader(stream, options);
            foreach (RecordBatch batch in file.ReadAll())
                yield return batch;
            yield break;
        }
        using var reader = new ArrowStreamReader(stream, options);
        foreach (RecordBatch batch in reader.ReadAll())
            yield return batch;
    }

    /// <summary>All of a file in the file or the stream format.</summary>
    /// <remarks>Errors: as <see cref="Open"/>.</remarks>
    public static Table ReadTable(string path)
    {
        var table = new Table(ReadSchema(path));
        try
        {
            foreach (RecordBatch batch in Read(path))
                table.Add(batch);
            return table;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    /// <summary>Writes a file in the file format, whole or not at all.</summary>
    /// <param name="path">Replaced if it exists; its folder is made.</param>
    /// <param name="schema">Columns of every batch.</param>
    /// <param name="batches">Stay the caller's.</param>
    /// <remarks>Errors: those of <see cref="AtomicFile"/>.</remarks>
    public static void Write(string path, Schema schema, IEnumerable<RecordBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new ArrowFileWriter(stream, schema, leaveOpen: true);
            foreach (RecordBatch batch in batches)
                writer.Write(batch);
            writer.Complete();
        });
    }

    /// <summary>Opens a file in the file format for writing; an <see cref="OpenBatchSink"/>.</summary>
    /// <param name="path">Final path, replaced by <see cref="IBatchSink.Complete"/>; without that, nothing is left.</param>
    /// <param name="schema">Columns of every batch to come.</param>
    /// <remarks>Errors: those of the file system.</remarks>
    public static IBatchSink OpenSink(string path, Schema schema) => new ArrowFileSink(path, schema);

    // A pipe that has a path cannot be looked into before it is read.
    private static bool HasFooter(FileStream stream)
    {
        if (!stream.CanSeek)
            return false;
        Span<byte> head = stackalloc byte[6];
        int got = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return got == head.Length && head.SequenceEqual(ArrowFileReader.Magic);
    }
}
