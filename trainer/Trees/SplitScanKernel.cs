using System.Runtime.Intrinsics;

namespace ChurnEngine.Trainer;

/// <summary>Tries every threshold of one feature in a node.</summary>
internal static unsafe class SplitScanKernel
{
    /// <summary>The best of the thresholds behind bins 0..count-1.</summary>
    /// <param name="below">Running sums: each bin's holds it and all bins below; its padding is written to.</param>
    /// <param name="count">Thresholds, at most its bins.</param>
    /// <param name="extra">What goes left whatever the threshold: the missing rows, or nothing.</param>
    /// <param name="node">Sums of the node.</param>
    /// <param name="rule">What counts as gain.</param>
    /// <param name="score">In: what must be exceeded; out: the score of the best.</param>
    /// <returns>Its bin, the lowest among equals; -1 when none exceeds.</returns>
    /// <remarks>Equality with <see cref="Scalar"/>: exact, by the same operations in the same order.</remarks>
    public static int Run(BinSums below, int count, in GradientSums extra, in GradientSums node, in GainRule rule, ref double score)
    {
        if (!Vector512.IsHardwareAccelerated || !rule.IsPlain)
            return Scalar(below, count, extra, node, rule, ref score);
        var best = Vector512.Create(score);
        Vector512<long> bestBin = Vector512<long>.AllBitsSet, bin = Vector512.CreateSequence(0L, 1L), end = Vector512.Create((long)count);
        Vector512<long> extraGradient = Vector512.Create(extra.Gradient), extraHessian = Vector512.Create(extra.Hessian), extraRows = Vector512.Create(extra.Rows);
        Vector512<long> nodeGradient = Vector512.Create(node.Gradient), nodeHessian = Vector512.Create(node.Hessian), nodeRows = Vector512.Create(node.Rows), minRows = Vector512.Create((long)rule.MinRows);
        Vector512<double> gradientUnit = Vector512.Create(rule.GradientUnit), hessianUnit = Vector512.Create(rule.HessianUnit), l2 = Vector512.Create(rule.L2), minHessian = Vector512.Create(rule.MinHessian);
        for (int at = 0; at < count; at += BinSums.Lanes, bin += Vector512.Create((long)BinSums.Lanes))
        {
            Vector512<long> leftRows = Vector512.Load(below.Rows + at) + extraRows;
            Vector512<long> allowed = Vector512.GreaterThanOrEqual(leftRows, minRows) & Vector512.GreaterThanOrEqual(nodeRows - leftRows, minRows) & Vector512.LessThan(bin, end);
            if (allowed == Vector512<long>.Zero)
                continue;
            Vector512<long> left = Vector512.Load(below.Gradients + at) + extraGradient, leftCurved = Vector512.Load(below.Hessians + at) + extraHessian;
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
    public static int Scalar(BinSums below, int count, in GradientSums extra, in GradientSums node, in GainRule rule, ref double score)
    {
        int best = -1;
        for (int bin = 0; bin < count; bin++)
        {
            GradientSums left = below[bin] + extra, right = node - left;
            if (!rule.Allows(left) || !rule.Allows(right) || !rule.InOrder(left, right))
                continue;
            double gain = rule.Score(left) + rule.Score(right);
            if (gain > score)
                (score, best) = (gain, bin);
        }
        return best;
    }

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
