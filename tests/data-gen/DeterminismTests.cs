using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.Tests;

public class DeterminismTests
{
    [Fact]
    public void Generate_OneAndThreeThreads_GiveTheSameValuesInTheSameOrder() => Assert.Equal(Hash(threads: 1, seed: 3), Hash(threads: 3, seed: 3));

    [Fact]
    public void Generate_AnotherSeed_GivesAnotherWorld() => Assert.NotEqual(Hash(threads: 2, seed: 3), Hash(threads: 2, seed: 4));

    // Everyone signs up before the scoring date: whoever is not there then has left.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 60)]
    [InlineData(1025, 1)]
    [InlineData(2048, 2)]
    public void Generate_SmallWorlds_HoldTogether(int customers, int months)
    {
        var world = new CapturedWorld(new WorldOptions { Customers = customers, Months = months, Seed = 9 });
        Assert.Equal(customers, world.Customers.Rows);
        Assert.Equal(customers, world.Report.Churned + world.Report.ToScore);
    }

    private static string Hash(int threads, long seed) =>
        new CapturedWorld(new WorldOptions { Customers = 5_000, Months = 4, Seed = seed, Budget = new JobBudget { Threads = threads } }).Hash();
}
