using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ChurnEngine.Models;

/// <summary>One test of a tree for a block of rows: what the left and the right subtree chose goes in, what this one chooses comes out.</summary>
/// <param name="test">The byte that codes are compared with: above it, a row goes right.</param>
/// <param name="codes">Offset of the codes in the workspace.</param>
internal readonly struct BlendNode(sbyte test, int codes, int left, int right, int target)
{
    /// <summary>The byte four times over: a word is broadcast by the load itself.</summary>
    public readonly uint Test = (byte)test * 0x01010101u;
    public readonly int Codes = codes;

    /// <summary>Offset of the left choice: a constant, or the target of an earlier node.</summary>
    public readonly int Left = left;

    /// <inheritdoc cref="Left"/>
    public readonly int Right = right;

    /// <summary>Offset of the outcome.</summary>
    public readonly int Target = target;
}

/// <summary>Walks a tree from its leaves up: every node compares the codes of 64 rows at once and takes, for each row, the leaf that its right or its left subtree chose. The root's choice is the exit leaf.</summary>
/// <remarks>
/// Every node is visited for every row; that is two instructions for 64 rows, no branch and no gather.
/// <code>
///   node 1: x0 in {2,5}       leaf(1) = codes(x0) > test ? 1 : 0
///   node 0: x3 &lt;= 4.5         leaf(0) = codes(x3) > test ? 2 : leaf(1)
/// </code>
/// </remarks>
internal static unsafe class BlendWalkKernel
{
    /// <summary>Shape: nodes [m] over slots [256] u8 of the workspace. Equality: exact. Whole vectors are read and written, up to the 256 rows of a slot.</summary>
    /// <param name="nodes">Children before their parents.</param>
    /// <param name="count">m.</param>
    /// <param name="workspace">What the nodes' offsets count from.</param>
    /// <param name="rows">1 to 256.</param>
    public static void Run(BlendNode* nodes, int count, byte* workspace, int rows)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            if (rows > 3 * Vector512<byte>.Count)
            {
                RunFour512(nodes, count, workspace);
                return;
            }
            for (int row = 0; row < rows; row += Vector512<byte>.Count)
                RunOne512(nodes, count, workspace + row);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (int row = 0; row < rows; row += 4 * Vector256<byte>.Count)
                RunFour256(nodes, count, workspace + row);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (int row = 0; row < rows; row += 4 * Vector128<byte>.Count)
                RunFour128(nodes, count, workspace + row);
        }
        else
        {
            Scalar(nodes, count, workspace, rows);
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(BlendNode* nodes, int count, byte* workspace, int rows)
    {
        for (BlendNode* node = nodes, end = nodes + count; node < end; node++)
        {
            byte* codes = workspace + node->Codes, left = workspace + node->Left, right = workspace + node->Right, target = workspace + node->Target;
            for (int row = 0; row < rows; row++)
                target[row] = (sbyte)codes[row] > (sbyte)node->Test ? right[row] : left[row];
        }
    }

    private static void RunFour512(BlendNode* nodes, int count, byte* workspace)
    {
        for (BlendNode* node = nodes, end = nodes + count; node < end; node++)
        {
            Vector512<sbyte> test = Vector512.Create(node->Test).AsSByte();
            byte* codes = workspace + node->Codes, left = workspace + node->Left, right = workspace + node->Right, target = workspace + node->Target;
            Choose(codes, left, right, test).Store(target);
            Choose(codes + 64, left + 64, right + 64, test).Store(target + 64);
            Choose(codes + 128, left + 128, right + 128, test).Store(target + 128);
            Choose(codes + 192, left + 192, right + 192, test).Store(target + 192);
        }
    }

    private static void RunOne512(BlendNode* nodes, int count, byte* workspace)
    {
        for (BlendNode* node = nodes, end = nodes + count; node < end; node++)
            Choose(workspace + node->Codes, workspace + node->Left, workspace + node->Right, Vector512.Create(node->Test).AsSByte()).Store(workspace + node->Target);
    }

    private static void RunFour256(BlendNode* nodes, int count, byte* workspace)
    {
        for (BlendNode* node = nodes, end = nodes + count; node < end; node++)
        {
            Vector256<sbyte> test = Vector256.Create(node->Test).AsSByte();
            byte* codes = workspace + node->Codes, left = workspace + node->Left, right = workspace + node->Right, target = workspace + node->Target;
            Choose(codes, left, right, test).Store(target);
            Choose(codes + 32, left + 32, right + 32, test).Store(target + 32);
            Choose(codes + 64, left + 64, right + 64, test).Store(target + 64);
            Choose(codes + 96, left + 96, right + 96, test).Store(target + 96);
        }
    }

    private static void RunFour128(BlendNode* nodes, int count, byte* workspace)
    {
        for (BlendNode* node = nodes, end = nodes + count; node < end; node++)
        {
            Vector128<sbyte> test = Vector128.Create(node->Test).AsSByte();
            byte* codes = workspace + node->Codes, left = workspace + node->Left, right = workspace + node->Right, target = workspace + node->Target;
            Choose(codes, left, right, test).Store(target);
            Choose(codes + 16, left + 16, right + 16, test).Store(target + 16);
            Choose(codes + 32, left + 32, right + 32, test).Store(target + 32);
            Choose(codes + 48, left + 48, right + 48, test).Store(target + 48);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Choose(byte* codes, byte* left, byte* right, Vector512<sbyte> test) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Load((sbyte*)codes), test).AsByte(), Vector512.Load(right), Vector512.Load(left));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Choose(byte* codes, byte* left, byte* right, Vector256<sbyte> test) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.Load((sbyte*)codes), test).AsByte(), Vector256.Load(right), Vector256.Load(left));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Choose(byte* codes, byte* left, byte* right, Vector128<sbyte> test) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(Vector128.Load((sbyte*)codes), test).AsByte(), Vector128.Load(right), Vector128.Load(left));
}
