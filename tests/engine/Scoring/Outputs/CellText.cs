using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring.Tests.Outputs;

/// <summary>A cell as one text, whatever holds it; empty for a null.</summary>
internal static class CellText
{
    public static string Of(Column column, int row) => column switch
    {
        _ when column.IsNull(row) => "",
        PrimitiveColumn<long> { Type: ColumnType.TimestampMicros } instant => InstantText.Format(instant.Values[row]),
        PrimitiveColumn<long> whole => whole.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<float> number => number.Values[row].ToString("R", CultureInfo.InvariantCulture),
        Utf8Column text => text.GetString(row)!,
        _ => throw new ArgumentException($"{column.Type}", nameof(column)),
    };
}
