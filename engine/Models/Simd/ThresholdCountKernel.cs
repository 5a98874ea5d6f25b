using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Models;

/// <summary>Counts, for each value of a feature, the thresholds below it: the code that all tests of the feature then compare, a byte instead of a float.</summary>
/// <remarks>
/// <c>x &lt;= threshold[j]</c> holds exactly when at most j thresholds lie below x. A missing value has no place in the order, so there are two codes:
/// one where it comes before all (a test that sends it left) and one where it comes after all (a test that sends it right).
/// <code>
///   thresholds below x    0     1   ...  254    missing
///   low code           -127  -126   ...  127     -128
///   high code          -128  -127   ...  126      127
/// </code>
/// </remarks>
internal static unsafe class ThresholdCountKernel
{
    /// <summary>Thresholds that one pair of columns holds.</summary>
    public const int MostThresholds = 254;

    /// <summary>Floats of a laid table.</summary>
    public const int TableLength = 256 + Few + 1;

    // Up to so many are found in two registers.
    private const int Few = 31, Groups = 32, GroupLength = 8;

    /// <summary>Test against threshold j of a table: a row goes right when its low code is above this.</summary>
    public static sbyte LowTest(int j) => (sbyte)(j - 127);

    /// <summary>Test against threshold j of a table: a row goes right when its high code is above this.</summary>
    public static sbyte HighTest(int j) => (sbyte)(j - 128);

    /// <summary>Lays thresholds out as the search reads them: padded with infinity to 32 groups of 8, the i-th of each group side by side; then the first 32 once more, in order.</summary>
    /// <param name="thresholds">Ascending, at most 254, no NaN.</param>
    /// <param name="table">[288].</param>
    public static void Lay(ReadOnlySpan<float> thresholds, Span<float> table)
    {
        table.Fill(float.PositiveInfinity);
        for (int i = 0; i < thresholds.Length; i++)
            table[i % GroupLength * Groups + i / GroupLength] = thresholds[i];
        thresholds[..Math.Min(thresholds.Length, Few)].CopyTo(table[(Groups * GroupLength)..]);
    }

    /// <summary>Shape: values [n] f32 -> low and high codes [n] i8. Equality: exact. Whole vectors are read and written: up to 15 rows beyond.</summary>
    /// <param name="values">NaN where missing.</param>
    /// <param name="table">What <see cref="Lay"/> made.</param>
    /// <param name="thresholds">How many it holds.</param>
    /// <param name="codes">Where the low and the high codes go; null where nobody asks for them.</param>
    /// <param name="count">n.</param>
    public static void Run(float* values, float* table, int thresholds, CodeTargets codes, int count)
    {
        if (!Vector512.IsHardwareAccelerated)
            Scalar(values, table, thresholds, codes, count);
        else if (thresholds <= Few)
            RunFew(values, table, codes, count);
        else
            RunMany(values, table, codes, count);
    }

    /// <summary>The definition of <see cref="Run"/>: eight halvings, without a branch that data could mislead.</summary>
    public static void Scalar(float* values, float* table, int thresholds, CodeTargets codes, int count)
    {
        int firstStep = 128;
        while (firstStep > 1 && firstStep > thresholds)
            firstStep /= 2;
        for (int row = 0; row < count; row++)
        {
            float value = values[row];
            int below = 0;
            for (int step = firstStep; step > 0; step /= 2)
            {
                int i = below + step - 1;
                bool less = table[i % GroupLength * Groups + i / GroupLength] < value;
                below += Unsafe.BitCast<bool, byte>(less) * step;
            }
            bool missing = float.IsNaN(value);
            if (codes.Low != null)
                codes.Low[row] = (sbyte)(missing ? -128 : below - 127);
            if (codes.High != null)
                codes.High[row] = (sbyte)(missing ? 127 : below - 128);
        }
    }

    // 31 thresholds are two registers: five halvings, each one look-up.
    private static void RunFew(float* values, float* table, CodeTargets codes, int count)
    {
        Vector512<float> left = Vector512.Load(table + Groups * GroupLength), right = Vector512.Load(table + Groups * GroupLength + 16);
        for (int row = 0; row < count; row += 16)
        {
            Vector512<float> value = Vector512.Load(values + row);
            Write(value, Search32(left, right, value), codes, row);
        }
    }

