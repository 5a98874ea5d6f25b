using System.Text;
using ChurnEngine.Ingest.Conversion;

namespace ChurnEngine.Ingest.Tests;

public class TextParserTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-12", -12)]
    [InlineData("+7", 7)]
    [InlineData("5.0", 5)]
    [InlineData("1e3", 1000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Integer_WholeNumbers_AreRead(string text, long expected)
    {
        Assert.Equal(ParseOutcome.Value, IntegerParser<long>.Parse(Encoding.UTF8.GetBytes(text), out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("1.5", nameof(ParseOutcome.NotOfType))]
    [InlineData("1_000", nameof(ParseOutcome.NotOfType))]
    [InlineData("1,000", nameof(ParseOutcome.NotOfType))]
    [InlineData("0x1F", nameof(ParseOutcome.NotOfType))]
    [InlineData("1 2", nameof(ParseOutcome.NotOfType))]
    [InlineData("9223372036854775808", nameof(ParseOutcome.OutOfRange))]
    [InlineData("-inf", nameof(ParseOutcome.Infinite))]
    public void Integer_AnythingElse_IsRefusedWithAReason(string text, string outcome) =>
        Assert.Equal(outcome, IntegerParser<long>.Parse(Encoding.UTF8.GetBytes(text), out _).ToString());

    [Theory]
    [InlineData("2024-02-29", "2024-02-29T00:00:00.000000Z")]
    [InlineData("20240229", "2024-02-29T00:00:00.000000Z")]
    [InlineData("2024-02-29 23:59", "2024-02-29T23:59:00.000000Z")]
    [InlineData("2024-02-29T23:59:58.1234567Z", "2024-02-29T23:59:58.123456Z")]
    [InlineData("2024-01-01T00:30:00+01:00", "2023-12-31T23:30:00.000000Z")]
    [InlineData("2024-01-01T00:30:00.5-0530", "2024-01-01T06:00:00.500000Z")]
    [InlineData("2024-01-01 00:30:00 UTC", "2024-01-01T00:30:00.000000Z")]
    [InlineData("1969-12-31T23:59:59.999999", "1969-12-31T23:59:59.999999Z")]
    [InlineData("0001-01-01", "0001-01-01T00:00:00.000000Z")]
    [InlineData("1538352117000", "2018-10-01T00:01:57.000000Z")]
    [InlineData("-1", "1969-12-31T23:59:59.999000Z")]
    public void Timestamp_IsoOrMillis_IsRead(string text, string expected)
    {
        Assert.Equal(ParseOutcome.Value, TimestampMicrosParser.Parse(Encoding.UTF8.GetBytes(text), out long micros));
        Assert.Equal(expected, DateTime.UnixEpoch.AddMicroseconds(micros).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("2023-02-29")]
    [InlineData("2024-1-1")]
    [InlineData("01/02/2024")]
    [InlineData("2024-01-01T25:00:00")]
    [InlineData("2024-01-01T10:00:60")]
    [InlineData("2024-01-01T10:00:00+99:00")]
    [InlineData("2024-01-01x")]
    [InlineData("2024-01-01T")]
    [InlineData("12.5")]
    [InlineData("yesterday")]
    public void Timestamp_AnythingElse_IsRefused(string text) =>
        Assert.Equal(ParseOutcome.NotOfType, TimestampMicrosParser.Parse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Timestamp_MillisBeyondMicros_AreOutOfRange() =>
        Assert.Equal(ParseOutcome.OutOfRange, TimestampMicrosParser.Parse("9223372036854775807"u8, out _));

    [Fact]
    public void Date_BeforeTheEpoch_RoundsDown()
    {
        Assert.Equal(ParseOutcome.Value, Date32Parser.Parse("1969-12-31T12:00"u8, out int days));
        Assert.Equal(-1, days);
    }

    [Fact]
    public void Float32_IsRoundedOnce()
    {
        // Rounded to double first, this lands on a tie and then on the wrong single.
        Assert.Equal(ParseOutcome.Value, Float32Parser.Parse("1.00000005960464477540"u8, out float value));
        Assert.Equal(1.0000001f, value);
        Assert.Equal(ParseOutcome.OutOfRange, Float32Parser.Parse("1e39"u8, out _));
    }
}
