namespace ChurnEngine.Models;

/// <summary>Where the bytes of a block of rows lie: each slot holds a byte a row, so that one offset and a row's number find it.</summary>
/// <remarks>
/// Shape: slots [256] u8, after one another:
/// <code>
///   constants        | predicates        | codes           | values          | margins      | results
///   0 0 0 ... 1 1 1  | 0: left, 1: right | a column's bins | [4][256] floats | [256] double | what nodes chose
///   the same always  | per tree          | per block       | per 4 features  | per block    | per tree
/// </code>
/// </remarks>
internal sealed class BlockLayout
{
    /// <summary>Rows of a block: the codes of 60 columns take 15 kB, so that all of a block stays in the first-level cache.</summary>
    public const int Rows = 256;

    private readonly int _predicates;
    private readonly int _codes;

    /// <param name="constants">Bytes that a node may choose: 0 to this, at most 256.</param>
    /// <param name="predicates">Most look-ups of a tree.</param>
    /// <param name="columns">Columns of codes.</param>
    public BlockLayout(int constants, int predicates, int columns)
    {
        Constants = constants;
        _predicates = constants * Rows;
        _codes = _predicates + predicates * Rows;
        Values = checked(_codes + columns * Rows);
        Margins = Values + TransposeKernel.Features * Rows * sizeof(float);
        Results = Margins + Rows * sizeof(double);
    }

    public int Constants { get; }

    /// <summary>Floats of four features.</summary>
    public int Values { get; }

    /// <summary>Sums so far.</summary>
    public int Margins { get; }

    /// <summary>The first of the slots that nodes write.</summary>
    public int Results { get; }

    public static int Constant(int value) => value * Rows;

    public int Predicate(int index) => _predicates + index * Rows;

    public int Codes(int column) => _codes + column * Rows;

    public int Result(int slot) => Results + slot * Rows;

    /// <summary>A workspace with its constants filled in.</summary>
    /// <param name="slots">Results that are alive at a time, at most.</param>
    public AlignedArray<byte> Allocate(int slots)
    {
        var workspace = new AlignedArray<byte>(Result(slots));
        for (int value = 0; value < Constants; value++)
            workspace.Span.Slice(Constant(value), Rows).Fill((byte)value);
        return workspace;
    }
}
