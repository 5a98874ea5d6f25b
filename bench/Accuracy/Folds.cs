using MathNet.Numerics.Distributions;

namespace ChurnEngine.Bench.Accuracy;

/// <summary>Repeated stratified folds, the same for all, and what a difference on them says.</summary>
internal static class Folds
{
    /// <summary>Repeats of the whole.</summary>
    public const int Repeats = 5;

    /// <summary>Parts of the rows; each is predicted by a model of the others.</summary>
    public const int Parts = 5;

    /// <summary>[R][N] the part of each row: in each repeat the rows of either label are dealt out in an order of their own.</summary>
    public static float[][] Deal(ReadOnlySpan<float> labels)
    {
        float[][] folds = new float[Repeats][];
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            var random = new Random(repeat);
            folds[repeat] = new float[labels.Length];
            foreach (float label in (float[])[0, 1])
            {
                List<int> rows = [];
                for (int row = 0; row < labels.Length; row++)
                {
                    if (labels[row] == label)
                        rows.Add(row);
                }
                int[] order = [.. rows];
                random.Shuffle(order);
                for (int i = 0; i < order.Length; i++)
                    folds[repeat][order[i]] = i % Parts;
            }
        }
        return folds;
    }

    /// <summary>Mean of the paired differences and its 95% interval, corrected for training sets that overlap (Nadeau and Bengio 2003).</summary>
    /// <param name="ours">[R x K] ours, fold by fold.</param>
    /// <param name="theirs">[R x K] theirs.</param>
    public static (double Mean, double Low, double High) Difference(IReadOnlyList<double> ours, IReadOnlyList<double> theirs)
    {
        double[] differences = [.. ours.Zip(theirs, (a, b) => a - b)];
        double mean = differences.Average(), variance = differences.Sum(one => (one - mean) * (one - mean)) / (differences.Length - 1);
        double half = StudentT.InvCDF(0, 1, differences.Length - 1, 0.975) * Math.Sqrt(variance * (1.0 / differences.Length + 1.0 / (Parts - 1)));
        return (mean, mean - half, mean + half);
    }
}
