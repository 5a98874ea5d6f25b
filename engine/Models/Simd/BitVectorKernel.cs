using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Models;

/// <summary>What one test of a tree does to one plane: the rows whose code is above the test lose the leaves of its left subtree.</summary>
internal readonly struct BitVectorNode(sbyte test, byte cleared, int codes)
{
    /// <summary>The byte that codes are compared with, four times over: a word is broadcast by the load itself.</summary>
    public readonly uint Test = (byte)test * 0x01010101u;

    /// <summary>Leaves of the plane that lie in the left subtree, likewise.</summary>
    public readonly uint Cleared = cleared * 0x01010101u;

    /// <summary>Offset of the codes in the workspace.</summary>
    public readonly int Codes = codes;
}

/// <summary>A tree as bit vectors.</summary>
/// <param name="nodes">Nodes of the last plane, then of the one before, down to the first.</param>
/// <param name="counts">[planes] nodes of each plane, in that order.</param>
/// <param name="planes">Leaves / 8, rounded up: 1 to 256.</param>
internal readonly unsafe struct BitVectorTree(BitVectorNode* nodes, int* counts, int planes)
{
    public readonly BitVectorNode* Nodes = nodes;
    public readonly int* Counts = counts;
    public readonly int Planes = planes;
}

/// <summary>Finds the exit leaves of a block of rows in one tree, without a branch on the rows: each row keeps a bit for every leaf it may still reach.</summary>
/// <remarks>
/// Leaves are numbered from left to right, eight to a plane. A test that sends a row right takes the leaves of its left subtree away from it, whether the row comes by or not;
/// of those that stay, the leftmost is the exit leaf. A plane is a byte a row, so that one comparison and one instruction of logic do a test for 64 rows; most tests touch one plane.
/// <code>
///   leaves 0..10, row goes right at x3 (left subtree: leaves 0..4), left at all others:
///   plane 0   bits 7..0   1 1 1 0 0 0 0 0      leftmost leaf that stays: 5
///   plane 1   bits 10..8            1 1 1
/// </code>
/// Source: Lucchese et al. 2015 (QuickScorer); Ye et al. 2018 (RapidScorer) for bytes of many rows side by side.
/// </remarks>
internal static unsafe class BitVectorKernel
{
    /// <summary>Leaves of a plane.</summary>
    public const int PlaneLeaves = 8;

    /// <summary>Leaves that the number of a plane, a byte, can reach.</summary>
    public const int MostLeaves = 256 * PlaneLeaves;

    // Number of ones in v, for v = 2^k - 1.
    private static readonly AlignedArray<byte> s_ones = Ones();

