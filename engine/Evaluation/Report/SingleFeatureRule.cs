using ChurnEngine.Columns;

namespace ChurnEngine.Evaluation;

/// <summary>The best that one feature alone can do: the rule of thumb that a model must beat.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Rising">True when the risk rises with the value; of categories always.</param>
/// <param name="Scores">[N] ranks of the rows by it; no probabilities.</param>
/// <param name="Auc">Area under the ROC curve of those.</param>
public sealed record SingleFeatureRule(string Feature, bool Rising, float[] Scores, double Auc)
{
    private const int Folds = 5;
    // Rows of the overall rate that every category is given.
    private const double PriorRows = 10;

    /// <summary>Tries every feature: a number in both directions, with missing values at either end; a category by its rate among the other folds' rows.</summary>
    /// <param name="matrix">[N, F] rows.</param>
    /// <param name="labels">[N] 0 or 1, both present.</param>
    /// <returns>The highest AUC, of equals the first; it is chosen on the rows that it is measured on, which flatters it a little. Null without a feature.</returns>
    /// <remarks>Memory: 12 bytes a row. Errors: ArgumentException when the lengths differ.</remarks>
    public static SingleFeatureRule? Best(FeatureMatrix matrix, float[] labels)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(labels);
        int[] fold = StratifiedFolds.Assign(labels, Math.Min(Folds, labels.Length), 0);
        SingleFeatureRule? best = null;
        for (int feature = 0; feature < matrix.FeatureCount; feature++)
        {
            float[] values = new float[labels.Length];
            for (int row = 0; row < values.Length; row++)
                values[row] = matrix.Row(row)[feature];
            FeatureInfo info = matrix.Features[feature];
            foreach ((bool rising, float[] scores) in info.Kind == FeatureKind.Categorical ? [(true, Rates(values, labels, fold, info.Categories.Count))] : Directions(values))
            {
                double auc = RocAuc.Compute(scores, labels);
                if (auc > (best?.Auc ?? 0))
                    best = new SingleFeatureRule(info.Name, rising, scores, auc);
            }
        }
        return best;
    }

    private static IEnumerable<(bool Rising, float[] Scores)> Directions(float[] values)
    {
        float[] ends = values.Any(float.IsNaN) ? [float.NegativeInfinity, float.PositiveInfinity] : [0];
        foreach (float end in ends)
        {
            float[] filled = Array.ConvertAll(values, value => float.IsNaN(value) ? end : value);
            yield return (true, filled);
            yield return (false, Array.ConvertAll(filled, value => -value));
        }
    }

    private static float[] Rates(float[] codes, float[] labels, int[] fold, int categories)
    {
        int[] slot = Array.ConvertAll(codes, code => code >= 0 && code < categories ? (int)code : categories);
        double[,] rows = new double[categories + 1, Folds], positives = new double[categories + 1, Folds];
        for (int row = 0; row < codes.Length; row++)
        {
            rows[slot[row], fold[row]]++;
            positives[slot[row], fold[row]] += labels[row];
        }
        double rate = labels.Average(label => (double)label);
        float[] scores = new float[codes.Length];
        for (int row = 0; row < codes.Length; row++)
        {
            double others = 0, hits = 0;
            for (int other = 0; other < Folds; other++)
            {
                others += other == fold[row] ? 0 : rows[slot[row], other];
                hits += other == fold[row] ? 0 : positives[slot[row], other];
            }
            scores[row] = (float)((hits + PriorRows * rate) / (others + PriorRows));
        }
        return scores;
    }
}
