using System.IO.Compression;
using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Doctor;

/// <summary>What the doctor says of a project: sources, sizes, folders, model.</summary>
public sealed class ProjectTests(SmallProject small)
{
    private static readonly string[] s_readers = ["validate", "features", "train", "evaluate", "score", "monitor", "run", "audit"];

    [Fact]
    public void Doctor_SoundProject_CountsItsRowsAndLeavesNoTrace()
    {
        string[] before = Entries(small.World);
        CommandRun run = Churn.Run("doctor", "--config", small.Config, "--model", small.Model, "--folder", Path.Combine(small.World, "new", "folder"), "--json").Expect(ExitCode.Done);
        var found = new Diagnosis(run);
        Assert.StartsWith("3,000 rows", found.Found("project.source.customers"), StringComparison.Ordinal);
        Assert.True(found["project.source.events"].GetProperty("details").GetProperty("rows_are_exact").GetBoolean());
        long rows = s_tables.Sum(table => found[$"project.source.{table}"].GetProperty("details").GetProperty("rows").GetInt64());
        JsonElement memory = found["project.memory"].GetProperty("details");
        // 8 to 36 bytes by table, 12 for the customers' numbers, a sixteenth on top.
        Assert.InRange(memory.GetProperty("rows_bytes").GetInt64(), rows * 20 * 17 / 16, rows * 48 * 17 / 16);
        Assert.Equal((256L << 20) + memory.GetProperty("rows_bytes").GetInt64(), memory.GetProperty("wanted_bytes").GetInt64());
        Assert.Equal("good", found.Standing("project.spill"));
        Assert.Equal(0, found["project.spill"].GetProperty("details").GetProperty("disk_bytes").GetInt64());
        Assert.Contains("golden rows reproduce", found.Found("model.proof"), StringComparison.Ordinal);
        Assert.Contains("will be made in", found.Found("folder.output.0"), StringComparison.Ordinal);
        Assert.Equal(before, Entries(small.World));
    }

