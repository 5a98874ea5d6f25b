namespace ChurnEngine.Columns.Tests;

public sealed class InstantTextTests
{
    private const long Day = 86_400_000_000;

    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("1970-01-02", Day)]
    [InlineData("1969-12-31", -Day)]
    [InlineData("1970-01-01T06:00", Day / 4)]
    [InlineData("1970-01-01T06:00:00", Day / 4)]
    [InlineData("1970-01-01T06:00:00Z", Day / 4)]
    [InlineData("1970-01-01 06:00:00", Day / 4)]
    [InlineData("1970-01-01T06:00:00+02:00", Day / 6)]
    [InlineData("1970-01-01T00:00:00.000001Z", 1)]
    [InlineData("2024-12-26", 1_735_171_200_000_000)]
    public void TryParse_Iso8601_IsUtcMicros(string text, long expected)
    {
        Assert.True(InstantText.TryParse(text, out long micros));
        Assert.Equal(expected, micros);
    }

    // What needs today's date, or a habit of some country, to be understood.
    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("10:30")]
    [InlineData("May 5")]
    [InlineData("2024")]
    [InlineData("12/11/2024")]
    [InlineData("2024-13-01")]
    [InlineData("2023-02-29")]
    [InlineData("2024-1-1")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(InstantText.TryParse(text, out _));

    [Theory]
    [InlineData(0, "1970-01-01")]
    [InlineData(-Day, "1969-12-31")]
    [InlineData(Day / 4, "1970-01-01T06:00:00Z")]
    [InlineData(1, "1970-01-01T00:00:00.000001Z")]
    public void Format_Instant_ReadsBack(long micros, string expected)
    {
        Assert.Equal(expected, InstantText.Format(micros));
        Assert.True(InstantText.TryParse(expected, out long back));
        Assert.Equal(micros, back);
    }
}
