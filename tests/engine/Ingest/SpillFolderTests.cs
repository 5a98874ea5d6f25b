using ChurnEngine.Columns;
using ChurnEngine.Ingest.DuckDb;
using ChurnEngine.TestKit;

namespace ChurnEngine.Ingest.Tests;

public sealed class SpillFolderTests
{
    // No process has this number: Linux counts to 2^22 at most.
    private const int Dead = 99_999_999;

    [Fact]
    public void RemoveOrphans_OfDeadProcesses_AreRemovedAndOthersAreNot()
    {
        using var temporary = new TemporaryDirectory();
        temporary.Write($"churn-spill-{Dead}-1/spilled", "rows");
        temporary.Write($"churn-spill-{Dead}-2/.lock", "");
        string held = Directory.CreateDirectory(temporary[$"churn-spill-{Dead}-3"]).FullName;
        temporary.Write($"churn-spill-{Environment.ProcessId}-9/spilled", "just being made, not yet locked");
        temporary.Write("churn-other/spilled", "not ours");
        using (FolderLock.TryTake(held))
        {
            SpillFolder.RemoveOrphans(temporary.Path);
            string[] kept = [held, temporary["churn-other"], temporary[$"churn-spill-{Environment.ProcessId}-9"]];
            Assert.Equal(kept.Order(StringComparer.Ordinal), Directory.GetDirectories(temporary.Path).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Dispose_RemovesTheFolder()
    {
        var spill = new SpillFolder();
        File.WriteAllText(Path.Combine(spill.Path, "spilled"), "rows");
        spill.Dispose();
        Assert.False(Directory.Exists(spill.Path));
    }
}
