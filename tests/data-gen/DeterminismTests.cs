using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.Tests;

public class DeterminismTests
{
    private static readonly string[] s_scenarios = [.. WorldOptions.Scenarios];

    public static TheoryData<string> Scenarios => [.. s_scenarios];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Generate_OneAndThreeThreads_GiveTheSameValuesInTheSameOrder(string scenario) =>
        Assert.Equal(Hash(scenario, threads: 1, seed: 3), Hash(scenario, threads: 3, seed: 3));

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Generate_AnotherSeed_GivesAnotherWorld(string scenario) => Assert.NotEqual(Hash(scenario, threads: 2, seed: 3), Hash(scenario, threads: 2, seed: 4));

    // Numbers elsewhere were measured on the streaming world: its default bytes stay as they are. The truth about effects came later.
    [Fact]
    public void Generate_StreamingByDefault_HasTheBytesOfTheFirstRelease()
    {
        var world = new CapturedWorld(new WorldOptions { Customers = 5_000, Months = 4, Seed = 3 });
        world.Files.Remove(EffectsFile.RelativePath);
        Assert.StartsWith("687023379F95085BB3B862C4CFC469BF2B7E28B54E0B133D9F", world.Hash());
    }

    // Everyone signs up before the scoring date: whoever is not there then has left.
    [Theory]
    [InlineData("streaming", 1, 1)]
    [InlineData("streaming", 1, 60)]
    [InlineData("streaming", 1025, 1)]
    [InlineData("streaming", 2048, 2)]
    [InlineData("telecom", 1, 60)]
    [InlineData("telecom", 2049, 1)]
    [InlineData("music-log", 1, 60)]
    [InlineData("music-log", 17, 1)]
    [InlineData("b2b", 1, 60)]
    [InlineData("b2b", 257, 1)]
    public void Generate_SmallWorlds_HoldTogether(string scenario, int customers, int months)
    {
        var world = new CapturedWorld(new WorldOptions { Scenario = scenario, Customers = customers, Months = months, Seed = 9 });
        Assert.Equal(customers, world.Report.Customers);
        Assert.Equal(customers, world.Report.Churned + world.Report.ToScore);
    }

    private static string Hash(string scenario, int threads, long seed)
    {
        int customers = Math.Min(5_000, WorldOptions.DefaultCustomersOf(scenario) / 10 + 77);
        return new CapturedWorld(new WorldOptions { Scenario = scenario, Customers = customers, Months = 4, Seed = seed, TreatmentShare = 0.2, Budget = new JobBudget { Threads = threads } }).Hash();
    }
}
