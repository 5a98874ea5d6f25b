using System.Runtime.Intrinsics;

namespace ChurnEngine.Models;

/// <summary>One test on the way to a leaf.</summary>
/// <param name="codes">Offset of the codes in the workspace.</param>
/// <param name="test">A row goes right when its code is above this.</param>
/// <param name="left">Whether the way to the leaf goes left.</param>
/// <param name="bit">The slot's bit at the last step of a slot; 0 at the steps before it.</param>
internal readonly struct PatternStep(int codes, sbyte test, bool left, byte bit)
{
    public readonly int Codes = codes;
    public readonly sbyte Test = test;

    /// <summary>All ones where a row must not go right.</summary>
    public readonly byte Flip = left ? byte.MaxValue : (byte)0;

    public readonly byte Bit = bit;
}

/// <summary>Which of a leaf's slots each row passes, a bit a slot: up to eight slots in a byte a row.</summary>
internal static unsafe class PathPatternKernel
{
    /// <summary>Shape: codes [256] u8 slots -> patterns [n] u8. Equality: exact. Whole vectors are read and written, up to the 256 rows of a slot.</summary>
    /// <param name="steps">Tests, slot by slot.</param>
    /// <param name="count">How many, 0 and up.</param>
    /// <param name="workspace">What the offsets of codes count from.</param>
    /// <param name="patterns">[256].</param>
    /// <param name="rows">n, 1 to 256.</param>
    public static void Run(PatternStep* steps, int count, byte* workspace, byte* patterns, int rows)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            for (int row = 0; row < rows; row += 2 * Vector512<byte>.Count)
                Run512(new ReadOnlySpan<PatternStep>(steps, count), workspace + row, patterns + row);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (int row = 0; row < rows; row += 2 * Vector256<byte>.Count)
                Run256(new ReadOnlySpan<PatternStep>(steps, count), workspace + row, patterns + row);
        }
        else
        {
            Scalar(steps, count, workspace, patterns, rows);
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(PatternStep* steps, int count, byte* workspace, byte* patterns, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            int pattern = 0;
            bool passes = true;
            for (int i = 0; i < count; i++)
            {
                bool goesRight = (sbyte)workspace[steps[i].Codes + row] > steps[i].Test;
                passes &= goesRight != (steps[i].Flip != 0);
                if (steps[i].Bit == 0)
                    continue;
                pattern |= passes ? steps[i].Bit : 0;
                passes = true;
            }
            patterns[row] = (byte)pattern;
        }
    }

    private static void Run512(ReadOnlySpan<PatternStep> steps, byte* codes, byte* patterns)
    {
        Vector512<byte> passA = Vector512<byte>.AllBitsSet, passB = passA, patternA = Vector512<byte>.Zero, patternB = patternA;
        foreach (ref readonly PatternStep step in steps)
        {
            Vector512<sbyte> test = Vector512.Create(step.Test);
            Vector512<byte> flip = Vector512.Create(step.Flip);
            passA &= Vector512.GreaterThan(Vector512.Load((sbyte*)codes + step.Codes), test).AsByte() ^ flip;
            passB &= Vector512.GreaterThan(Vector512.Load((sbyte*)codes + step.Codes + 64), test).AsByte() ^ flip;
            if (step.Bit == 0)
                continue;
            Vector512<byte> bit = Vector512.Create(step.Bit);
            patternA |= passA & bit;
            patternB |= passB & bit;
            passA = passB = Vector512<byte>.AllBitsSet;
        }
        patternA.Store(patterns);
        patternB.Store(patterns + 64);
    }

    private static void Run256(ReadOnlySpan<PatternStep> steps, byte* codes, byte* patterns)
    {
        Vector256<byte> passA = Vector256<byte>.AllBitsSet, passB = passA, patternA = Vector256<byte>.Zero, patternB = patternA;
        foreach (ref readonly PatternStep step in steps)
        {
            Vector256<sbyte> test = Vector256.Create(step.Test);
            Vector256<byte> flip = Vector256.Create(step.Flip);
            passA &= Vector256.GreaterThan(Vector256.Load((sbyte*)codes + step.Codes), test).AsByte() ^ flip;
            passB &= Vector256.GreaterThan(Vector256.Load((sbyte*)codes + step.Codes + 32), test).AsByte() ^ flip;
            if (step.Bit == 0)
                continue;
            Vector256<byte> bit = Vector256.Create(step.Bit);
            patternA |= passA & bit;
            patternB |= passB & bit;
            passA = passB = Vector256<byte>.AllBitsSet;
        }
        patternA.Store(patterns);
        patternB.Store(patterns + 32);
    }
}
