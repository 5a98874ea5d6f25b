using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.Tests;

public class WorldOptionsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(20_000_000, 60)]
    public void Validate_Bounds_Pass(int customers, int months) => new WorldOptions { Customers = customers, Months = months, Seed = long.MinValue }.Validate();

    [Theory]
    [InlineData(0, 12, "CE1802")]
    [InlineData(20_000_001, 12, "CE1802")]
    [InlineData(10, 0, "CE1803")]
    [InlineData(10, 61, "CE1803")]
    public void Validate_OutOfRange_NamesTheFlag(int customers, int months, string code) =>
        Assert.Equal(code, Assert.Throws<ChurnConfigException>(new WorldOptions { Customers = customers, Months = months }.Validate).Code.ToString());

    [Fact]
    public void Validate_MisspeltScenario_SuggestsTheRightOne() =>
        Assert.Contains("did you mean 'streaming'?", Assert.Throws<ChurnConfigException>(new WorldOptions { Scenario = "steaming" }.Validate).Describe());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Validate_TreatmentBounds_Pass(double share) => new WorldOptions { TreatmentShare = share }.Validate();

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Validate_TreatmentOutOfRange_NamesTheFlag(double share) =>
        Assert.Equal("CE1810", Assert.Throws<ChurnConfigException>(new WorldOptions { TreatmentShare = share }.Validate).Code.ToString());

    [Fact]
    public void Validate_UnknownExtra_ListsThoseThereAre()
    {
        var error = Assert.Throws<ChurnConfigException>(new WorldOptions { With = ["seasonalty"] }.Validate);
        Assert.Equal("CE1811", error.Code.ToString());
        Assert.Contains("did you mean 'seasonality'?", error.Describe());
        Assert.Contains("plan-changes", error.Describe());
        Assert.Equal("CE1811", Assert.Throws<ChurnConfigException>(new WorldOptions { Scenario = "telecom", With = ["all"] }.Validate).Code.ToString());
    }

    [Fact]
    public void Scenarios_AreTheFour() => Assert.Equal(["streaming", "telecom", "music-log", "b2b"], WorldOptions.Scenarios);
}
