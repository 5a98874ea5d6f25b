using ChurnEngine.Bench.Peers;

namespace ChurnEngine.Bench.Tests.Peers;

public class PeerMeasuresTests
{
    [Fact]
    public void Parse_ChatterBeforeTheResult_TakesTheLastLine()
    {
        PeerMeasures measures = PeerMeasures.Parse("warning: {\"total\": 9}\n[12:00] something\n{\"total\": 1.25, \"memory\": 3e2, \"version\": \"1.7.4\"}\n\n");
        Assert.Equal(1.25, measures["total"]);
        Assert.Equal(300, measures["memory"]);
        Assert.Equal("1.7.4", measures.Texts["version"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Traceback (most recent call last):")]
    [InlineData("{\"total\": 1.25")]
    [InlineData("{\"total\": NaN}")]
    [InlineData("{\"total\": null}")]
    [InlineData("{\"total\": 1e999}")]
    [InlineData("{\"total\": [1]}")]
    [InlineData("{\"total\": 1}\nand then it went on")]
    public void Parse_NoWholeResult_IsRefused(string output) => Assert.Throws<InvalidDataException>(() => PeerMeasures.Parse(output));

    [Fact]
    public void Item_NumberThatWasNotReported_IsAnErrorAndNotZero() =>
        Assert.Contains("total", Assert.Throws<InvalidDataException>(() => PeerMeasures.Parse("{\"total\": 1}")["binning"]).Message, StringComparison.Ordinal);

    [Fact]
    public void ToJson_Parsed_IsTheSame()
    {
        var measures = new PeerMeasures { Numbers = { ["a"] = 0.1, ["b"] = 1e-300 }, Texts = { ["version"] = "\"odd\" ü" } };
        PeerMeasures read = PeerMeasures.Parse(measures.ToJson());
        Assert.Equal(measures.Numbers, read.Numbers);
        Assert.Equal(measures.Texts, read.Texts);
    }
}
