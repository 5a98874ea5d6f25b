using System.Buffers;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>One column of a table while it is loaded (chunks in file order) and afterwards (one run, grouped by customer).</summary>
internal abstract class StoreColumn : IDisposable
{
    /// <summary>Rows of a chunk. Fixed: chunks are the unit of parallel work.</summary>
    public const int ChunkRows = 1 << 18;

    /// <summary>Moves every row to <paramref name="positions"/>[row] of one run and frees the chunks.</summary>
    public abstract void Scatter(StoreColumn<int> positions, ParallelOptions parallel);

    /// <summary>Reorders the rows start .. start + order.Length: the new i-th is the old order[i]-th.</summary>
    public abstract void Permute(long start, ReadOnlySpan<int> order);

    /// <summary>Compares two rows of the run.</summary>
    public abstract int Compare(long a, long b);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed unsafe class StoreColumn<T> : StoreColumn where T : unmanaged, IComparable<T>
{
    private readonly List<NativeBuffer<T>> _chunks = [];
    private NativeBuffer<T>? _run;

    public long Length { get; private set; }

    public int ChunkCount => _chunks.Count;

    /// <summary>The run; after <see cref="Scatter"/> only.</summary>
    public T* Pointer => _run!.Pointer;

    public Span<T> Chunk(int chunk) => _chunks[chunk].Slice(0, (int)Math.Min(ChunkRows, Length - (long)chunk * ChunkRows));

    /// <summary>Appends the values at <paramref name="rows"/>.</summary>
    public void AppendGather(ReadOnlySpan<T> values, ReadOnlySpan<int> rows)
    {
        int done = 0;
        while (done < rows.Length)
        {
            int within = (int)(Length % ChunkRows);
            if (within == 0)
                _chunks.Add(NativeBuffer<T>.Allocate(ChunkRows));
            int count = Math.Min(rows.Length - done, ChunkRows - within);
            Span<T> room = _chunks[^1].Slice(within, count);
            for (int i = 0; i < count; i++)
                room[i] = values[rows[done + i]];
            done += count;
            Length += count;
        }
    }

    public override void Scatter(StoreColumn<int> positions, ParallelOptions parallel)
    {
        NativeBuffer<T> run = NativeBuffer<T>.Allocate(Length);
        _run = run;
        ParallelWork.For(ChunkCount, parallel, chunk =>
        {
            T* target = run.Pointer;
            Span<T> values = Chunk(chunk);
            Span<int> to = positions.Chunk(chunk);
            for (int row = 0; row < values.Length; row++)
                target[to[row]] = values[row];
            _chunks[chunk].Dispose();
        });
        _chunks.Clear();
    }

    public override void Permute(long start, ReadOnlySpan<int> order)
    {
        T[] scratch = ArrayPool<T>.Shared.Rent(order.Length);
        var rows = new Span<T>(Pointer + start, order.Length);
        rows.CopyTo(scratch);
        for (int i = 0; i < order.Length; i++)
            rows[i] = scratch[order[i]];
        ArrayPool<T>.Shared.Return(scratch);
    }

    public override int Compare(long a, long b) => Pointer[a].CompareTo(Pointer[b]);

    public override void Dispose()
    {
        foreach (NativeBuffer<T> chunk in _chunks)
            chunk.Dispose();
        _chunks.Clear();
        _run?.Dispose();
    }
}
