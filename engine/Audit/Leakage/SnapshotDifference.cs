using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Audit;

/// <summary>What differs between two snapshots that should be the same, customer by customer and bit by bit.</summary>
internal sealed class SnapshotDifference
{
    private SnapshotDifference(long customers, string? firstCustomer, IReadOnlyList<(string Feature, long Cells, string First)> features) =>
        (Customers, FirstCustomer, Features) = (customers, firstCustomer, features);

    /// <summary>Customers that only one of the two has.</summary>
    public long Customers { get; }

    /// <summary>Key of one of them.</summary>
    public string? FirstCustomer { get; }

    /// <summary>Features with cells that differ, in plan order, with their number and the first in words.</summary>
    public IReadOnlyList<(string Feature, long Cells, string First)> Features { get; }

    /// <summary>True when there is none.</summary>
    public bool IsNone => Customers == 0 && Features.Count == 0;

    /// <summary>Compares by key; rows may stand in another order.</summary>
    public static SnapshotDifference Between(FeatureSnapshot whole, FeatureSnapshot cut)
    {
        var rowOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int row = 0; row < cut.Keys.Length; row++)
            rowOf.Add(KeyText(cut.Keys, row), row);
        int features = whole.Matrix.FeatureCount;
        long[] cells = new long[features];
        string[] first = new string[features];
        long strangers = 0;
        string? stranger = null;
        for (int row = 0; row < whole.Keys.Length; row++)
        {
            string key = KeyText(whole.Keys, row);
            if (!rowOf.Remove(key, out int other))
            {
                strangers++;
                stranger ??= key;
                continue;
            }
            Span<float> a = whole.Matrix.Row(row), b = cut.Matrix.Row(other);
            for (int feature = 0; feature < features; feature++)
            {
                if (Same(a[feature], b[feature]))
                    continue;
                if (cells[feature]++ == 0)
                    first[feature] = string.Create(CultureInfo.InvariantCulture, $"customer '{key}' has {Text(a[feature])} with those rows and {Text(b[feature])} without");
            }
        }
        stranger ??= rowOf.Keys.Min(StringComparer.Ordinal);
        return new SnapshotDifference(strangers + rowOf.Count, stranger,
            [.. Enumerable.Range(0, features).Where(feature => cells[feature] > 0).Select(feature => (whole.Matrix.Features[feature].Name, cells[feature], first[feature]))]);
    }

    /// <summary>The key of a row.</summary>
    public static string KeyText(Column keys, int row) => keys is Utf8Column text ? text.GetString(row)! : ((PrimitiveColumn<long>)keys).Values[row].ToString(CultureInfo.InvariantCulture);

    // Missing is missing, whatever its bits.
    private static bool Same(float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));

    private static string Text(float value) => float.IsNaN(value) ? "no value" : value.ToString("R", CultureInfo.InvariantCulture);
}
