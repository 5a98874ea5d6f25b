using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Learns from the training rows what columns a feature becomes. Rows of weight 0 do not count.</summary>
internal static class FeatureEncodingFit
{
    // The normal equations grow with the square of the columns.
    private const int MostLevels = 255;

    /// <summary>Goes through one feature.</summary>
    /// <param name="rows">Training rows; a value that is not finite is missing.</param>
    /// <param name="feature">0..F-1.</param>
    /// <param name="minRowsPerCategory">Categories with fewer rows are one level together.</param>
    public static FeatureEncoding Fit(LabelledRows rows, int feature, int minRowsPerCategory) =>
        rows.Matrix.Features[feature].Kind == FeatureKind.Numeric ? OfNumbers(rows, feature) : OfCodes(rows, feature, minRowsPerCategory);

    private static FeatureEncoding OfNumbers(LabelledRows rows, int feature)
    {
        float least = float.PositiveInfinity, largest = float.NegativeInfinity;
        double weight = 0, missing = 0, sum = 0;
        foreach ((float value, double w) in new Values(rows, feature))
        {
            if (!float.IsFinite(value))
            {
                missing += w;
                continue;
            }
            (least, largest) = (Math.Min(least, value), Math.Max(largest, value));
            weight += w;
            sum += w * value;
        }
        if (weight == 0)
            return new FeatureEncoding(FeatureKind.Numeric);
        double mean = sum / weight, squares = 0;
        foreach ((float value, double w) in new Values(rows, feature))
            squares += float.IsFinite(value) ? w * (value - mean) * (value - mean) : 0;
        return new FeatureEncoding(FeatureKind.Numeric)
        {
            HasNumber = least < largest,
            Mean = mean,
            Deviation = Math.Sqrt(squares / weight),
            Levels = missing > 0 ? [new Level(Level.Missing, missing / (weight + missing))] : [],
            MissingLevel = missing > 0 ? 0 : -1,
        };
    }

    private static FeatureEncoding OfCodes(LabelledRows rows, int feature, int minRowsPerCategory)
    {
        var codes = new SortedDictionary<int, (long Rows, double Weight)>();
        double total = 0, missing = 0, other = 0;
        foreach ((float value, double w) in new Values(rows, feature))
        {
            total += w;
            float code = MathF.Floor(value);
            if (!float.IsFinite(value))
                missing += w;
            else if (code is < 0 or >= CategorySet.MostCodes)
                other += w;
            else
                codes[(int)code] = codes.TryGetValue((int)code, out (long Rows, double Weight) there) ? (there.Rows + 1, there.Weight + w) : (1, w);
        }
        HashSet<int> kept = [.. codes.Where(code => code.Value.Rows >= minRowsPerCategory).OrderByDescending(code => code.Value.Rows).ThenBy(code => code.Key).Take(MostLevels).Select(code => code.Key)];
        other += codes.Where(code => !kept.Contains(code.Key)).Sum(code => code.Value.Weight);

        List<Level> levels = [.. codes.Where(code => kept.Contains(code.Key)).Select(code => new Level(code.Key, code.Value.Weight / total))];
        int[] levelOfCode = new int[levels.Count == 0 ? 0 : levels[^1].Code + 1];
        Array.Fill(levelOfCode, -1);
        for (int level = 0; level < levels.Count; level++)
            levelOfCode[levels[level].Code] = level;
        int otherLevel = Add(Level.Other, other), missingLevel = Add(Level.Missing, missing);
        return levels.Count < 2
            ? new FeatureEncoding(FeatureKind.Categorical)
            : new FeatureEncoding(FeatureKind.Categorical) { Levels = [.. levels], LevelOfCode = levelOfCode, OtherLevel = otherLevel, MissingLevel = missingLevel };

        int Add(int code, double weight)
        {
            if (weight == 0)
                return -1;
            levels.Add(new Level(code, weight / total));
            return levels.Count - 1;
        }
    }

    /// <summary>The values of a feature in the rows that count, with their weights.</summary>
    private readonly ref struct Values(LabelledRows rows, int feature)
    {
        public Enumerator GetEnumerator() => new(rows, feature);

        public unsafe ref struct Enumerator(LabelledRows rows, int feature)
        {
            private readonly ReadOnlySpan<float> _weights = rows.Weights.Span;
            private readonly float* _column = rows.Matrix.Pointer + feature;
            private readonly int _stride = rows.Matrix.FeatureCount;
            private readonly int _count = (int)rows.Matrix.RowCount;
            private int _row = -1;

            public readonly (float Value, double Weight) Current => (_column[(long)_row * _stride], _weights.IsEmpty ? 1 : _weights[_row]);

            public bool MoveNext()
            {
                while (++_row < _count && !_weights.IsEmpty && _weights[_row] == 0)
                {
                }
                return _row < _count;
            }
        }
    }
}
