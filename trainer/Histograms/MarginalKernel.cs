using System.Runtime.Intrinsics;

namespace ChurnEngine.Trainer;

/// <summary>Sums of one member of a bundle: those of the joint codes, added over the other members.</summary>
internal static unsafe class MarginalKernel
{
    /// <summary>Adds up.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="member">Which of its features.</param>
    /// <param name="codes">Sums by code.</param>
    /// <param name="room">Room for <see cref="BinSums.LongsOf"/> the member's bins.</param>
    /// <returns>[B] sums by bin, in <paramref name="room"/>.</returns>
    /// <remarks>Equality with <see cref="Scalar"/>: exact. Codes lie as [others above][bin][others below]; runs of eight codes of one bin are added as vectors.</remarks>
    public static BinSums Run(FeatureBundle bundle, int member, BinSums codes, long* room)
    {
        int stride = bundle.Strides[member], bins = bundle.BinCounts[member];
        if (!Vector512.IsHardwareAccelerated || (stride == 1 && bins < BinSums.Lanes) || (stride > 1 && stride < BinSums.Lanes))
            return Scalar(bundle, member, codes, room);
        var sums = new BinSums(room, bins);
        sums.All.Clear();
        for (int field = 0; field < 3; field++)
        {
            long* from = codes.Gradients + field * codes.Padded, to = sums.Gradients + field * sums.Padded;
            if (stride == 1)
                AddRuns(from, codes.Count, to, bins);
            else
                AddStrides(from, codes.Count, to, bins, stride);
        }
        return sums;
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static BinSums Scalar(FeatureBundle bundle, int member, BinSums codes, long* room)
    {
        int stride = bundle.Strides[member], bins = bundle.BinCounts[member];
        var sums = new BinSums(room, bins);
        sums.All.Clear();
        for (int start = 0, code = 0; start < codes.Count; start += stride * bins)
        {
            for (int bin = 0; bin < bins; bin++)
            {
                GradientSums sum = sums[bin];
                for (int end = code + stride; code < end; code++)
                    sum += codes[code];
                sums[bin] = sum;
            }
        }
        return sums;
    }

    // Bins lie side by side: whole histograms are added one after another.
    private static void AddRuns(long* from, int count, long* to, int bins)
    {
        for (int start = 0; start < count; start += bins)
        {
            int bin = 0;
            for (; bin <= bins - BinSums.Lanes; bin += BinSums.Lanes)
                (Vector512.Load(to + bin) + Vector512.Load(from + start + bin)).Store(to + bin);
            for (; bin < bins; bin++)
                to[bin] += from[start + bin];
        }
    }

    // A bin's codes lie side by side: each run of them is one sum.
    private static void AddStrides(long* from, int count, long* to, int bins, int stride)
    {
        for (int code = 0; code < count;)
        {
            for (int bin = 0; bin < bins; bin++, code += stride)
            {
                var sum = Vector512<long>.Zero;
                int at = 0;
                for (; at <= stride - BinSums.Lanes; at += BinSums.Lanes)
                    sum += Vector512.Load(from + code + at);
                long total = Vector512.Sum(sum);
                for (; at < stride; at++)
                    total += from[code + at];
                to[bin] += total;
            }
        }
    }
}
