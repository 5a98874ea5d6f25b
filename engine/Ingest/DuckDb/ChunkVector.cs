using System.Runtime.CompilerServices;
using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.DuckDb;

/// <summary>Copies rows of a column into a vector of a DuckDB chunk.</summary>
internal static unsafe class ChunkVector
{
    /// <summary>DuckDB's type of a column, as numbered in duckdb.h.</summary>
    public static int TypeOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => 1,
        ColumnType.Int8 => 2,
        ColumnType.Int16 => 3,
        ColumnType.Int32 => 4,
        ColumnType.Int64 => 5,
        ColumnType.Float32 => 10,
        ColumnType.Float64 => 11,
        ColumnType.Date32 => 13,
        ColumnType.Utf8 or ColumnType.Dictionary => 17,
        ColumnType.TimestampMillis => 21,
        ColumnType.TimestampMicros => 31,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Copies <paramref name="rows"/> rows from <paramref name="start"/> on to the vector's rows from <paramref name="at"/> on.</summary>
    public static void Write(Column column, int start, int rows, nint vector, int at)
    {
        switch (column)
        {
            case PrimitiveColumn<sbyte> c: Copy(c, start, rows, vector, at); break;
            case PrimitiveColumn<short> c: Copy(c, start, rows, vector, at); break;
            case PrimitiveColumn<int> c: Copy(c, start, rows, vector, at); break;
            case PrimitiveColumn<long> c: Copy(c, start, rows, vector, at); break;
            case PrimitiveColumn<float> c: Copy(c, start, rows, vector, at); break;
            case PrimitiveColumn<double> c: Copy(c, start, rows, vector, at); break;
            case BooleanColumn c: Expand(c, start, rows, vector, at); break;
            case Utf8Column c: Assign(c, start, rows, vector, at); break;
            case DictionaryColumn c: Assign(c, start, rows, vector, at); break;
            default: throw new ArgumentException($"{column.Type} cannot be written", nameof(column));
        }
        if (column.NullCount == 0)
            return;
        TableFunctionMethods.duckdb_vector_ensure_validity_writable(vector);
        ulong* validity = TableFunctionMethods.duckdb_vector_get_validity(vector);
        for (int i = 0; i < rows; i++)
        {
            if (column.IsNull(start + i))
                validity[(at + i) >>> 6] &= ~(1UL << ((at + i) & 63));
        }
    }

    private static void Copy<T>(PrimitiveColumn<T> column, int start, int rows, nint vector, int at) where T : unmanaged =>
        column.Values.Slice(start, rows).CopyTo(new Span<T>((T*)TableFunctionMethods.duckdb_vector_get_data(vector) + at, rows));

    private static void Expand(BooleanColumn column, int start, int rows, nint vector, int at)
    {
        byte* target = (byte*)TableFunctionMethods.duckdb_vector_get_data(vector) + at;
        for (int i = 0; i < rows; i++)
            target[i] = column[start + i] ? (byte)1 : (byte)0;
    }

    private static void Assign(Utf8Column column, int start, int rows, nint vector, int at)
    {
        for (int i = 0; i < rows; i++)
        {
            if (!column.IsNull(start + i))
                Assign(column.GetBytes(start + i), vector, at + i);
        }
    }

    private static void Assign(DictionaryColumn column, int start, int rows, nint vector, int at)
    {
        for (int i = 0; i < rows; i++)
        {
            if (!column.IsNull(start + i))
                Assign(column.Dictionary.GetBytes(column.Codes[start + i]), vector, at + i);
        }
    }

    private static void Assign(ReadOnlySpan<byte> text, nint vector, int row)
    {
        byte none = 0;
        fixed (byte* bytes = text)
            TableFunctionMethods.duckdb_vector_assign_string_element_len(vector, (ulong)row, bytes == null ? (byte*)Unsafe.AsPointer(ref none) : bytes, (ulong)text.Length);
    }
}
