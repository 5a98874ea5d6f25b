namespace ChurnEngine.Models;

/// <summary>What one leaf gives to the features of its path, for every pattern of passed slots: the part of a row's explanation that no row is needed for.</summary>
internal interface ILeafValues
{
    /// <summary>Computes a leaf's values.</summary>
    /// <param name="tree">Number of the tree in its ensemble.</param>
    /// <param name="path">The leaf's path of d slots.</param>
    /// <param name="table">[d][2^d] log-odds by slot and pattern, overwritten.</param>
    void Fill(int tree, LeafPath path, Span<double> table);
}
