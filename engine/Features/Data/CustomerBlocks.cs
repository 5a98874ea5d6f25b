namespace ChurnEngine.Features;

/// <summary>The blocks of all customers.</summary>
internal abstract class CustomerBlocks : IDisposable
{
    public abstract CustomerBlock this[int block] { get; }

    /// <summary>Whether rows lie in a file, and memory that they were read into can be given back.</summary>
    public abstract bool AreInFile { get; }

    public abstract void Dispose();
}

/// <summary>Blocks that were grouped in this process.</summary>
internal sealed class LoadedBlocks(CustomerBlock[] blocks, bool areInFile) : CustomerBlocks
{
    public override CustomerBlock this[int block] => blocks[block];

    public override bool AreInFile => areInFile;

    public override void Dispose()
    {
        foreach (CustomerBlock block in blocks)
            block.Dispose();
    }
}
