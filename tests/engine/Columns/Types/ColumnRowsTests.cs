namespace ChurnEngine.Columns.Tests;

public class ColumnRowsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 20)]
    [InlineData(3, 11)]
    [InlineData(19, 1)]
    public void CopyRows_EveryType_KeepsValuesAndNulls(int start, int count)
    {
        var text = new Utf8Builder();
        var category = new DictionaryBuilder();
        var number = new PrimitiveBuilder<double>(ColumnType.Float64);
        var flag = new BooleanBuilder();
        for (int i = 0; i < 20; i++)
        {
            string? value = i % 5 == 2 ? null : new string((char)('a' + i), i % 4);
            text.Append(value);
            category.Append(value);
            if (i % 3 == 1)
                number.AppendNull();
            else
                number.Append(i == 6 ? double.NaN : i);
            flag.Append(i % 2 == 0);
        }
        using Utf8Column texts = text.Build();
        using DictionaryColumn categories = category.Build();
        using PrimitiveColumn<double> numbers = number.Build();
        using BooleanColumn flags = flag.Build();

        using var textPart = (Utf8Column)texts.CopyRows(start, count);
        using var categoryPart = (DictionaryColumn)categories.CopyRows(start, count);
        using var numberPart = (PrimitiveColumn<double>)numbers.CopyRows(start, count);
        using var flagPart = (BooleanColumn)flags.CopyRows(start, count);

        for (int i = 0; i < count; i++)
        {
            Assert.Equal(texts.GetString(start + i), textPart.GetString(i));
            Assert.Equal(categories.GetString(start + i), categoryPart.GetString(i));
            Assert.Equal(numbers.IsNull(start + i), numberPart.IsNull(i));
            if (!numberPart.IsNull(i))
                Assert.Equal(numbers.Values[start + i], numberPart.Values[i]);
            Assert.Equal(flags[start + i], flagPart[i]);
        }
        Assert.Equal(count, textPart.Length);
    }

    [Fact]
    public void CopyRows_PastTheEnd_Throws()
    {
        using var column = new PrimitiveColumn<int>(ColumnType.Int32, NativeBuffer<int>.AllocateZeroed(3), 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => column.CopyRows(1, 3));
    }
}
