using ChurnEngine.Columns;
using CommunityToolkit.HighPerformance.Buffers;

namespace ChurnEngine.DataGen;

/// <summary>Rows for one file: a batch, or lines of text. Owns them.</summary>
internal sealed class ChunkPart : IDisposable
{
    private ChunkPart(RecordBatch? batch, ArrayPoolBufferWriter<byte>? text, long rows) => (Batch, Text, Rows) = (batch, text, rows);

    /// <summary>For a file with a schema.</summary>
    public RecordBatch? Batch { get; }

    /// <summary>UTF-8, each line with its end; for a file without a schema. Pooled: fresh pages for every chunk cost more than the lines in them.</summary>
    public ArrayPoolBufferWriter<byte>? Text { get; }

    /// <summary>Rows of the batch, or lines.</summary>
    public long Rows { get; }

    public static implicit operator ChunkPart(RecordBatch batch) => new(batch, null, batch.Length);

    public static ChunkPart Lines(ArrayPoolBufferWriter<byte> text, long lines) => new(null, text, lines);

    public void Dispose()
    {
        Batch?.Dispose();
        Text?.Dispose();
    }
}

/// <summary>What a fixed run of customers adds to each file of a world: the unit of parallel work.</summary>
/// <param name="parts">One for each of <see cref="IWorld.Files"/>.</param>
/// <param name="counts">What they hold.</param>
internal sealed class WorldChunk(IReadOnlyList<ChunkPart> parts, WorldReport counts) : IDisposable
{
    public IReadOnlyList<ChunkPart> Parts { get; } = parts;

    public WorldReport Counts { get; } = counts;

    public void Dispose()
    {
        foreach (ChunkPart part in Parts)
            part.Dispose();
    }
}
