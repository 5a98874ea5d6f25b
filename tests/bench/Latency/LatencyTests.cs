namespace ChurnEngine.Bench.Tests;

/// <summary>The commands that time single calls, at a size that takes no time.</summary>
public sealed class LatencyTests
{
    [Fact]
    public void Customer_FewEvents_TimesEveryWay()
    {
        SuiteRun run = CustomerMeasurement.Run(new CustomerSize(Events: 40, Features: 30, Calls: 100), default);
        Assert.Equal(["from all events", "stream: apply an event", "stream: read the features"], run.Entries.Select(entry => entry.Parameters["calls"]).Distinct());
        AssertAscending(run);
    }

    [Fact]
    public void Lookup_SmallStore_TimesEveryWay()
    {
        SuiteRun run = LookupMeasurement.Run(new LookupSize(Customers: 500, Features: 12, Reads: 200, TextKeys: true), default);
        Assert.Equal(3, run.Entries.Where(entry => entry.Unit == "us").Select(entry => entry.Parameters["calls"]).Distinct().Count());
        AssertAscending(run);
    }

    private static void AssertAscending(SuiteRun run)
    {
        foreach (var call in run.Entries.Where(entry => entry.Unit == "us").GroupBy(entry => entry.Parameters["calls"]))
        {
            double[] micros = [.. call.Select(entry => entry.Value)];
            Assert.Equal(micros.Order(), micros);
            Assert.True(micros[0] > 0);
        }
    }
}