    // The last of each group tells the group; then the three halvings within it look up all that the lanes could want, and take what each does.
    private static void RunMany(float* values, float* table, CodeTargets codes, int count)
    {
        Vector512<float> l0 = Vector512.Load(table), r0 = Vector512.Load(table + 16), l1 = Vector512.Load(table + 32), r1 = Vector512.Load(table + 48);
        Vector512<float> l2 = Vector512.Load(table + 64), r2 = Vector512.Load(table + 80), l3 = Vector512.Load(table + 96), r3 = Vector512.Load(table + 112);
        Vector512<float> l4 = Vector512.Load(table + 128), r4 = Vector512.Load(table + 144), l5 = Vector512.Load(table + 160), r5 = Vector512.Load(table + 176);
        Vector512<float> l6 = Vector512.Load(table + 192), r6 = Vector512.Load(table + 208), l7 = Vector512.Load(table + 224), r7 = Vector512.Load(table + 240);
        for (int row = 0; row < count; row += 16)
        {
            Vector512<float> value = Vector512.Load(values + row);
            Vector512<int> group = Search32(l7, r7, value);
            Vector512<int> below = group << 3;
            Vector512<float> half = Vector512.LessThan(Avx512F.PermuteVar16x32x2(l3, group, r3), value);
            below = Vector512.ConditionalSelect(half.AsInt32(), below + Vector512.Create(4), below);
            Vector512<float> pivot = Vector512.ConditionalSelect(half, Avx512F.PermuteVar16x32x2(l5, group, r5), Avx512F.PermuteVar16x32x2(l1, group, r1));
            Vector512<float> quarter = Vector512.LessThan(pivot, value);
            below = Vector512.ConditionalSelect(quarter.AsInt32(), below + Vector512.Create(2), below);
            pivot = Vector512.ConditionalSelect(half,
                Vector512.ConditionalSelect(quarter, Avx512F.PermuteVar16x32x2(l6, group, r6), Avx512F.PermuteVar16x32x2(l4, group, r4)),
                Vector512.ConditionalSelect(quarter, Avx512F.PermuteVar16x32x2(l2, group, r2), Avx512F.PermuteVar16x32x2(l0, group, r0)));
            below = Vector512.ConditionalSelect(Vector512.LessThan(pivot, value).AsInt32(), below + Vector512<int>.One, below);
            Write(value, below, codes, row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Search32(Vector512<float> left, Vector512<float> right, Vector512<float> value)
    {
        Vector512<int> below = Vector512.ConditionalSelect(Vector512.LessThan(Avx512F.PermuteVar16x32x2(left, Vector512.Create(15), right), value).AsInt32(), Vector512.Create(16), Vector512<int>.Zero);
        below = Halve(left, right, below, 8, value);
        below = Halve(left, right, below, 4, value);
        below = Halve(left, right, below, 2, value);
        return Halve(left, right, below, 1, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Halve(Vector512<float> left, Vector512<float> right, Vector512<int> below, int step, Vector512<float> value)
    {
        Vector512<float> pivot = Avx512F.PermuteVar16x32x2(left, below + Vector512.Create(step - 1), right);
        return Vector512.ConditionalSelect(Vector512.LessThan(pivot, value).AsInt32(), below + Vector512.Create(step), below);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(Vector512<float> value, Vector512<int> below, CodeTargets codes, int row)
    {
        Vector512<int> present = Vector512.Equals(value, value).AsInt32();
        if (codes.Low != null)
            Avx512F.ConvertToVector128SByte(Vector512.ConditionalSelect(present, below - Vector512.Create(127), Vector512.Create(-128))).Store(codes.Low + row);
        if (codes.High != null)
            Avx512F.ConvertToVector128SByte(Vector512.ConditionalSelect(present, below - Vector512.Create(128), Vector512.Create(127))).Store(codes.High + row);
    }
}

/// <summary>Where the two codes of a feature's values go.</summary>
/// <param name="low">Missing before all values; or null.</param>
/// <param name="high">Missing after all values; or null.</param>
internal readonly unsafe struct CodeTargets(sbyte* low, sbyte* high)
{
    public readonly sbyte* Low = low;
    public readonly sbyte* High = high;
}
