using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

/// <summary>Small matrices and synthetic churn, from a seed.</summary>
internal static class TestRows
{
    public static readonly WorkTeam OneThread = new(1, CancellationToken.None);

    public static FeatureInfo Numeric(string name) => new() { Name = name };

    public static FeatureInfo Categorical(string name, int categories) =>
        new() { Name = name, Kind = FeatureKind.Categorical, Categories = [.. Enumerable.Range(0, categories).Select(code => $"{name}{code}")] };

    /// <summary>A matrix of the given columns, all of one length.</summary>
    public static FeatureMatrix Matrix(params (FeatureInfo Info, float[] Values)[] columns)
    {
        int rows = columns[0].Values.Length;
        FeatureMatrix matrix = FeatureMatrix.Allocate([.. columns.Select(column => column.Info)], rows);
        for (int row = 0; row < rows; row++)
        {
            for (int feature = 0; feature < columns.Length; feature++)
                matrix.Row(row)[feature] = columns[feature].Values[row];
        }
        return matrix;
    }

    /// <summary>Eight features, some with missing values, two categorical; labels drawn from a known probability.</summary>
    /// <returns>The rows and the true log-odds of each.</returns>
    public static (LabelledRows Rows, double[] LogOdds) Churn(int rows, int seed, bool weighted = false)
    {
        var random = new Random(seed);
        FeatureMatrix matrix = FeatureMatrix.Allocate(
            [Numeric("tenure"), Numeric("plays"), Numeric("spend"), Numeric("trend"), Categorical("plan", 4), Categorical("region", 30), Numeric("flag"), Numeric("noise")], rows);
        float[] labels = new float[rows];
        float[] weights = new float[weighted ? rows : 0];
        double[] logOdds = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = matrix.Row(i);
            row[0] = MathF.Floor((float)(-30 * Math.Log(1 - random.NextDouble())));
            row[1] = random.Next(0, 20);
            row[2] = (float)Math.Exp(random.NextDouble() * 3);
            row[3] = (float)(random.NextDouble() * 2 - 1);
            row[4] = random.Next(0, 4);
            row[5] = random.Next(0, 30);
            row[6] = random.NextDouble() < 0.9 ? 0 : 1;
            row[7] = random.NextSingle();
            bool hidden = random.NextDouble() < 0.1;
            logOdds[i] = -1 + 1.5 * (row[0] < 12 ? 1 : -0.5) - 0.15 * row[1] + 1.2 * row[3] + (row[4] is 1 or 3 ? 0.8 : -0.4) + 0.5 * Math.Sin(row[5] * 7) + (hidden ? 0.9 : 0);
            if (hidden)
                row[3] = float.NaN;
            if (random.NextDouble() < 0.05)
                row[5] = float.NaN;
            labels[i] = random.NextDouble() < 1 / (1 + Math.Exp(-logOdds[i])) ? 1 : 0;
            if (weighted)
                weights[i] = 0.25f + random.NextSingle();
        }
        return (new LabelledRows(matrix, labels, weights), logOdds);
    }

    /// <summary>Area under the ROC curve; ties count half.</summary>
    public static double Auc(double[] scores, ReadOnlySpan<float> labels)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length).OrderBy(row => scores[row])];
        double positives = 0, rankSum = 0;
        for (int start = 0, next; start < order.Length; start = next)
        {
            next = start;
            while (next < order.Length && scores[order[next]] == scores[order[start]])
                next++;
            for (int i = start; i < next; i++)
            {
                if (labels[order[i]] != 1)
                    continue;
                positives++;
                rankSum += (start + next + 1) / 2.0;
            }
        }
        return (rankSum - positives * (positives + 1) / 2) / (positives * (scores.Length - positives));
    }
}
