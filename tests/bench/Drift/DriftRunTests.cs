using ChurnEngine.Bench.Drift;
using ChurnEngine.TestKit;

namespace ChurnEngine.Bench.Tests.Drift;

public sealed class DriftRunTests
{
    [Fact]
    public void Of_OneSmallWorld_IsQuietAndFindsMostChanges()
    {
        using var folder = new TemporaryDirectory();
        DriftRun run = DriftRun.Of(new DriftSize(1, 3000, 2), folder["drift"], _ => { }, CancellationToken.None);
        Assert.Equal(5, run.Windows);
        Assert.Empty(run.FalseAlarms);
        Assert.All(run.Changes, change => Assert.Equal(0, change.Before));
        DriftChange plays = run.Changes[0];
        Assert.Equal(("plays x 0.5", 1), (plays.Asked, plays.Found));
        Assert.Contains(plays.Named, name => name.StartsWith("plays", StringComparison.Ordinal));
        string table = DriftCommand.Table(run).ToString();
        Assert.Contains("half as many plays", table, StringComparison.Ordinal);
        Assert.Equal(run.Changes.Count + 2, table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
