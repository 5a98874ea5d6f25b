namespace ChurnEngine.Models;

/// <summary>Where the bytes of a block of rows lie: a slot holds a byte a row, so that one offset and a row's number find it.</summary>
/// <remarks>
/// Shape: slots [256] u8, after one another:
/// <code>
///   predicates        | codes           | values          | margins      | leaves        | planes
///   0: left, 1: right | a column's bins | [4][256] floats | [256] double | exit leaves   | their planes
///   per tree          | per block       | per 4 features  | per block    | per tree      | per large tree
/// </code>
/// </remarks>
internal sealed class BlockLayout
{
    /// <summary>Rows of a block: the codes of 60 columns take 15 kB, so that all of a block stays in the first-level cache.</summary>
    public const int Rows = 256;

    private readonly int _codes;

    /// <param name="predicates">Most category tests of a tree.</param>
    /// <param name="columns">Columns of codes.</param>
    public BlockLayout(int predicates, int columns)
    {
        _codes = predicates * Rows;
        Values = checked(_codes + columns * Rows);
        Margins = Values + TransposeKernel.Features * Rows * sizeof(float);
        Leaves = Margins + Rows * sizeof(double);
        Planes = Leaves + Rows;
    }

    /// <summary>Floats of four features.</summary>
    public int Values { get; }

    /// <summary>Sums so far.</summary>
    public int Margins { get; }

    /// <summary>Exit leaves: their numbers' low bytes.</summary>
    public int Leaves { get; }

    /// <summary>Exit leaves: an eighth of their numbers.</summary>
    public int Planes { get; }

    public static int Predicate(int index) => index * Rows;

    public int Codes(int column) => _codes + column * Rows;

    /// <summary>A workspace.</summary>
    public AlignedArray<byte> Allocate() => new(Planes + Rows);
}
