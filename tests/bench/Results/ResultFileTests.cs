using ChurnEngine.TestKit;

namespace ChurnEngine.Bench.Tests;

public class ResultFileTests
{
    [Fact]
    public void ReadAfterWrite_EveryField_IsTheSame()
    {
        using var folder = new TemporaryDirectory();
        ResultFile file = new() { Machine = MachineInfo.Read(), Runs = [Run("kernels", "aaa", Entry("a", 1.5), Entry("b", 0.1 + 0.2))] };
        file.Write(folder["deep/results.json"]);
        Assert.Equal(file.ToJson(), ResultFile.Read(folder["deep/results.json"]).ToJson());
        ResultEntry read = ResultFile.Read(folder["deep/results.json"]).Runs[0].Entries[1];
        Assert.Equal(0.1 + 0.2, read.Value);
        Assert.Equal("8", read.Parameters["threads"]);
        Assert.Equal(new Interval(0.5, 2), read.RatioInterval);
        Assert.Null(read.Limit);
    }

    [Fact]
    public void Read_NoResults_SaysSo()
    {
        using var folder = new TemporaryDirectory();
        Assert.Contains("cannot be read as results", Assert.Throws<BenchException>(() => ResultFile.Read(folder["none.json"])).Message, StringComparison.Ordinal);
        Assert.Throws<BenchException>(() => ResultFile.Read(folder.Write("torn.json", "{\"format\":1,")));
    }

    [Fact]
    public void With_AnEntryMeasuredAnew_ReplacesItAndKeepsTheOthersCommit()
    {
        ResultFile file = new() { Machine = MachineInfo.Read(), Runs = [Run("kernels", "old", Entry("a", 1), Entry("b", 2)), Run("pipeline", "old", Entry("a", 3))] };
        ResultFile merged = file.With(Run("kernels", "new", Entry("a", 9)));
        Assert.Equal(["kernels old b=2", "kernels new a=9", "pipeline old a=3"],
            merged.Runs.SelectMany(run => run.Entries.Select(entry => $"{run.Suite} {run.Commit} {entry.Name}={entry.Value}")));
        Assert.Equal(["kernels new a=9 b=9", "pipeline old a=3"],
            file.With(Run("kernels", "new", Entry("a", 9), Entry("b", 9))).Runs.Select(run => $"{run.Suite} {run.Commit} {string.Join(' ', run.Entries.Select(e => $"{e.Name}={e.Value}"))}"));
    }

    [Fact]
    public void Key_OursAtAnotherCommit_IsTheSame()
    {
        Assert.Equal(Program("ours abc").Key(), Program("ours def").Key());
        Assert.NotEqual(Program("XGBoost 1.7.4").Key(), Program("XGBoost 2.0.0").Key());

        static ResultEntry Program(string name) => Entry("training", 1) with { Parameters = new Dictionary<string, string> { ["program"] = name } };
    }

    [Fact]
    public void Machine_Here_IsDescribed()
    {
        MachineInfo machine = MachineInfo.Read();
        Assert.True(machine.Cores >= 1 && machine.MemoryGb > 0);
        Assert.Matches("^[a-z0-9-]+-cores-[a-z0-9-]+$", machine.Slug());
        Assert.NotEqual(machine.Slug(), (machine with { InstructionSet = "other" }).Slug());
    }

    private static SuiteRun Run(string suite, string commit, params ResultEntry[] entries) =>
        new() { Suite = suite, Commit = commit, Dirty = false, Date = commit == "old" ? "2026-01-01T00:00:00Z" : "2026-01-02T00:00:00Z", LoadAtStart = 0.5, Entries = entries };

    private static ResultEntry Entry(string name, double value) => new()
    {
        Name = name,
        Unit = "s",
        Value = value,
        Parameters = new Dictionary<string, string> { ["threads"] = "8" },
        Ratio = 1,
        RatioInterval = new Interval(0.5, 2),
        AllocatedBytes = 7,
    };
}
