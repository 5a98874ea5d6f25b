using System.Numerics.Tensors;
using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>The columns of a block of rows: numbers column by column, and for each feature with levels the column of the row's level.</summary>
/// <remarks>
/// Sums by level go through the rows that are of one only: a value is seldom missing, and adding again and again to the column that nobody looks at would wait for itself.
/// Memory: 8 D + 8 G bytes a row of a block of <see cref="Rows"/>; one instance serves block after block.
/// </remarks>
internal sealed class DesignBlock(DesignMatrix design)
{
    /// <summary>Rows of a block: thirty columns of them fit into the second-level cache.</summary>
    public const int Rows = 256;

    private readonly double[] _numbers = new double[design.NumberFeatures.Length * Rows];
    private readonly int[] _levels = new int[design.LevelFeatures.Length * Rows];
    private readonly int[] _members = new int[design.LevelFeatures.Length * Rows];
    private readonly int[] _memberCounts = new int[design.LevelFeatures.Length];
    private readonly double[] _scratch = new double[Rows];

    /// <summary>Reads rows.</summary>
    /// <param name="matrix">[N, F].</param>
    /// <param name="start">First row.</param>
    /// <param name="count">1 to <see cref="Rows"/>.</param>
    public unsafe void Read(FeatureMatrix matrix, long start, int count)
    {
        float* rows = matrix.Pointer + start * matrix.FeatureCount;
        for (int d = 0; d < design.NumberFeatures.Length; d++)
        {
            FeatureEncoding encoding = design.Features[design.NumberFeatures[d]];
            double mean = encoding.Mean, perDeviation = 1 / encoding.Deviation;
            float* value = rows + design.NumberFeatures[d];
            for (int row = 0; row < count; row++, value += matrix.FeatureCount)
                _numbers[d * Rows + row] = float.IsFinite(*value) ? (*value - mean) * perDeviation : 0;
        }
        for (int g = 0; g < design.LevelFeatures.Length; g++)
        {
            FeatureEncoding encoding = design.Features[design.LevelFeatures[g]];
            float* value = rows + design.LevelFeatures[g];
            int members = 0;
            for (int row = 0; row < count; row++, value += matrix.FeatureCount)
            {
                int level = encoding.LevelOf(*value);
                _levels[g * Rows + row] = level >= 0 ? design.FirstLevels[g] + level : design.Width - 1;
                if (level >= 0)
                    _members[g * Rows + members++] = row;
            }
            _memberCounts[g] = members;
        }
    }

    /// <summary>Margins of the rows that were read.</summary>
    /// <param name="plain">[P + 2] coefficients of the columns as they are.</param>
    /// <param name="margins">[n], overwritten.</param>
    public void Margins(ReadOnlySpan<double> plain, Span<double> margins)
    {
        margins.Fill(plain[0]);
        for (int d = 0; d < design.NumberFeatures.Length; d++)
            TensorPrimitives.MultiplyAdd(Number(d, margins.Length), plain[d + 1], margins, margins);
        for (int g = 0; g < design.LevelFeatures.Length; g++)
        {
            foreach (int row in Members(g))
                margins[row] += plain[_levels[g * Rows + row]];
        }
    }

    /// <summary>Adds each column's sum of row * residual.</summary>
    /// <param name="residuals">[n].</param>
    /// <param name="sums">[P + 2].</param>
    public void AddGradient(ReadOnlySpan<double> residuals, Span<double> sums)
    {
        sums[0] += TensorPrimitives.Sum(residuals);
        for (int d = 0; d < design.NumberFeatures.Length; d++)
            sums[d + 1] += TensorPrimitives.Dot(Number(d, residuals.Length), residuals);
        AddByLevel(residuals, sums, 1, 0);
    }

    /// <summary>Adds each pair of columns' sum of row * row * weight; the later column of a pair is the row of the square, the earlier one its column.</summary>
    /// <param name="weights">[n].</param>
    /// <param name="sums">[P + 2, P + 2].</param>
    public void AddHessian(ReadOnlySpan<double> weights, Span<double> sums)
    {
        int width = design.Width, count = weights.Length;
        AddFirstColumn(weights, sums);
        for (int d = 0; d < design.NumberFeatures.Length; d++)
        {
            Span<double> weighted = _scratch.AsSpan(0, count);
            TensorPrimitives.Multiply(Number(d, count), weights, weighted);
            for (int e = d; e < design.NumberFeatures.Length; e++)
                sums[(e + 1) * width + d + 1] += TensorPrimitives.Dot(weighted, Number(e, count));
            AddByLevel(weighted, sums, width, d + 1);
        }
        for (int g = 0; g < design.LevelFeatures.Length; g++)
        {
            for (int earlier = 0; earlier <= g; earlier++)
            {
                foreach (int row in Members(g))
                    sums[_levels[g * Rows + row] * width + _levels[earlier * Rows + row]] += weights[row];
            }
        }
    }

    private void AddFirstColumn(ReadOnlySpan<double> weights, Span<double> sums)
    {
        sums[0] += TensorPrimitives.Sum(weights);
        for (int d = 0; d < design.NumberFeatures.Length; d++)
            sums[(d + 1) * design.Width] += TensorPrimitives.Dot(Number(d, weights.Length), weights);
        AddByLevel(weights, sums, design.Width, 0);
    }

    // sums[level of the row * stride + offset] += value.
    private void AddByLevel(ReadOnlySpan<double> values, Span<double> sums, int stride, int offset)
    {
        for (int g = 0; g < design.LevelFeatures.Length; g++)
        {
            ReadOnlySpan<int> levels = _levels.AsSpan(g * Rows, values.Length);
            foreach (int row in Members(g))
                sums[levels[row] * stride + offset] += values[row];
        }
    }

    private ReadOnlySpan<int> Members(int g) => _members.AsSpan(g * Rows, _memberCounts[g]);

    private ReadOnlySpan<double> Number(int d, int count) => _numbers.AsSpan(d * Rows, count);
}
