namespace ChurnEngine.Columns.Tests.Types;

public class ColumnBuilderTests
{
    [Fact]
    public void PrimitiveBuilder_EveryNumericType_KeepsExtremesAndNulls()
    {
        CheckPrimitive(ColumnType.Int8, sbyte.MinValue, (sbyte)0, sbyte.MaxValue);
        CheckPrimitive(ColumnType.Int16, short.MinValue, (short)0, short.MaxValue);
        CheckPrimitive(ColumnType.Int32, int.MinValue, 0, int.MaxValue);
        CheckPrimitive(ColumnType.Date32, int.MinValue, 0, int.MaxValue);
        CheckPrimitive(ColumnType.Int64, long.MinValue, 0, long.MaxValue);
        CheckPrimitive(ColumnType.TimestampMillis, long.MinValue, 0, long.MaxValue);
        CheckPrimitive(ColumnType.TimestampMicros, long.MinValue, 0, long.MaxValue);
        CheckPrimitive(ColumnType.Float32, float.NaN, float.NegativeInfinity, float.Epsilon);
        CheckPrimitive(ColumnType.Float64, double.NaN, double.PositiveInfinity, double.Epsilon);
    }

    [Theory]
    [InlineData(ColumnType.Float32)]
    [InlineData(ColumnType.Boolean)]
    [InlineData(ColumnType.Utf8)]
    [InlineData(ColumnType.Dictionary)]
    public void PrimitiveBuilder_TypeOfAnotherLayout_Throws(ColumnType type) =>
        Assert.Throws<ArgumentException>(() => new PrimitiveBuilder<double>(type));

    [Fact]
    public void PrimitiveBuilder_NaN_IsAValueAndNoNull()
    {
        using var builder = new PrimitiveBuilder<double>(ColumnType.Float64);
        builder.Append(double.NaN);
        builder.AppendNull();
        using PrimitiveColumn<double> column = builder.Build();
        Assert.False(column.IsNull(0));
        Assert.True(double.IsNaN(column.Values[0]));
        Assert.True(column.IsNull(1));
        Assert.Equal(1, column.NullCount);
    }

    // The first null may come at any position within a byte, and any number of values may follow.
    [Fact]
    public void AppendNull_FirstNullAnywhere_MarksThatRowOnly()
    {
        for (int before = 0; before <= 20; before++)
        {
            for (int after = 0; after <= 20; after++)
            {
                using var builder = new PrimitiveBuilder<int>(ColumnType.Int32);
                for (int i = 0; i < before; i++)
                    builder.Append(i);
                builder.AppendNull();
                for (int i = 0; i < after; i++)
                    builder.Append(i);
                using PrimitiveColumn<int> column = builder.Build();
                Assert.Equal(1, column.NullCount);
                for (int row = 0; row < column.Length; row++)
                    Assert.Equal(row == before, column.IsNull(row));
                Assert.Equal(Bitmap.ByteLength(column.Length), column.Validity.Length);
                Assert.Equal(column.Length - 1, Bitmap.CountSet(column.Validity, column.Validity.Length * 8));
            }
        }
    }

    [Fact]
    public void BooleanBuilder_AnyLength_KeepsValuesAndNulls()
    {
        for (int length = 0; length <= 70; length++)
        {
            using var builder = new BooleanBuilder();
            for (int row = 0; row < length; row++)
            {
                if (row % 5 == 4)
                    builder.AppendNull();
                else
                    builder.Append(row % 3 == 0);
            }
            using BooleanColumn column = builder.Build();
            Assert.Equal(ColumnType.Boolean, column.Type);
            Assert.Equal(length / 5, column.NullCount);
            for (int row = 0; row < length; row++)
            {
                Assert.Equal(row % 5 == 4, column.IsNull(row));
                Assert.Equal(row % 3 == 0 && row % 5 != 4, column[row]);
            }
        }
    }

    [Fact]
    public void Utf8Builder_EmptyNullAndMultibyte_AreToldApart()
    {
        using var builder = new Utf8Builder();
        builder.Append("");
        builder.Append((string?)null);
        builder.Append("naïve 猫 🎵");
        builder.Append("raw"u8);
        builder.AppendNull();
        using Utf8Column column = builder.Build();
        Assert.Equal(["", null, "naïve 猫 🎵", "raw", null], Enumerable.Range(0, 5).Select(column.GetString));
        Assert.Equal(2, column.NullCount);
        Assert.Equal([0, 0, 0, 15, 18, 18], column.Offsets.ToArray());
        Assert.True(column.GetBytes(1).IsEmpty);
    }

    [Fact]
    public void DictionaryBuilder_RepeatedTexts_ShareACodeInOrderOfAppearance()
    {
        using var builder = new DictionaryBuilder();
        foreach (string? text in (string?[])["b", "a", null, "b", "", "a"])
            builder.Append(text);
        using DictionaryColumn column = builder.Build();
        Assert.Equal(["b", "a", ""], Enumerable.Range(0, column.Dictionary.Length).Select(column.Dictionary.GetString));
        Assert.Equal(["b", "a", null, "b", "", "a"], Enumerable.Range(0, column.Length).Select(column.GetString));
        Assert.Equal([0, 1], column.Codes[..2].ToArray());
        Assert.Equal(1, column.NullCount);
    }

    [Fact]
    public void Build_NothingAppended_GivesAnEmptyColumn()
    {
        ColumnBuilder[] builders = [new PrimitiveBuilder<long>(ColumnType.Int64), new BooleanBuilder(), new Utf8Builder(), new DictionaryBuilder()];
        foreach (ColumnBuilder builder in builders)
        {
            using (builder)
            {
                using Column column = builder.Build();
                Assert.Equal(0, column.Length);
                Assert.Equal(0, column.NullCount);
                Assert.True(column.Validity.IsEmpty);
            }
        }
    }

    [Fact]
    public void Build_OnlyNulls_GivesNulls()
    {
        ColumnBuilder[] builders = [new PrimitiveBuilder<float>(ColumnType.Float32), new BooleanBuilder(), new Utf8Builder(), new DictionaryBuilder()];
        foreach (ColumnBuilder builder in builders)
        {
            using (builder)
            {
                builder.AppendNull();
                using Column column = builder.Build();
                Assert.Equal((1, 1, true), (column.Length, column.NullCount, column.IsNull(0)));
            }
        }
    }

    [Fact]
    public void Build_Twice_ThrowsInsteadOfGivingHalfAColumn()
    {
        using var builder = new PrimitiveBuilder<int>(ColumnType.Int32);
        builder.Append(1);
        builder.Build().Dispose();
        Assert.Equal(0, builder.Length);
        Assert.Throws<ObjectDisposedException>(() => builder.Append(2));
        Assert.Throws<ObjectDisposedException>(() => builder.Build());
    }

    private static void CheckPrimitive<T>(ColumnType type, T low, T middle, T high) where T : unmanaged
    {
        using var builder = new PrimitiveBuilder<T>(type);
        builder.Append(low);
        builder.Append(middle);
        builder.AppendNull();
        builder.Append(high);
        using PrimitiveColumn<T> column = builder.Build();
        Assert.Equal(type, column.Type);
        Assert.Equal([low, middle, default, high], column.Values.ToArray());
        Assert.Equal([false, false, true, false], Enumerable.Range(0, 4).Select(column.IsNull));
    }
}
