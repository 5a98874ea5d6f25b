using System.Numerics.Tensors;

namespace ChurnEngine.Trainer;

/// <summary>Order statistics of gradient magnitudes by counting the bits of float32, upper half first.</summary>
internal sealed unsafe class MagnitudeRanks(GradientPair* floats, int rowCount, WorkTeam team) : IGradientRanks
{
    private const int HalfBits = 16;

    /// <inheritdoc/>
    public float MagnitudeOfTop(double share)
    {
        long above = Math.Clamp((long)Math.Round(share * rowCount), 1, rowCount);
        (int upper, long left) = Find(above, -1);
        (int lower, _) = Find(left, upper);
        return BitConverter.Int32BitsToSingle((upper << HalfBits) | lower);
    }

    // The half-word at which as many magnitudes as wanted are reached, from the largest down, and how many of its own that takes.
    private (int Value, long Left) Find(long wanted, int upper)
    {
        int[][] parts = [.. Enumerable.Range(0, team.Threads).Select(_ => new int[1 << HalfBits])];
        team.Run(parts.Length, rowCount, part =>
        {
            int[] own = parts[part];
            int first = (int)((long)rowCount * part / parts.Length), end = (int)((long)rowCount * (part + 1) / parts.Length);
            for (int row = first; row < end; row++)
            {
                int bits = BitConverter.SingleToInt32Bits(((float*)(floats + row))[0]) & int.MaxValue;
                if (upper < 0)
                    own[bits >>> HalfBits]++;
                else if (bits >>> HalfBits == upper)
                    own[bits & ((1 << HalfBits) - 1)]++;
            }
        });
        int[] counts = parts[0];
        foreach (int[] part in parts.Skip(1))
            TensorPrimitives.Add<int>(counts, part, counts);
        int value = counts.Length - 1;
        for (; value > 0 && counts[value] < wanted; value--)
            wanted -= counts[value];
        return (value, wanted);
    }
}
