using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ChurnEngine.Trainer;

/// <summary>Tries every threshold of one feature in a node.</summary>
internal static unsafe class SplitScanKernel
{
    /// <summary>The best of the thresholds behind bins 0..count-1.</summary>
    /// <param name="histogram">Sums by bin.</param>
    /// <param name="count">Thresholds, at most its bins.</param>
    /// <param name="extra">What goes left whatever the threshold: the missing rows, or nothing.</param>
    /// <param name="node">Sums of the node.</param>
    /// <param name="rule">What counts as gain.</param>
    /// <param name="score">In: what must be exceeded; out: the score of the best.</param>
    /// <returns>Its bin, the lowest among equals; -1 when none exceeds.</returns>
    /// <remarks>Equality with <see cref="Scalar"/>: exact, by the same operations in the same order. Running sums never leave the registers: the divisions bind, and they go on beside them.</remarks>
    public static int Run(BinSums histogram, int count, in GradientSums extra, in GradientSums node, in GainRule rule, ref double score)
    {
        if (!Vector512.IsHardwareAccelerated || !rule.IsPlain)
            return Scalar(histogram, count, extra, node, rule, ref score);
        var best = Vector512.Create(score);
        Vector512<long> bestBin = Vector512<long>.AllBitsSet, bin = Vector512.CreateSequence(0L, 1L), end = Vector512.Create((long)count);
        Vector512<long> belowGradient = Vector512.Create(extra.Gradient), belowHessian = Vector512.Create(extra.Hessian), belowRows = Vector512.Create(extra.Rows);
        Vector512<long> nodeGradient = Vector512.Create(node.Gradient), nodeHessian = Vector512.Create(node.Hessian), nodeRows = Vector512.Create(node.Rows), minRows = Vector512.Create((long)rule.MinRows);
        Vector512<double> gradientUnit = Vector512.Create(rule.GradientUnit), hessianUnit = Vector512.Create(rule.HessianUnit), l2 = Vector512.Create(rule.L2), minHessian = Vector512.Create(rule.MinHessian);
        for (int at = 0; at < count; at += BinSums.Lanes, bin += Vector512.Create((long)BinSums.Lanes))
        {
            Vector512<long> leftRows = AddUp(Vector512.Load(histogram.Rows + at)) + belowRows;
            Vector512<long> left = AddUp(Vector512.Load(histogram.Gradients + at)) + belowGradient, leftCurved = AddUp(Vector512.Load(histogram.Hessians + at)) + belowHessian;
            (belowRows, belowGradient, belowHessian) = (Last(leftRows), Last(left), Last(leftCurved));
            Vector512<long> allowed = Vector512.GreaterThanOrEqual(leftRows, minRows) & Vector512.GreaterThanOrEqual(nodeRows - leftRows, minRows) & Vector512.LessThan(bin, end);
            if (allowed == Vector512<long>.Zero)
                continue;
            Vector512<double> leftGradient = Vector512.ConvertToDouble(left) * gradientUnit, rightGradient = Vector512.ConvertToDouble(nodeGradient - left) * gradientUnit;
            Vector512<double> leftHessian = Vector512.ConvertToDouble(leftCurved) * hessianUnit, rightHessian = Vector512.ConvertToDouble(nodeHessian - leftCurved) * hessianUnit;
            Vector512<double> gain = (leftGradient * leftGradient / (leftHessian + l2)) + (rightGradient * rightGradient / (rightHessian + l2));
            Vector512<double> better = allowed.AsDouble() & Vector512.GreaterThanOrEqual(leftHessian, minHessian) & Vector512.GreaterThanOrEqual(rightHessian, minHessian) & Vector512.GreaterThan(gain, best);
            best = Vector512.ConditionalSelect(better, gain, best);
            bestBin = Vector512.ConditionalSelect(better.AsInt64(), bin, bestBin);
        }
        return Best(best, bestBin, ref score);
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static int Scalar(BinSums histogram, int count, in GradientSums extra, in GradientSums node, in GainRule rule, ref double score)
    {
        int best = -1;
        GradientSums left = extra;
        for (int bin = 0; bin < count; bin++)
        {
            left += histogram[bin];
            GradientSums right = node - left;
            if (!rule.Allows(left) || !rule.Allows(right) || !rule.InOrder(left, right))
                continue;
            double gain = rule.Score(left) + rule.Score(right);
            if (gain > score)
                (score, best) = (gain, bin);
        }
        return best;
    }

    /// <summary>Sums of the bins 0..count-1.</summary>
    /// <remarks>Equality with <see cref="SumScalar"/>: exact.</remarks>
    public static GradientSums Sum(BinSums histogram, int count)
    {
        if (!Vector512.IsHardwareAccelerated)
            return SumScalar(histogram, count);
        Vector512<long> gradient = Vector512<long>.Zero, hessian = gradient, rows = gradient, bin = Vector512.CreateSequence(0L, 1L), end = Vector512.Create((long)count);
        for (int at = 0; at < count; at += BinSums.Lanes, bin += Vector512.Create((long)BinSums.Lanes))
        {
            Vector512<long> within = Vector512.LessThan(bin, end);
            gradient += Vector512.Load(histogram.Gradients + at) & within;
            hessian += Vector512.Load(histogram.Hessians + at) & within;
            rows += Vector512.Load(histogram.Rows + at) & within;
        }
        return new GradientSums(Vector512.Sum(gradient), Vector512.Sum(hessian), Vector512.Sum(rows));
    }

    /// <summary>The definition of <see cref="Sum"/>.</summary>
    public static GradientSums SumScalar(BinSums histogram, int count)
    {
        GradientSums sum = default;
        for (int bin = 0; bin < count; bin++)
            sum += histogram[bin];
        return sum;
    }

    // Each lane becomes the sum of itself and all lanes below it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> AddUp(Vector512<long> lanes)
    {
        lanes += Vector512.Shuffle(lanes, Vector512.Create(-1, 0, 1, 2, 3, 4, 5, 6));
        lanes += Vector512.Shuffle(lanes, Vector512.Create(-1, -1, 0, 1, 2, 3, 4, 5));
        return lanes + Vector512.Shuffle(lanes, Vector512.Create(-1, -1, -1, -1, 0, 1, 2, 3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Last(Vector512<long> lanes) => Vector512.Shuffle(lanes, Vector512.Create(7L));

    private static int Best(Vector512<double> scores, Vector512<long> bins, ref double score)
    {
        long best = -1;
        for (int lane = 0; lane < BinSums.Lanes; lane++)
        {
            long bin = bins.GetElement(lane);
            double gain = scores.GetElement(lane);
            if (bin >= 0 && (gain > score || (gain == score && best >= 0 && bin < best)))
                (score, best) = (gain, bin);
        }
        return (int)best;
    }
}
