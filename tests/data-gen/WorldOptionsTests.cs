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
}
