namespace ChurnEngine.Columns.Tests.Interop;

/// <summary>Batches with one column of each type, nulls and hostile values among them, and their comparison.</summary>
internal static class EveryType
{
    public static Schema Schema { get; } = new([.. Enum.GetValues<ColumnType>().Select(type => new Field(type.ToString(), type))]);

    public static RecordBatch Batch(int length) => new(Schema, [.. Schema.Fields.Select(field => Build(field.Type, length))], length);

    public static void AssertEqual(RecordBatch expected, int offset, RecordBatch actual)
    {
        Assert.True(expected.Schema.SameAs(actual.Schema));
        for (int i = 0; i < expected.Columns.Count; i++)
        {
            Assert.Equal(expected.Columns[i].Type, actual.Columns[i].Type);
            for (int row = 0; row < actual.Length; row++)
                Assert.Equal(Value(expected.Columns[i], offset + row), Value(actual.Columns[i], row));
        }
    }

    private static object? Value(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        BooleanColumn c => c[row],
        PrimitiveColumn<sbyte> c => c.Values[row],
        PrimitiveColumn<short> c => c.Values[row],
        PrimitiveColumn<int> c => c.Values[row],
        PrimitiveColumn<long> c => c.Values[row],
        PrimitiveColumn<float> c => BitConverter.SingleToInt32Bits(c.Values[row]),
        PrimitiveColumn<double> c => BitConverter.DoubleToInt64Bits(c.Values[row]),
        Utf8Column c => c.GetString(row),
        DictionaryColumn c => c.GetString(row),
        _ => throw new NotSupportedException(),
    };

    private static Column Build(ColumnType type, int length) => type switch
    {
        ColumnType.Boolean => Filled(new BooleanBuilder(), length, (b, row) => b.Append(row % 3 == 0)),
        ColumnType.Int8 => Filled(new PrimitiveBuilder<sbyte>(type), length, (b, row) => b.Append((sbyte)row)),
        ColumnType.Int16 => Filled(new PrimitiveBuilder<short>(type), length, (b, row) => b.Append((short)(row * 1001))),
        ColumnType.Int32 or ColumnType.Date32 => Filled(new PrimitiveBuilder<int>(type), length, (b, row) => b.Append(row * -100_003)),
        ColumnType.Int64 or ColumnType.TimestampMillis or ColumnType.TimestampMicros =>
            Filled(new PrimitiveBuilder<long>(type), length, (b, row) => b.Append(row == 1 ? long.MinValue : row * 1_000_000_007L)),
        ColumnType.Float32 => Filled(new PrimitiveBuilder<float>(type), length, (b, row) => b.Append((row % 4) switch { 0 => float.NaN, 1 => -0f, 2 => float.NegativeInfinity, _ => row })),
        ColumnType.Float64 => Filled(new PrimitiveBuilder<double>(type), length, (b, row) => b.Append((row % 4) switch { 0 => double.NaN, 1 => -0d, 2 => double.Epsilon, _ => row })),
        ColumnType.Utf8 => Filled(new Utf8Builder(), length, (b, row) => b.Append(row % 6 == 1 ? "" : $"größe {row}")),
        ColumnType.Dictionary => Filled(new DictionaryBuilder(), length, (b, row) => b.Append(row % 6 == 1 ? "" : $"π{row % 3}")),
        _ => throw new NotSupportedException(),
    };

    private static Column Filled<TBuilder>(TBuilder builder, int length, Action<TBuilder, int> append) where TBuilder : ColumnBuilder
    {
        for (int row = 0; row < length; row++)
        {
            if (row % 5 == 4)
                builder.AppendNull();
            else
                append(builder, row);
        }
        return builder.Build();
    }
}
