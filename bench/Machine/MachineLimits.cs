namespace ChurnEngine.Bench;

/// <summary>The measured limits of this machine, to hold throughputs against.</summary>
internal sealed class MachineLimits
{
    private readonly Dictionary<string, double> _rates;

    public MachineLimits(SuiteRun machine) => _rates = machine.Entries.ToDictionary(entry => entry.Name, entry => entry.Value * (entry.Unit == "GB/s" ? 1e9 : 1e6));

    /// <summary>Limits as `bench machine` measured them on this machine; measured now where it has not run yet.</summary>
    /// <param name="path">File that it wrote; null: the usual one.</param>
    public static MachineLimits Load(string? path = null)
    {
        path ??= Path.Combine(SourceTree.ResultFolder, "machine.json");
        if (File.Exists(path))
        {
            ResultFile file = ResultFile.Read(path);
            if (file.Machine.Slug() == MachineInfo.Read().Slug() && file.Runs.LastOrDefault(run => run.Suite == "machine") is { } known)
                return new MachineLimits(known);
        }
        Console.Error.WriteLine("measuring the machine's limits first");
        SuiteRun run = MachineMeasurement.Run(CancellationToken.None);
        ResultFile.Save(run, path);
        return new MachineLimits(run);
    }

    /// <summary>Bytes or operations a second; null for a limit that this machine has not, such as all cores of one.</summary>
    public double? Rate(string limit) => _rates.TryGetValue(limit, out double rate) ? rate : null;

    /// <summary>How near work comes to the limit that binds it: 1 is as fast as this machine can.</summary>
    public double? Share(LimitedWork work, double seconds) => Rate(work.Limit) is { } rate && seconds > 0 ? work.Units / seconds / rate : null;
}
