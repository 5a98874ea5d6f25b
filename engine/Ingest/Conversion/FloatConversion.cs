using System.Globalization;
using System.Numerics;
using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Conversion;

/// <summary>Floating-point columns: NaN becomes null, infinities are bad cells, doubles are narrowed to single precision where asked.</summary>
/// <typeparam name="TFrom">float or double, as delivered.</typeparam>
/// <typeparam name="TTo">float or double, as asked.</typeparam>
internal sealed class FloatConversion<TFrom, TTo>(ColumnType type) : ColumnConversion
    where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
    where TTo : unmanaged, IBinaryFloatingPointIeee754<TTo>
{
    public override Column Convert(Column delivered, int columnIndex, BatchFaults faults)
    {
        var from = (PrimitiveColumn<TFrom>)delivered;
        ReadOnlySpan<TFrom> values = from.Values;
        if (typeof(TFrom) == typeof(TTo) && FiniteKernel.Run(values))
            return delivered;
        NativeBuffer<TTo> converted = NativeBuffer<TTo>.AllocateZeroed(values.Length);
        using var validity = new ValidityMaker(values.Length);
        for (int row = 0; row < values.Length; row++)
        {
            bool isMissing = from.IsNull(row) || TFrom.IsNaN(values[row]);
            TTo value = isMissing ? TTo.Zero : TTo.CreateTruncating(values[row]);
            if (isMissing || TTo.IsInfinity(value))
                validity.SetNull(row);
            else
                converted[row] = value;
            if (!isMissing && TTo.IsInfinity(value))
                faults.Add(row, columnIndex, values[row].ToString(null, CultureInfo.InvariantCulture), Reasons.Of(TFrom.IsInfinity(values[row]) ? ParseOutcome.Infinite : ParseOutcome.OutOfRange, ""));
        }
        return new PrimitiveColumn<TTo>(type, converted, values.Length, validity.Finish());
    }
}
