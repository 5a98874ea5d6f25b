namespace ChurnEngine.Columns.Tests.Types;

public class ColumnGatherTests
{
    [Fact]
    public void Gather_Rows_OfEveryTypeInTheOrderAsked()
    {
        using var number = new PrimitiveBuilder<double>(ColumnType.Float64);
        using var truth = new BooleanBuilder();
        using var text = new Utf8Builder();
        using var code = new DictionaryBuilder();
        for (int row = 0; row < 40; row++)
        {
            number.Append(row);
            truth.Append(row % 3 == 0);
            text.Append(row == 7 ? null : $"t{row}");
            code.Append(row == 8 ? null : $"c{row % 5}");
        }
        int[] rows = [39, 7, 0, 8, 8, 21];
        using Column numbers = number.Build(), truths = truth.Build(), texts = text.Build(), codes = code.Build();
        using Column a = numbers.Gather(rows), b = truths.Gather(rows), c = texts.Gather(rows), d = codes.Gather(rows);
        Assert.Equal([39, 7, 0, 8, 8, 21], ((PrimitiveColumn<double>)a).Values.ToArray());
        Assert.Equal([true, false, true, false, false, true], Enumerable.Range(0, 6).Select(i => ((BooleanColumn)b)[i]));
        Assert.Equal(["t39", null, "t0", "t8", "t8", "t21"], Enumerable.Range(0, 6).Select(((Utf8Column)c).GetString));
        Assert.Equal(["c4", "c2", "c0", null, null, "c1"], Enumerable.Range(0, 6).Select(((DictionaryColumn)d).GetString));
        Assert.Equal((0, 0, 1, 2), (a.NullCount, b.NullCount, c.NullCount, d.NullCount));
        using Column none = texts.Gather([]);
        Assert.Equal(0, none.Length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Gather_RowThatIsNotThere_Throws(int row)
    {
        using var number = new PrimitiveBuilder<long>(ColumnType.Int64);
        for (int i = 0; i < 3; i++)
            number.Append(i);
        using Column numbers = number.Build();
        Assert.Throws<ArgumentOutOfRangeException>(() => numbers.Gather([row]));
    }
}
