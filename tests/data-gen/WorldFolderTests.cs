using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.DataGen.Tests;

public class WorldFolderTests
{
    private static readonly WorldOptions s_small = new() { Customers = 3_000, Months = 2, Seed = 1 };

    [Fact]
    public void Generate_FolderThatHoldsSomething_IsRefusedAndUntouched()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("notes.txt", "mine");
        var error = Assert.Throws<ChurnConfigException>(() => Generate(folder.Path));
        Assert.Equal("CE1804", error.Code.ToString());
        Assert.Equal(["notes.txt"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Generate_EmptyFolderOrLeftover_IsFilled()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("_partial/events/part-00000.parquet", "of a killed run");
        Generate(folder.Path);
        Assert.Equal(["churn.yaml", "customers.parquet", "events", "payments.parquet", "support.parquet", "truth"],
            Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("part-00000.parquet", Path.GetFileName(Assert.Single(Directory.GetFiles(folder["events"]))));
        Assert.Equal(["effects.parquet", "probabilities.parquet"], Directory.GetFiles(folder["truth"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    // The killed run may have been of another scenario, and have moved some of its files up already.
    [Fact]
    public void Generate_LeftoverOfAnotherScenario_IsClearedUp()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("_partial/churn.yaml", "of a killed run");
        folder.Write(".lock", "");
        folder.Write("log/part-00000.json", "moved up before the kill");
        Generate(folder.Path);
        Assert.DoesNotContain("log", Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Generate_PathBelowAFile_IsAConfigError()
    {
        using var folder = new TemporaryDirectory();
        string file = folder.Write("file", "");
        Assert.Equal("CE1805", Assert.Throws<ChurnConfigException>(() => Generate(Path.Combine(file, "world"))).Code.ToString());
        Assert.Equal("CE1805", Assert.Throws<ChurnConfigException>(() => Generate(file)).Code.ToString());
    }

    [Fact]
    public void Generate_Cancelled_LeavesNothing()
    {
        using var folder = new TemporaryDirectory();
        using var cancellation = new CancellationTokenSource();
        var progress = new ImmediateProgress(_ => cancellation.Cancel());
        Assert.ThrowsAny<OperationCanceledException>(() =>
            World.Generate(s_small with { Budget = new JobBudget { Threads = 1 } }, folder["world"], (path, _) => new TouchSink(path), progress, cancellation.Token));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Generate_SinkThatFails_LeavesNothing()
    {
        using var folder = new TemporaryDirectory();
        Assert.Throws<IOException>(() => World.Generate(s_small, folder["world"],
            (path, _) => path.Contains("support") ? throw new IOException("disk full") : new TouchSink(path), progress: null, CancellationToken.None));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Generate_Progress_CountsCustomersUpToAll()
    {
        using var folder = new TemporaryDirectory();
        List<StepProgress> seen = [];
        World.Generate(s_small, folder["world"], (path, _) => new TouchSink(path), new ImmediateProgress(seen.Add), CancellationToken.None);
        Assert.Equal([1024, 2048, 3000], seen.Select(p => p.Done));
        Assert.All(seen, p => Assert.Equal(3000, p.Total));
    }

    private static void Generate(string directory) =>
        World.Generate(s_small, directory, (path, _) => new TouchSink(path), progress: null, CancellationToken.None);

    private sealed class ImmediateProgress(Action<StepProgress> report) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => report(value);
    }

    // A file as a real sink makes it, without content.
    private sealed class TouchSink(string path) : IBatchSink
    {
        public void Write(RecordBatch batch)
        {
        }

        public void Complete() => File.WriteAllText(path, "");

        public void Dispose()
        {
        }
    }
}
