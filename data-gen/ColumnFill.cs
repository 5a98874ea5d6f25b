using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>Makes columns of a known length from a function of the row.</summary>
internal static class ColumnFill
{
    private const long MicrosPerSecond = 1_000_000;

    public static PrimitiveColumn<T> Values<T>(ColumnType type, int rows, Func<int, T> value) where T : unmanaged
    {
        NativeBuffer<T> values = NativeBuffer<T>.Allocate(rows);
        Span<T> span = values.Span;
        for (int row = 0; row < span.Length; row++)
            span[row] = value(row);
        return new PrimitiveColumn<T>(type, values, rows);
    }

    public static PrimitiveColumn<long> Instants(int rows, Func<int, long> seconds) =>
        Values(ColumnType.TimestampMicros, rows, row => seconds(row) * MicrosPerSecond);

    /// <summary>Rows for which <paramref name="value"/> gives null become null.</summary>
    public static PrimitiveColumn<int> Optional(int rows, Func<int, int?> value) => Optional(ColumnType.Int32, rows, value);

    /// <summary>Rows for which <paramref name="value"/> gives null become null.</summary>
    public static PrimitiveColumn<double> OptionalReals(int rows, Func<int, double?> value) => Optional(ColumnType.Float64, rows, value);

    /// <summary>Rows for which <paramref name="seconds"/> gives null become null.</summary>
    public static PrimitiveColumn<long> OptionalInstants(int rows, Func<int, long?> seconds) => Optional(ColumnType.TimestampMicros, rows, row => seconds(row) * MicrosPerSecond);

    /// <summary>Text by code into <paramref name="texts"/>; a null code is a null.</summary>
    public static DictionaryColumn Texts(string[] texts, int rows, Func<int, int?> code)
    {
        NativeBuffer<int> codes = NativeBuffer<int>.Allocate(rows);
        NativeBuffer<byte> validity = Nullable(codes.Span, code);
        return new DictionaryColumn(codes, Dictionary(texts), rows, validity);
    }

    /// <summary>Text by code into <paramref name="texts"/>, without nulls.</summary>
    public static DictionaryColumn Texts(string[] texts, int rows, Func<int, byte> code)
    {
        NativeBuffer<int> codes = NativeBuffer<int>.Allocate(rows);
        Span<int> span = codes.Span;
        for (int row = 0; row < span.Length; row++)
            span[row] = code(row);
        return new DictionaryColumn(codes, Dictionary(texts), rows);
    }

    public static BooleanColumn Booleans(int rows, Func<int, bool?> value)
    {
        NativeBuffer<byte> bits = NativeBuffer<byte>.AllocateZeroed(Bitmap.ByteLength(rows));
        NativeBuffer<byte> validity = NativeBuffer<byte>.AllocateZeroed(Bitmap.ByteLength(rows));
        for (int row = 0; row < rows; row++)
        {
            bool? one = value(row);
            Bitmap.Set(bits.Span, row, one ?? false);
            Bitmap.Set(validity.Span, row, one.HasValue);
        }
        return new BooleanColumn(bits, rows, validity);
    }

    private static PrimitiveColumn<T> Optional<T>(ColumnType type, int rows, Func<int, T?> value) where T : unmanaged
    {
        NativeBuffer<T> values = NativeBuffer<T>.Allocate(rows);
        NativeBuffer<byte> validity = Nullable(values.Span, value);
        return new PrimitiveColumn<T>(type, values, rows, validity);
    }

    private static NativeBuffer<byte> Nullable<T>(Span<T> values, Func<int, T?> value) where T : unmanaged
    {
        NativeBuffer<byte> validity = NativeBuffer<byte>.AllocateZeroed(Bitmap.ByteLength(values.Length));
        Span<byte> bits = validity.Span;
        for (int row = 0; row < values.Length; row++)
        {
            T? one = value(row);
            values[row] = one.GetValueOrDefault();
            Bitmap.Set(bits, row, one.HasValue);
        }
        return validity;
    }

    private static Utf8Column Dictionary(string[] texts)
    {
        using var builder = new Utf8Builder();
        foreach (string text in texts)
            builder.Append(Encoding.UTF8.GetBytes(text));
        return builder.Build();
    }
}
