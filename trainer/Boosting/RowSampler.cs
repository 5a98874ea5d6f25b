namespace ChurnEngine.Trainer;

/// <summary>Decides by (seed, tree, row id) which rows a tree sees.</summary>
internal sealed class RowSampler(double share, ulong seed)
{
    private const ulong Stream = 0x10_0000_0000;

    /// <summary>True when every tree sees every row.</summary>
    public bool KeepsAll => share >= 1;

    /// <summary>True when tree <paramref name="tree"/> sees row <paramref name="row"/>.</summary>
    public bool Keeps(int tree, int row) => KeyedRandom.Unit(seed, Stream + (ulong)tree, (ulong)row) < share;

    /// <summary>Writes the row ids that are kept of a run of rows.</summary>
    /// <param name="tree">Number of the tree.</param>
    /// <param name="firstRow">First of the rows.</param>
    /// <param name="kept">Room for all of them; its length is their number.</param>
    /// <returns>Rows kept.</returns>
    public int Keep(int tree, int firstRow, Span<int> kept)
    {
        int count = 0;
        for (int i = 0; i < kept.Length; i++)
        {
            if (Keeps(tree, firstRow + i))
                kept[count++] = firstRow + i;
        }
        return count;
    }
}
