using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Makes rows of the rare class between a row of it and one of its nearest neighbours of the same class.</summary>
/// <remarks>
/// Distances are over numbers divided by their standard deviation within the fold, with the fold's median where one is missing; two different categories are one apart, as SMOTE-NC has it for
/// features of deviation one. A number of a made row lies between those of its two parents; where one parent has none it is the other's, and where both have none it has none.
/// A category is the one most frequent among the neighbours. Which parents and how far between is keyed by the number of the made row. Source: Chawla et al. 2002, sections 4.2 and 6.1.</remarks>
internal static class Smote
{
    private const ulong ParentStream = 0x534D4F31, PlaceStream = 0x534D4F32, NeighbourStream = 0x534D4F33, SampleStream = 0x534D4F34;

    // Neighbours are sought among at most so many rows: all pairs are looked at.
    private const int MostParents = 5000;

    /// <summary>Adds rows of class 1 until it has the ratio, or as many as are allowed.</summary>
    public static EvenRows Apply(Imbalance options, LabelledRows train, LabelledRows? stop)
    {
        (int negatives, int positives) = Imbalance.Count(train);
        int made = (int)Math.Min(options.MostRows, Math.Max(0, Math.Round(options.Ratio * negatives) - positives));
        int[] parents = Parents(options, train, positives);
        if (made == 0 || parents.Length < 2)
            return new EvenRows(train, stop, null);
        int[][] neighbours = Neighbours(train.Matrix, parents, Math.Min(options.Neighbours, parents.Length - 1));

        int rows = train.Labels.Length, width = train.Matrix.FeatureCount;
        FeatureMatrix matrix = FeatureMatrix.Allocate(train.Matrix.Features, (long)rows + made);
        for (int row = 0; row < rows; row++)
            train.Matrix.Row(row).CopyTo(matrix.Row(row));
        float[] labels = [.. train.Labels.Span, .. Enumerable.Repeat(1f, made)];
        float[] weights = train.Weights.IsEmpty ? [] : [.. train.Weights.Span, .. Enumerable.Repeat(MeanWeight(train), made)];
        for (int i = 0; i < made; i++)
        {
            int parent = Draw(options, ParentStream, i, parents.Length);
            int other = neighbours[parent][Draw(options, NeighbourStream, i, neighbours[parent].Length)];
            Span<float> row = matrix.Row(rows + i);
            for (int feature = 0; feature < width; feature++)
            {
                row[feature] = train.Matrix.Features[feature].Kind == FeatureKind.Categorical
                    ? MostFrequent(train.Matrix, feature, neighbours[parent].Select(near => parents[near]))
                    : Between(train.Matrix.Row(parents[parent])[feature], train.Matrix.Row(parents[other])[feature], (float)KeyedRandom.Unit(options.Seed, PlaceStream, (ulong)i));
            }
        }
        return new EvenRows(new LabelledRows(matrix, labels, weights), Imbalance.WithOdds(stop, 1, (positives + made) / (double)positives), matrix);
    }

    private static int[] Parents(Imbalance options, LabelledRows train, int positives)
    {
        double share = MostParents / (double)Math.Max(1, positives);
        return [.. Enumerable.Range(0, train.Labels.Length).Where(row => train.Labels.Span[row] == 1 && KeyedRandom.Unit(options.Seed, SampleStream, (ulong)row) < share)];
    }

    private static int Draw(Imbalance options, ulong stream, int row, int count) => (int)(KeyedRandom.Unit(options.Seed, stream, (ulong)row) * count);

    private static float MeanWeight(LabelledRows train)
    {
        double sum = 0;
        int count = 0;
        for (int row = 0; row < train.Labels.Length; row++)
        {
            if (train.Labels.Span[row] == 1)
                (sum, count) = (sum + train.Weights.Span[row], count + 1);
        }
        return (float)(sum / count);
    }

    private static float Between(float a, float b, float share) => !float.IsFinite(a) ? b : !float.IsFinite(b) ? a : a + (b - a) * share;

    // Among equals the lower code; missing only where all are.
    private static float MostFrequent(FeatureMatrix matrix, int feature, IEnumerable<int> rows) =>
        rows.Select(row => matrix.Row(row)[feature]).GroupBy(code => code).OrderBy(group => float.IsNaN(group.Key)).ThenByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;

    // [P][K] the nearest of the other parents, by their number among them; among equals the earlier.
    private static int[][] Neighbours(FeatureMatrix matrix, int[] parents, int count)
    {
        float[][] scaled = Scaled(matrix, parents);
        bool[] isCategory = [.. matrix.Features.Select(feature => feature.Kind == FeatureKind.Categorical)];
        int[][] result = new int[parents.Length][];
        Parallel.For(0, parents.Length, parent =>
        {
            var nearest = new PriorityQueue<int, (float Distance, int Row)>(Comparer<(float Distance, int Row)>.Create((a, b) => b.CompareTo(a)));
            for (int other = 0; other < parents.Length; other++)
            {
                if (other == parent)
                    continue;
                (float Distance, int Row) place = (Distance(scaled[parent], scaled[other], isCategory), other);
                if (nearest.Count < count)
                    nearest.Enqueue(other, place);
                else
                    nearest.EnqueueDequeue(other, place);
            }
            result[parent] = [.. nearest.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element)];
        });
        return result;
    }

    private static float Distance(float[] a, float[] b, bool[] isCategory)
    {
        float sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            float difference = isCategory[i] ? a[i].Equals(b[i]) ? 0 : 1 : a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }

    private static float[][] Scaled(FeatureMatrix matrix, int[] parents)
    {
        float[][] scaled = [.. parents.Select(row => matrix.Row(row).ToArray())];
        for (int feature = 0; feature < matrix.FeatureCount; feature++)
        {
            if (matrix.Features[feature].Kind == FeatureKind.Categorical)
                continue;
            float[] known = [.. scaled.Select(row => row[feature]).Where(float.IsFinite).Order()];
            double mean = known.Length == 0 ? 0 : known.Average(value => (double)value), deviation = known.Length == 0 ? 0 : Math.Sqrt(known.Average(value => (value - mean) * (value - mean)));
            float median = known.Length == 0 ? 0 : known[known.Length / 2];
            foreach (float[] row in scaled)
                row[feature] = deviation == 0 ? 0 : (float)((float.IsFinite(row[feature]) ? row[feature] : median) / deviation);
        }
        return scaled;
    }
}
