using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>The memory that rows may take; what comes when it is full goes to a file. Shared by all loaders of a job.</summary>
/// <remarks>Once full it stays so: from then on runs, numbers of customers and grouped blocks are moved to the file as soon as they are made, and what is
/// in memory at a time is what is being worked on. Which runs are moved is chance; no value depends on it.</remarks>
internal sealed class RowRoom(long bytes) : IDisposable
{
    private readonly long _bytes = SpillFile.IsSupported ? bytes : long.MaxValue;
    private readonly Lock _lock = new();
    private long _taken;
    private SpillFile? _file;

    /// <summary>Whether rows are kept in a file.</summary>
    public bool IsFull => Interlocked.Read(ref _taken) > _bytes;

    /// <summary>Bytes in the file.</summary>
    public long BytesInFile => _file?.Length ?? 0;

    /// <summary>Finds room for a finished run.</summary>
    public void Settle(TableRun run)
    {
        if (Interlocked.Add(ref _taken, run.Bytes) > _bytes)
            Move(run.MoveTo);
    }

    /// <summary>Moves numbers of customers to the file when memory is full.</summary>
    public void Settle(NativeBuffer<byte> ids)
    {
        if (IsFull)
            Move(file => ids.MoveTo(file));
    }

    /// <summary>Moves a grouped block to the file when memory is full.</summary>
    public void Settle(CustomerBlock block)
    {
        if (IsFull)
            Move(block.MoveTo);
    }

    public void Dispose() => _file?.Dispose();

    private void Move(Action<SpillFile> move)
    {
        try
        {
            lock (_lock)
            {
                _file ??= SpillFile.Create();
            }
            move(_file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FeaturesErrors.CannotSpill(cause);
        }
    }
}