    /// <summary>Shape: codes [256] u8 slots -> leaves [n] u8, planes [n] u8. Equality: exact. Whole vectors are read and written, up to the 256 rows of a slot.</summary>
    /// <param name="tree">Its nodes.</param>
    /// <param name="workspace">What the offsets of codes count from.</param>
    /// <param name="leaves">[256] low byte of each row's exit leaf.</param>
    /// <param name="planes">[256] its number / 8.</param>
    /// <param name="rows">n, 1 to 256.</param>
    public static void Run(BitVectorTree tree, byte* workspace, byte* leaves, byte* planes, int rows)
    {
        if (Avx512Vbmi.IsSupported)
        {
            for (int row = 0; row < rows; row += 4 * Vector512<byte>.Count)
                Run512(tree, workspace + row, leaves + row, planes + row);
        }
        else if (Avx2.IsSupported)
        {
            for (int row = 0; row < rows; row += 2 * Vector256<byte>.Count)
                Run256(tree, workspace + row, leaves + row, planes + row);
        }
        else
        {
            Scalar(tree, workspace, leaves, planes, rows);
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(BitVectorTree tree, byte* workspace, byte* leaves, byte* planes, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            BitVectorNode* node = tree.Nodes;
            for (int i = 0; i < tree.Planes; i++)
            {
                uint reachable = 0xFF;
                for (BitVectorNode* end = node + tree.Counts[i]; node < end; node++)
                    reachable &= (sbyte)workspace[node->Codes + row] > (sbyte)node->Test ? ~node->Cleared : ~0u;
                if (reachable == 0)
                    continue;
                // A plane further left, if it has any, comes later and takes its place.
                int plane = tree.Planes - 1 - i;
                planes[row] = (byte)plane;
                leaves[row] = (byte)(plane * PlaneLeaves + BitOperations.TrailingZeroCount(reachable));
            }
        }
    }

    private static void Run512(BitVectorTree tree, byte* codes, byte* leaves, byte* planes)
    {
        Vector512<byte> a = Vector512<byte>.AllBitsSet, b = a, c = a, d = a;
        Vector512<byte> planeA = Vector512<byte>.Zero, planeB = planeA, planeC = planeA, planeD = planeA;
        BitVectorNode* node = tree.Nodes;
        int* count = tree.Counts;
        for (int plane = tree.Planes - 1; plane >= 0; plane--)
        {
            Vector512<byte> nextA = Vector512<byte>.AllBitsSet, nextB = nextA, nextC = nextA, nextD = nextA;
            for (BitVectorNode* end = node + *count++; node < end; node++)
            {
                Vector512<sbyte> test = Vector512.Create(node->Test).AsSByte();
                Vector512<byte> cleared = Vector512.Create(node->Cleared).AsByte();
                byte* at = codes + node->Codes;
                nextA = Clear(nextA, at, test, cleared);
                nextB = Clear(nextB, at + 64, test, cleared);
                nextC = Clear(nextC, at + 128, test, cleared);
                nextD = Clear(nextD, at + 192, test, cleared);
            }
            Vector512<byte> number = Vector512.Create((byte)plane);
            planeA = Vector512.ConditionalSelect(Vector512.Equals(nextA, Vector512<byte>.Zero), planeA, number);
            planeB = Vector512.ConditionalSelect(Vector512.Equals(nextB, Vector512<byte>.Zero), planeB, number);
            planeC = Vector512.ConditionalSelect(Vector512.Equals(nextC, Vector512<byte>.Zero), planeC, number);
            planeD = Vector512.ConditionalSelect(Vector512.Equals(nextD, Vector512<byte>.Zero), planeD, number);
            a = Vector512.ConditionalSelect(Vector512.Equals(nextA, Vector512<byte>.Zero), a, nextA);
            b = Vector512.ConditionalSelect(Vector512.Equals(nextB, Vector512<byte>.Zero), b, nextB);
            c = Vector512.ConditionalSelect(Vector512.Equals(nextC, Vector512<byte>.Zero), c, nextC);
            d = Vector512.ConditionalSelect(Vector512.Equals(nextD, Vector512<byte>.Zero), d, nextD);
        }
        Leftmost(a, planeA, leaves, planes);
        Leftmost(b, planeB, leaves + 64, planes + 64);
        Leftmost(c, planeC, leaves + 128, planes + 128);
        Leftmost(d, planeD, leaves + 192, planes + 192);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Clear(Vector512<byte> reachable, byte* codes, Vector512<sbyte> test, Vector512<byte> cleared)
    {
        // reachable & ~(right & cleared)
        const byte AndNotBoth = 0x70;
        return Avx512F.TernaryLogic(reachable, Vector512.GreaterThan(Vector512.Load((sbyte*)codes), test).AsByte(), cleared, AndNotBoth);
    }

    // The zeros below the lowest one, as ones, are a number of seven bits at most: one look-up counts them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Leftmost(Vector512<byte> reachable, Vector512<byte> plane, byte* leaves, byte* planes)
    {
        Vector512<byte> below = Vector512.AndNot(reachable - Vector512<byte>.One, reachable);
        Vector512<byte> bit = Avx512Vbmi.PermuteVar64x8x2(Vector512.Load(s_ones.Start), below, Vector512.Load(s_ones.Start + 64));
        Vector512<byte> twice = plane + plane, fourTimes = twice + twice;
        (fourTimes + fourTimes + bit).Store(leaves);
        plane.Store(planes);
    }

    private static void Run256(BitVectorTree tree, byte* codes, byte* leaves, byte* planes)
    {
        Vector256<byte> a = Vector256<byte>.AllBitsSet, b = a, planeA = Vector256<byte>.Zero, planeB = planeA;
        BitVectorNode* node = tree.Nodes;
        int* count = tree.Counts;
        for (int plane = tree.Planes - 1; plane >= 0; plane--)
        {
            Vector256<byte> nextA = Vector256<byte>.AllBitsSet, nextB = nextA;
            for (BitVectorNode* end = node + *count++; node < end; node++)
            {
                Vector256<sbyte> test = Vector256.Create(node->Test).AsSByte();
                Vector256<byte> cleared = Vector256.Create(node->Cleared).AsByte();
                byte* at = codes + node->Codes;
                nextA = Vector256.AndNot(nextA, Vector256.GreaterThan(Vector256.Load((sbyte*)at), test).AsByte() & cleared);
                nextB = Vector256.AndNot(nextB, Vector256.GreaterThan(Vector256.Load((sbyte*)at + 32), test).AsByte() & cleared);
            }
            Vector256<byte> number = Vector256.Create((byte)plane), noneA = Vector256.Equals(nextA, Vector256<byte>.Zero), noneB = Vector256.Equals(nextB, Vector256<byte>.Zero);
            planeA = Vector256.ConditionalSelect(noneA, planeA, number);
            planeB = Vector256.ConditionalSelect(noneB, planeB, number);
            a = Vector256.ConditionalSelect(noneA, a, nextA);
            b = Vector256.ConditionalSelect(noneB, b, nextB);
        }
        Leftmost(a, planeA, leaves, planes);
        Leftmost(b, planeB, leaves + 32, planes + 32);
    }

    // Sixteen entries are enough for half of the seven bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Leftmost(Vector256<byte> reachable, Vector256<byte> plane, byte* leaves, byte* planes)
    {
        Vector256<byte> ones = Vector256.Create(Vector128.Load(s_ones.Start)), half = Vector256.Create((byte)15);
        Vector256<byte> below = Vector256.AndNot(reachable - Vector256<byte>.One, reachable);
        Vector256<byte> bit = Avx2.Shuffle(ones, below & half) + Avx2.Shuffle(ones, Vector256.ShiftRightLogical(below.AsUInt16(), 4).AsByte() & half);
        Vector256<byte> twice = plane + plane, fourTimes = twice + twice;
        (fourTimes + fourTimes + bit).Store(leaves);
        plane.Store(planes);
    }

    private static AlignedArray<byte> Ones()
    {
        var ones = new AlignedArray<byte>(128);
        for (int i = 0; i < ones.Length; i++)
            ones.Start[i] = (byte)BitOperations.PopCount((uint)i);
        return ones;
    }
}
