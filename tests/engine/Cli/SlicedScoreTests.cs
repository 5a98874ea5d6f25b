using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>One job shared by processes, as a scheduler would start them.</summary>
public sealed class SlicedScoreTests(SmallProject project) : IDisposable
{
    private const int Slices = 8;
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EightProcesses_OneKilledAndStartedAgain_GiveTheUndividedJob()
    {
        string table = _folder["rows.csv"], out8 = _folder["sliced"], out1 = _folder["whole"];
        File.WriteAllText(table, PlainRows.Csv(150_000));
        string[] Line(string to) => ["score", "--table", table, "--model", project.TableModel, "--reasons", "0", "--threads", "1", "--out", to, "--json"];
        Churn.Result([.. Line(out1)[..^1]]);

        ChurnProcess Start(int index) => ChurnProcess.Start(_folder["."], new Dictionary<string, string> { ["SLURM_ARRAY_TASK_ID"] = $"{index + 1}", ["SLURM_ARRAY_TASK_MIN"] = "1", ["SLURM_ARRAY_TASK_COUNT"] = $"{Slices}" }, Line(out8));
        ChurnProcess[] processes = [.. Enumerable.Range(0, Slices).Select(Start)];
        processes[3].Signal(9);
        var exits = processes.Select(process => process.WaitForEnd()).ToArray();
        Assert.Equal(5, Churn.Run("score", "--finish", out8).ExitCode);
        using (ChurnProcess again = Start(3))
            again.WaitForEnd().Expect(ExitCode.Done);
        foreach (ChurnProcess process in processes)
            process.Dispose();
        foreach (int index in Enumerable.Range(0, Slices).Where(index => index != 3))
        {
            exits[index].Expect(ExitCode.Done);
            Assert.Equal($"{index}/{Slices}", exits[index].Result.GetProperty("scoring").GetProperty("slice").GetString());
        }

        JsonElement finished = Churn.Result("score", "--finish", out8).GetProperty("scoring");

        Assert.Equal(150_000, finished.GetProperty("rows").GetInt64());
        Assert.Equal(File.ReadAllText(Path.Combine(out1, "manifest.json")), File.ReadAllText(Path.Combine(out8, "manifest.json")));
        foreach (string part in Directory.GetFiles(out1, "part-*"))
            Assert.Equal(File.ReadAllBytes(part), File.ReadAllBytes(Path.Combine(out8, Path.GetFileName(part))));
        Assert.Equal(Slices, Directory.GetFiles(out8, "run-*-of-8.json").Length);
        Assert.Empty(Directory.GetFileSystemEntries(out8, ".*"));
    }

    [Theory]
    [InlineData("8/8", "CE1130")]
    [InlineData("x", "CE1130")]
    [InlineData("auto", "CE1131")]
    [InlineData("auto/0", "CE1130")]
    public void Partition_ThatNamesNoSlice_IsAUsageError(string written, string code) =>
        Assert.StartsWith(code, Churn.Run("score", "--table", project.Table, "--model", project.TableModel, "--partition", written, "--out", _folder["out"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);

    [Theory]
    [InlineData("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=4", "", "1/4")]
    [InlineData("JOB_COMPLETION_INDEX=2", "auto/3", "2/3")]
    [InlineData("JOB_COMPLETION_INDEX=2", "all", null)]
    [InlineData("JOB_COMPLETION_INDEX=2", "0/2", "0/2")]
    public void Scheduler_SaysWhichSlice(string environment, string partition, string? slice)
    {
        var variables = environment.Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        string[] option = partition.Length > 0 ? ["--partition", partition] : [];
        using ChurnProcess process = ChurnProcess.Start(_folder["."], variables, ["score", "--table", project.Table, "--model", project.TableModel, "--out", _folder["out"], "--json", .. option]);
        JsonElement scoring = process.WaitForEnd().Expect(ExitCode.Done).Result.GetProperty("scoring");
        Assert.Equal(slice, scoring.TryGetProperty("slice", out JsonElement told) ? told.GetString() : null);
    }

    [Fact]
    public void Scheduler_ThatDoesNotSayOfHowMany_IsAsked()
    {
        using ChurnProcess process = ChurnProcess.Start(_folder["."], ("JOB_COMPLETION_INDEX", "2"), "score", "--table", project.Table, "--model", project.TableModel, "--out", _folder["out"]);
        Assert.StartsWith("CE1132", process.WaitForEnd().Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Slice_OfGroupedTables_ReadsItsBlocksAlone()
    {
        string kept = _folder["kept"], table = _folder["rows.csv"];
        File.WriteAllText(table, PlainRows.Csv(40_000));
        string[] Line(string slice, string to) => ["score", "--table", table, "--model", project.TableModel, "--grouped", kept, "--partition", slice, "--reasons", "0", "--out", to];
        Churn.Run(Line("all", _folder["whole"])).Expect(ExitCode.Done);
        string[] blocks = [.. Directory.GetFiles(kept, "*.block").Where(file => !file.EndsWith("customers.block", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.True(blocks.Length > 1, "the table is too small to be cut");
        byte[] last = File.ReadAllBytes(blocks[^1]);
        last[^1] ^= 1;
        File.WriteAllBytes(blocks[^1], last);

        Churn.Run(Line($"0/{blocks.Length}", _folder["sliced"])).Expect(ExitCode.Done);
        Assert.StartsWith("CE3080", Churn.Run(Line($"{blocks.Length - 1}/{blocks.Length}", _folder["sliced"])).Expect(ExitCode.BadInput).LastError, StringComparison.Ordinal);
    }
}
