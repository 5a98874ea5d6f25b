using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>Features as files keep them, a column each and categories as text, turned into rows.</summary>
internal static class StoredColumns
{
    /// <summary>Copies a column into rows.</summary>
    /// <param name="column">[N] Float32; Utf8 of a category.</param>
    /// <param name="codes">Codes of the category's texts; null of a number.</param>
    /// <param name="rows">[N * F] gets them; null, and a text without a code, become NaN.</param>
    /// <param name="place">Feature, 0..F-1, and F.</param>
    /// <param name="unknown">Counts texts without a code; null: nobody asks.</param>
    public static void Copy(Column column, CategoryLookup? codes, Span<float> rows, (int Feature, int Width) place, UnknownLevels? unknown)
    {
        bool hasNulls = column.NullCount > 0;
        if (codes is not null)
        {
            var texts = (Utf8Column)column;
            for (int i = 0, at = place.Feature; i < texts.Length; i++, at += place.Width)
            {
                bool isNull = hasNulls && texts.IsNull(i);
                rows[at] = isNull ? float.NaN : codes.Of(texts.GetBytes(i));
                if (unknown is not null && !isNull && float.IsNaN(rows[at]))
                    unknown.Add(place.Feature, texts.GetBytes(i));
            }
            return;
        }
        ReadOnlySpan<float> values = ((PrimitiveColumn<float>)column).Values;
        for (int i = 0, at = place.Feature; i < values.Length; i++, at += place.Width)
            rows[at] = hasNulls && column.IsNull(i) ? float.NaN : values[i];
    }
}
