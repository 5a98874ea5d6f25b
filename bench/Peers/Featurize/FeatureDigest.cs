using ChurnEngine.Columns;
using ChurnEngine.Ingest.DuckDb;

namespace ChurnEngine.Bench.Peers;

/// <summary>Sums by which two feature tables are compared: rows, and for each feature how many values it has and what they add up to (texts by their length).</summary>
internal static class FeatureDigest
{
    public const string Prefix = "digest ";

    /// <summary>Largest relative difference of two sums; float32 values of one feature agree to 1e-7 each.</summary>
    public const double Tolerance = 1e-6;

    public static void Add(FeatureMatrix matrix, PeerMeasures measures)
    {
        measures.Numbers[Prefix + "rows"] = measures.Numbers.GetValueOrDefault(Prefix + "rows") + matrix.RowCount;
        for (int feature = 0; feature < matrix.FeatureCount; feature++)
        {
            FeatureInfo info = matrix.Features[feature];
            (double count, double sum) = (0, 0);
            for (long row = 0; row < matrix.RowCount; row++)
            {
                float value = matrix.Row(row)[feature];
                if (float.IsNaN(value))
                    continue;
                count++;
                sum += info.Kind == FeatureKind.Categorical ? info.Categories[(int)value].Length : value;
            }
            Add(measures, info.Name, count, sum);
        }
    }

    /// <summary>The same of a table in DuckDB.</summary>
    public static void Add(DuckDbConnection connection, string table, IReadOnlyList<FeatureInfo> features, PeerMeasures measures)
    {
        IEnumerable<string> sums = features.Select(feature => WhereClauseName(feature) is var name && feature.Kind == FeatureKind.Categorical
            ? $"count({name})::DOUBLE, coalesce(sum(length({name}::VARCHAR)), 0)::DOUBLE" : $"count({name})::DOUBLE, coalesce(sum({name}::DOUBLE), 0)::DOUBLE");
        foreach (RecordBatch batch in connection.Stream($"SELECT count(*)::DOUBLE, {string.Join(", ", sums)} FROM {table}", CancellationToken.None))
        {
            using (batch)
            {
                double[] values = [.. batch.Columns.Select(column => ((PrimitiveColumn<double>)column).Values[0])];
                measures.Numbers[Prefix + "rows"] = measures.Numbers.GetValueOrDefault(Prefix + "rows") + values[0];
                for (int feature = 0; feature < features.Count; feature++)
                    Add(measures, features[feature].Name, values[1 + 2 * feature], values[2 + 2 * feature]);
            }
        }
    }

    /// <summary>Compares two programs' digests.</summary>
    public static Verdict Compare(ContestantRuns ours, ContestantRuns theirs)
    {
        string? different = ours.Rounds[0].Numbers.Keys.FirstOrDefault(key => key.StartsWith(Prefix, StringComparison.Ordinal)
            && !(Math.Abs(ours.Rounds[0][key] - theirs.Rounds[0][key]) <= Tolerance * Math.Max(1, Math.Abs(ours.Rounds[0][key]))));
        int sums = ours.Rounds[0].Numbers.Keys.Count(key => key.StartsWith(Prefix, StringComparison.Ordinal));
        return different is null
            ? new Verdict(true, $"{ours.Rounds[0][Prefix + "rows"]:N0} rows, counts and sums of every feature agree with {theirs.Title} ({sums} numbers to {Tolerance})")
            : new Verdict(false, $"{different[Prefix.Length..]}: ours {ours.Rounds[0][different]:R}, {theirs.Title} {theirs.Rounds[0][different]:R}");
    }

    private static void Add(PeerMeasures measures, string feature, double count, double sum)
    {
        measures.Numbers[$"{Prefix}{feature} count"] = measures.Numbers.GetValueOrDefault($"{Prefix}{feature} count") + count;
        measures.Numbers[$"{Prefix}{feature} sum"] = measures.Numbers.GetValueOrDefault($"{Prefix}{feature} sum") + sum;
    }

    private static string WhereClauseName(FeatureInfo feature) => '"' + feature.Name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
