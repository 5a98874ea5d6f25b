using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests.Store;

public class StoreDatesTests
{
    [Theory]
    [InlineData("2024-01-01", "2024-01-01", "1d", "2024-01-01")]
    [InlineData("2024-01-01", "2024-03-01", "30d", "2024-01-01 2024-01-31 2024-03-01")]
    [InlineData("2024-01-01", "2024-01-02", "12h", "2024-01-01 2024-01-01T12:00:00Z 2024-01-02")]
    [InlineData("2024-01-31", "2024-04-30", "1mo", "2024-01-31 2024-02-29 2024-03-31 2024-04-30")]
    [InlineData("2024-01-01", "2024-01-06", "7d", "2024-01-01")]
    public void Between_Range_StepsUpToItsEnd(string from, string to, string every, string expected) =>
        Assert.Equal(expected, string.Join(' ', StoreDates.Between(At(from), At(to), every).Select(InstantText.Format)));

    [Theory]
    [InlineData("2024-01-02", "2024-01-01", "1d", "before it begins")]
    [InlineData("2024-01-01", "2024-01-02", "1w", "'1w' is no step")]
    [InlineData("2024-01-01", "2024-01-02", "0d", "'0d' is no step")]
    [InlineData("2024-01-01", "2024-01-02", "d", "'d' is no step")]
    [InlineData("2024-01-01", "2024-01-02", "-1d", "'-1d' is no step")]
    [InlineData("2000-01-01", "2024-01-01", "1h", "more than 10000 dates")]
    public void Between_NoRange_SaysWhy(string from, string to, string every, string says)
    {
        ChurnConfigException refused = Assert.Throws<ChurnConfigException>(() => StoreDates.Between(At(from), At(to), every));
        Assert.Equal("CE3068", refused.Code.ToString());
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    private static long At(string text) => InstantText.TryParse(text, out long micros) ? micros : throw new FormatException(text);
}