    [Fact]
    public void Doctor_SourcesThatCannotBeRead_NamesEachAndTheVerbsThatReadThem()
    {
        using var folder = new TemporaryDirectory();
        FolderContent.Copy(small.World, folder["world"]);
        File.Delete(folder["world/payments.parquet"]);
        File.WriteAllText(folder["world/support.parquet"], "no Parquet");

        var found = new Diagnosis(Churn.Run("doctor", "--config", folder["world/churn.yaml"], "--json").Expect(ExitCode.GateSaidNo));

        Assert.StartsWith("CE2001 table 'payments'", found.Found("project.source.payments"), StringComparison.Ordinal);
        Assert.StartsWith("CE2009 table 'support'", found.Found("project.source.support"), StringComparison.Ordinal);
        Assert.DoesNotContain("Hint", found.Found("project.source.payments"), StringComparison.Ordinal);
        Assert.Equal("good", found.Standing("project.source.events"));
        Assert.Equal(s_readers, found.Unready);
        Assert.All(s_readers, verb => Assert.Equal(["project.source.payments", "project.source.support"], found.Misses(verb)));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("csv.gz")]
    public void Doctor_TextSource_EstimatesItsRows(string ending)
    {
        const int Rows = 200_000;
        using var folder = new TemporaryDirectory();
        FolderContent.Copy(small.World, folder["world"]);
        string text = "customer_id,event_at,ingested_at,ticket_kind\n" + string.Concat(Enumerable.Range(1, Rows).Select(i => $"{i * 7919L % 1_000_003},2024-02-{1 + i % 28:D2},2024-02-28,billing\n"));
        using (Stream file = File.Create(folder[$"world/support.{ending}"]))
        using (Stream writer = ending.EndsWith("gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Optimal) : file)
            writer.Write(System.Text.Encoding.UTF8.GetBytes(text));
        FolderContent.Edit(folder["world/churn.yaml"], "support.parquet", $"support.{ending}");

        var found = new Diagnosis(Churn.Run("doctor", "--config", folder["world/churn.yaml"], "--json").Expect(ExitCode.Done));

        Assert.StartsWith("about ", found.Found("project.source.support"), StringComparison.Ordinal);
        Assert.InRange(found["project.source.support"].GetProperty("details").GetProperty("rows").GetInt64(), Rows * 0.9, Rows * 1.1);
        Assert.InRange(found["project.copies"].GetProperty("details").GetProperty("text_bytes").GetInt64(), text.Length * 0.9, text.Length * 1.1);
    }

    /// <summary>Terabytes of text that take no room: only the first megabyte is written.</summary>
    [Theory]
    [InlineData(false, "warning")]
    [InlineData(true, "missing")]
    public void Doctor_RowsBeyondMemoryAndDisk_SaysWhatTheyWouldTake(bool keepsAllRows, string standing)
    {
        using var folder = new TemporaryDirectory();
        Sparse(folder, 4L << 40, keepsAllRows);

        CommandRun run = Churn.Run("doctor", "--config", folder["churn.yaml"], "--json").Expect(keepsAllRows ? ExitCode.GateSaidNo : ExitCode.Done);

        var found = new Diagnosis(run);
        Assert.Equal(standing, found.Standing("project.spill"));
        Assert.Contains("TMPDIR", found.Hint("project.spill"), StringComparison.Ordinal);
        Assert.Equal(keepsAllRows ? ["project.spill"] : [], found.Misses("train"));
        Assert.Empty(found.Misses("validate"));
        // What goes to disk does not count as memory.
        JsonElement memory = found["project.memory"].GetProperty("details");
        Assert.Equal((256L << 20) + memory.GetProperty("budget_bytes").GetInt64(), memory.GetProperty("wanted_bytes").GetInt64());
        Assert.NotEqual("missing", found.Standing("project.memory"));
        Assert.Equal("warning", found.Standing("project.copies"));
    }

    [Fact]
    public void Doctor_MoreMemoryAskedForThanThereIs_IsMissing()
    {
        using var folder = new TemporaryDirectory();
        Sparse(folder, 4L << 40, keepsAllRows: true);
        var found = new Diagnosis(Churn.Run("doctor", "--config", folder["churn.yaml"], "--memory", "1000TB", "--json").Expect(ExitCode.GateSaidNo));
        Assert.Equal("missing", found.Standing("project.memory"));
        Assert.Contains("--memory", found.Hint("project.memory"), StringComparison.Ordinal);
        Assert.Equal("good", found.Standing("project.spill"));
        Assert.Equal(["project.memory"], found.Misses("train"));
    }

    [Theory]
    [InlineData("", "good", "")]
    [InlineData("/dev/shm", "warning", "lives in memory")]
    public void Doctor_RowsThatGoToDisk_LooksAtTheTemporaryFolder(string temporary, string standing, string hint)
    {
        Assert.SkipUnless(temporary.Length == 0 || Directory.Exists(temporary) && new DriveInfo(temporary).DriveFormat == "tmpfs", "needs a server where /dev/shm is a tmpfs");
        using var folder = new TemporaryDirectory();
        Sparse(folder, 80L << 20, keepsAllRows: true);
        string[] arguments = ["doctor", "--config", folder["churn.yaml"], "--memory", "64MB", "--json"];
        CommandRun run = temporary.Length == 0 ? Churn.Run(arguments) : DoctorProcess.Run(new Dictionary<string, string> { ["TMPDIR"] = temporary }, arguments);
        var found = new Diagnosis(run);
        Assert.Equal(standing, found.Standing("project.spill"));
        Assert.Contains(hint, found.Hint("project.spill"), StringComparison.Ordinal);
        Assert.InRange(found["project.spill"].GetProperty("details").GetProperty("disk_bytes").GetInt64(), 1L << 20, 1L << 30);
        Assert.Contains("go to disk", found.Found("project.memory"), StringComparison.Ordinal);
    }

    // A project of one table of text; with a table of sign-ups, rows that nothing looks at are not kept.
    private static void Sparse(TemporaryDirectory folder, long bytes, bool keepsAllRows)
    {
        folder.Write("people.csv", "id,since\n1,2024-01-01\n");
        folder.Write("churn.yaml", $$"""
            entity: id
            tables:
              {{(keepsAllRows ? "" : "people: { source: people.csv, valid_from: since }")}}
              events: { source: events.csv, time: at, known: known, kind: kind }
            features:
              - { name: n, from: events, value: count }
            label: { from: events, churned: kind = cancel within 30d }
            """);
        File.WriteAllText(folder["events.csv"], "id,at,known,kind\n" + string.Concat(Enumerable.Range(1, 40_000).Select(i => $"{i},2024-02-01,2024-02-01,play\n")));
        using FileStream file = File.OpenWrite(folder["events.csv"]);
        file.SetLength(bytes);
    }

    [Fact]
    public void Doctor_FoldersThatCannotBeWritten_StandInTheWayOfThoseWhoWriteThere()
    {
        using var folder = new TemporaryDirectory();
        FolderContent.Copy(small.World, folder["world"]);
        folder.Write("world/scores", "a file, no folder");
        var scores = new Diagnosis(Churn.Run("doctor", "--config", folder["world/churn.yaml"], "--json").Expect(ExitCode.GateSaidNo));
        Assert.Contains("is no folder", scores.Found("project.scores_folder"), StringComparison.Ordinal);
        Assert.Equal(["score", "run"], scores.Unready);

        var given = new Diagnosis(Churn.Run("doctor", "--folder", "/proc/churn", folder.Path, "--json").Expect(ExitCode.GateSaidNo));
        Assert.Equal("missing", given.Standing("folder.output.0"));
        Assert.Equal("good", given.Standing("folder.output.1"));
        Assert.Equal(["generate", "features", "train", "evaluate", "score", "decide", "monitor", "run", "serve", "demo"], given.Unready);
    }

    [Fact]
    public void Doctor_DamagedModel_StandsInTheWayOfThoseWhoRunIt()
    {
        using var folder = new TemporaryDirectory();
        byte[] bytes = File.ReadAllBytes(small.Model);
        bytes[bytes.Length / 2] ^= 0x40;
        File.WriteAllBytes(folder["m.onnx"], bytes);
        var found = new Diagnosis(Churn.Run("doctor", "--model", folder["m.onnx"], "--json").Expect(ExitCode.GateSaidNo));
        Assert.StartsWith("CE50", found.Found("model.proof"), StringComparison.Ordinal);
        Assert.Equal(["evaluate", "score", "monitor", "serve"], found.Unready);
    }

    [Fact]
    public void Doctor_ConfigThatDoesNotRead_IsAnErrorOfTheConfiguration()
    {
        Assert.StartsWith("CE1101 ", Churn.Run("doctor", "--config", "/nowhere/churn.yaml").Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        using var folder = new TemporaryDirectory();
        FolderContent.Copy(small.World, folder["world"]);
        FolderContent.Edit(folder["world/churn.yaml"], "entity:", "entitee:");
        Assert.Contains("did you mean 'entity'?", Churn.Run("doctor", "--config", folder["world/churn.yaml"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }

    private static readonly string[] s_tables = ["customers", "events", "payments", "support"];

    private static string[] Entries(string folder) => [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
