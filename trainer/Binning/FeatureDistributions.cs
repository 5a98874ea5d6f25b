using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>How the features of a matrix are distributed: kept in the model, so that monitoring can measure drift against it.</summary>
public static class FeatureDistributions
{
    private const int NumericBins = 20;
    private const long SampleRows = 100_000;

    /// <summary>The distribution of each feature: about 20 bins of equal mass for a numeric one, a bin a code for a categorical one.</summary>
    /// <param name="matrix">[N, F], N at least 1; NaN counts as missing, and so does a value that is no code of its categorical feature.</param>
    /// <returns>[F] distributions over all N rows; median and deviation over every k-th row, 100,000 and up where there are as many.</returns>
    /// <remarks>Memory: 1 MB a thread while it runs. Errors: CE4001 without rows.</remarks>
    public static IReadOnlyList<FeatureDistribution> Of(FeatureMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.RowCount == 0)
            throw TrainerErrors.NoRows("distribution");
        using var team = new WorkTeam(Environment.ProcessorCount, CancellationToken.None);
        FeatureBins bins = FeatureBins.Fit(matrix, NumericBins, seed: 0, team);
        var distributions = new FeatureDistribution[matrix.FeatureCount];
        team.Run(distributions.Length, matrix.RowCount * distributions.Length * 3, feature =>
            distributions[feature] = matrix.Features[feature].Kind == FeatureKind.Numeric
                ? OfNumbers(matrix, feature, bins.Mappers[feature])
                : OfCodes(matrix, feature));
        return distributions;
    }

    private static unsafe FeatureDistribution OfNumbers(FeatureMatrix matrix, int feature, BinMapper mapper)
    {
        long[] counts = new long[mapper.BinCount];
        float* column = matrix.Pointer + feature;
        for (long row = 0; row < matrix.RowCount; row++)
            counts[mapper.BinOf(column[row * matrix.FeatureCount])]++;
        (double? median, double? deviation) = Middle(matrix, feature);
        return Shares(mapper.UpperEdges[..^1], counts.AsSpan(0, mapper.ValueBins), matrix.RowCount) with { Median = median, Deviation = deviation };
    }

    // Every k-th row is enough for what is usual; an infinite value has no place in a mean.
    private static unsafe (double? Median, double? Deviation) Middle(FeatureMatrix matrix, int feature)
    {
        long stride = Math.Max(1, matrix.RowCount / SampleRows);
        float[] values = new float[matrix.RowCount / stride + 1];
        int count = 0;
        double mean = 0, squares = 0;
        float* column = matrix.Pointer + feature;
        for (long row = 0; row < matrix.RowCount; row += stride)
        {
            float value = column[row * matrix.FeatureCount];
            if (!float.IsFinite(value))
                continue;
            values[count++] = value;
            double from = value - mean;
            mean += from / count;
            squares += from * (value - mean);
        }
        if (count == 0)
            return (null, null);
        Array.Sort(values, 0, count);
        return (0.5 * ((double)values[(count - 1) / 2] + values[count / 2]), Math.Sqrt(squares / count));
    }

    private static unsafe FeatureDistribution OfCodes(FeatureMatrix matrix, int feature)
    {
        long[] counts = new long[matrix.Features[feature].Categories.Count];
        float* column = matrix.Pointer + feature;
        for (long row = 0; row < matrix.RowCount; row++)
        {
            float value = column[row * matrix.FeatureCount];
            int code = (int)value;
            if (code == value && (uint)code < (uint)counts.Length)
                counts[code]++;
        }
        return Shares([], counts, matrix.RowCount);
    }

    private static FeatureDistribution Shares(float[] edges, ReadOnlySpan<long> counts, long rows)
    {
        double[] shares = new double[counts.Length];
        long present = 0;
        for (int bin = 0; bin < counts.Length; bin++)
        {
            shares[bin] = (double)counts[bin] / rows;
            present += counts[bin];
        }
        return new FeatureDistribution(edges, shares, (double)(rows - present) / rows);
    }
}
