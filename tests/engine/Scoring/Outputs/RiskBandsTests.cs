using ChurnEngine.Columns;

namespace ChurnEngine.Scoring.Tests.Outputs;

public class RiskBandsTests
{
    [Fact]
    public void Parse_AnyOrder_LevelsBeginAtTheirCutAndOneTextStandsForAll()
    {
        RiskBands levels = RiskBands.Parse(" high = 0.6, low=0 ,medium=0.30");

        Assert.Equal("low=0,medium=0.3,high=0.6", levels.ToString());
        Assert.Equal(RiskBands.Parse("low=0,medium=0.3,high=0.6").ToString(), levels.ToString());
        (float P, string Level)[] expected = [(0, "low"), (MathF.BitDecrement(0.3f), "low"), (0.3f, "medium"), (MathF.BitDecrement(0.6f), "medium"), (0.6f, "high"), (1, "high")];
        Assert.Equal(1, RiskBands.Parse("low=0,high=0.7").Find(0.7f));
        foreach ((float p, string level) in expected)
            Assert.Equal((p, level), (p, levels.Levels[levels.Find(p)].Name));
    }

    [Fact]
    public void ColumnOf_BelowTheLowestAndNaN_IsNull()
    {
        using Utf8Column column = RiskBands.Parse("warm=0.25,hot=0.75").ColumnOf([0.1f, 0.25f, float.NaN, 0.9f]);
        Assert.Equal([null, "warm", null, "hot"], Enumerable.Range(0, 4).Select(column.GetString));
    }

    [Theory]
    [InlineData("", "no level")]
    [InlineData("low", "name=probability")]
    [InlineData("=0.5", "without a name")]
    [InlineData("low=0,high=often", "does not begin at a number")]
    [InlineData("low=0,high=60", "does not begin between 0 and 1")]
    [InlineData("low=0,high=NaN", "does not begin between 0 and 1")]
    [InlineData("low=0,low=0.5", "named twice")]
    [InlineData("low=0.5,high=0.5", "same probability")]
    public void Parse_NoLevels_SaysWhatIsWrong(string text, string said)
    {
        var error = Assert.Throws<ChurnConfigException>(() => RiskBands.Parse(text));
        Assert.Equal("CE6011", error.Code.ToString());
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }
}
