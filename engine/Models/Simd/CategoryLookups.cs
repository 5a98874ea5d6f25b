namespace ChurnEngine.Models;

/// <summary>One look-up of categories before a tree's tests run.</summary>
/// <param name="Codes">Offset of the codes in the workspace.</param>
/// <param name="Target">Offset of the outcome.</param>
/// <param name="Table">Offset of the table among all tables.</param>
/// <param name="Merges">Whether the test has looked elsewhere before.</param>
internal readonly record struct CategoryLookup(int Codes, int Target, int Table, bool Merges);

/// <summary>The look-ups of all trees, laid out to be run.</summary>
internal sealed unsafe class CategoryLookups(TestPlacer placer)
{
    private readonly CategoryLookup[] _lookups = [.. placer.Lookups];
    private readonly AlignedArray<byte> _tables = AlignedArray<byte>.Of(placer.Tables);

    /// <summary>Runs a tree's look-ups on a block.</summary>
    /// <param name="range">Its first one, and how many.</param>
    /// <param name="workspace">The block's bytes.</param>
    /// <param name="rows">1 to 256.</param>
    public void Run((int First, int Count) range, byte* workspace, int rows)
    {
        foreach (ref readonly CategoryLookup lookup in _lookups.AsSpan(range.First, range.Count))
            CodeLookupKernel.Run(workspace + lookup.Codes, _tables.Start + lookup.Table, workspace + lookup.Target, rows, lookup.Merges);
    }
}
