namespace ChurnEngine.Bench.Tests;

public class MachineTests
{
    public static TheoryData<string, string> Probes()
    {
        var data = new TheoryData<string, string>();
        foreach (string level in MachineMeasurement.Levels)
        {
            foreach (string operation in MachineMeasurement.Operations)
                data.Add(operation, level);
        }
        return data;
    }

    // Sizes far below those of the levels: the loops are the same, and no address may leave the working set.
    [Theory]
    [MemberData(nameof(Probes))]
    public void Probe_EveryOperation_CountsWhatItDid(string operation, string level)
    {
        using var probe = new MemoryProbe(level, 100_000);
        probe.LinkLines();
        double units = probe.Run(operation);
        Assert.Equal(units, probe.Run(operation));
        // The power of two below 100,000 bytes, once through; a copy reads one half and writes the other.
        if (MachineLimit.IsInBytes(operation + ","))
            Assert.Equal(65_536, units);
        else
            Assert.True(units >= 1024, $"{units}");
    }

    [Fact]
    public void WorkingSets_GrowWithTheLevel()
    {
        CacheSizes caches = CacheSizes.Read();
        foreach (int threads in (int[])[1, 2, 64])
            Assert.Equal(MachineMeasurement.Levels, MachineMeasurement.Levels.OrderBy(level => caches.WorkingSet(level, threads)));
    }

    [Fact]
    public void Share_KnownRate_IsUnitsOverTimeOverRate()
    {
        var run = new SuiteRun { Suite = "machine", Commit = "", Dirty = false, Date = "", Entries = [new ResultEntry { Name = "read, L2, 1 core", Unit = "GB/s", Value = 50 }] };
        var limits = new MachineLimits(run);
        Assert.Equal(0.4, limits.Share(new LimitedWork("read, L2, 1 core", 40e9), 2));
        Assert.Null(limits.Share(new LimitedWork("read, L2, all cores", 40e9), 2));
    }
}
