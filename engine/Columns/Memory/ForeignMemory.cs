namespace ChurnEngine.Columns;

/// <summary>Memory that another library owns, kept alive until the last buffer that looks into it is disposed.</summary>
/// <remarks>Starts with one reference, held by its creator. Thread-safe.</remarks>
public sealed class ForeignMemory
{
    private readonly Action _release;
    private int _references = 1;

    /// <summary>Takes over the duty to call <paramref name="release"/> once, when nobody looks any more.</summary>
    public ForeignMemory(Action release) => _release = release;

    /// <summary>Adds a reference for a new borrower.</summary>
    public void Retain() => Interlocked.Increment(ref _references);

    /// <summary>Gives one reference back; the last one releases the memory.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            _release();
    }
}
