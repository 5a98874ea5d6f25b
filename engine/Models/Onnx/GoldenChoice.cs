using ChurnEngine.Columns;

namespace ChurnEngine.Models;

/// <summary>Picks the rows that a model will prove itself with.</summary>
internal static class GoldenChoice
{
    public const int MaxRows = 64;
    private const int SpreadRows = 47;
    private const int MaxCandidates = 16_384;

    /// <summary>At most <see cref="MaxCandidates"/> rows, evenly spaced, so that a matrix of any size costs the same.</summary>
    public static float[] Thin(FeatureMatrix matrix)
    {
        int count = (int)Math.Min(matrix.RowCount, MaxCandidates);
        float[] rows = new float[count * matrix.FeatureCount];
        for (int i = 0; i < count; i++)
            matrix.Row((long)i * matrix.RowCount / count).CopyTo(rows.AsSpan(i * matrix.FeatureCount));
        return rows;
    }

    /// <summary>Up to 64 rows: one in which all is missing, some evenly spaced, and then rows with a missing value in features where none was yet.</summary>
    public static float[] Choose(ReadOnlySpan<float> rows, int featureCount)
    {
        int rowCount = featureCount == 0 ? 0 : rows.Length / featureCount;
        var chosen = new SortedSet<int>();
        int spread = Math.Min(SpreadRows, rowCount);
        for (int i = 0; i < spread; i++)
            chosen.Add((int)((long)i * rowCount / spread));
        AddMissing(rows, featureCount, chosen);

        float[] golden = new float[(chosen.Count + 1) * featureCount];
        golden.AsSpan(0, featureCount).Fill(float.NaN);
        int next = 1;
        foreach (int row in chosen)
            rows.Slice(row * featureCount, featureCount).CopyTo(golden.AsSpan(featureCount * next++));
        return golden;
    }

    private static void AddMissing(ReadOnlySpan<float> rows, int featureCount, SortedSet<int> chosen)
    {
        bool[] seen = new bool[featureCount];
        foreach (int row in chosen)
            MarkMissing(rows.Slice(row * featureCount, featureCount), seen);
        for (int row = 0; row * featureCount < rows.Length && chosen.Count < MaxRows - 1; row++)
        {
            if (MarkMissing(rows.Slice(row * featureCount, featureCount), seen))
                chosen.Add(row);
        }
    }

    private static bool MarkMissing(ReadOnlySpan<float> row, bool[] seen)
    {
        bool found = false;
        for (int feature = 0; feature < row.Length; feature++)
        {
            if (!float.IsNaN(row[feature]) || seen[feature])
                continue;
            seen[feature] = true;
            found = true;
        }
        return found;
    }
}
