using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Conversion;

/// <summary>Passes instants of a typed file on as they are; one outside the years 1 to 9999 is a bad cell, and so are the infinities, which are kept as the
/// first and last 64-bit numbers.</summary>
internal sealed class InstantCheck(ColumnType type) : ColumnConversion
{
    private readonly long _unitsPerMilli = type == ColumnType.TimestampMicros ? 1000 : 1;

    /// <summary>Milliseconds since 1970 of 0001-01-01 and of the last millisecond of 9999.</summary>
    public const long FirstMilli = -62_135_596_800_000, LastMilli = 253_402_300_799_999;

    public override Column Convert(Column delivered, int columnIndex, BatchFaults faults)
    {
        var instants = (PrimitiveColumn<long>)delivered;
        ReadOnlySpan<long> values = instants.Values;
        // What stands at null rows may be anything; then the slow way decides.
        long least = 0, most = 0;
        foreach (long value in values)
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        if (IsSound(least) && IsSound(most))
            return delivered;
        NativeBuffer<long> checkedValues = NativeBuffer<long>.AllocateZeroed(values.Length);
        using var validity = new ValidityMaker(values.Length);
        for (int row = 0; row < values.Length; row++)
        {
            if (!instants.IsNull(row) && IsSound(values[row]))
            {
                checkedValues[row] = values[row];
                continue;
            }
            validity.SetNull(row);
            if (!instants.IsNull(row))
                faults.Add(row, columnIndex, values[row].ToString(CultureInfo.InvariantCulture), Reasons.OutsideYears);
        }
        return new PrimitiveColumn<long>(type, checkedValues, values.Length, validity.Finish());
    }

    private bool IsSound(long value) => value >= FirstMilli * _unitsPerMilli && value <= LastMilli * _unitsPerMilli + (_unitsPerMilli - 1);
}
