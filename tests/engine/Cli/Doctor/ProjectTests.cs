using System.IO.Compression;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Doctor;

/// <summary>What the doctor says of a project: sources, sizes, folders, model.</summary>
public sealed class ProjectTests(SmallProject small)
{
    private static readonly string[] s_readers = ["validate", "features", "train", "evaluate", "score", "audit"];

    [Fact]
    public void Doctor_SoundProject_CountsItsRowsAndLeavesNoTrace()
    {
        string[] before = Entries(small.World);
        CommandRun run = Churn.Run("doctor", "--config", small.Config, "--model", small.Model, "--folder", Path.Combine(small.World, "new", "folder"), "--json").Expect(ExitCode.Done);
        var found = new Diagnosis(run);
        Assert.StartsWith("3,000 rows", found.Found("project.source.customers"), StringComparison.Ordinal);
        Assert.True(found["project.source.events"].GetProperty("details").GetProperty("rows_are_exact").GetBoolean());
        long rows = s_tables.Sum(table => found[$"project.source.{table}"].GetProperty("details").GetProperty("rows").GetInt64());
        Assert.Equal((256L << 20) + rows * 45, found["project.memory"].GetProperty("details").GetProperty("wanted_bytes").GetInt64());
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

    /// <summary>A terabyte of text that takes no room: only its first megabyte is written.</summary>
    [Fact]
    public void Doctor_SourceBeyondThisMachine_SaysWhatItWouldTake()
    {
        using var folder = new TemporaryDirectory();
        FolderContent.Copy(small.World, folder["world"]);
        File.WriteAllText(folder["world/support.csv"], "customer_id,event_at,ingested_at,ticket_kind\n" + string.Concat(Enumerable.Range(1, 40_000).Select(i => $"{i},2024-02-01,2024-02-01,billing\n")));
        using (FileStream file = File.OpenWrite(folder["world/support.csv"]))
            file.SetLength(1L << 40);
        FolderContent.Edit(folder["world/churn.yaml"], "support.parquet", "support.csv");

        var found = new Diagnosis(Churn.Run("doctor", "--config", folder["world/churn.yaml"], "--json").Expect(ExitCode.GateSaidNo));

        Assert.Equal("missing", found.Standing("project.memory"));
        Assert.Equal(["project.memory"], found.Misses("train"));
        Assert.Empty(found.Misses("validate"));
        Assert.Equal("warning", found.Standing("project.copies"));
    }

    [Fact]
    public void Doctor_FoldersThatCannotBeWritten_StandInTheWayOfThoseWhoWriteThere()
    {
        using var folder = new TemporaryDirectory();
        FolderContent.Copy(small.World, folder["world"]);
        folder.Write("world/scores", "a file, no folder");
        var scores = new Diagnosis(Churn.Run("doctor", "--config", folder["world/churn.yaml"], "--json").Expect(ExitCode.GateSaidNo));
        Assert.Contains("is no folder", scores.Found("project.scores_folder"), StringComparison.Ordinal);
        Assert.Equal(["score"], scores.Unready);

        var given = new Diagnosis(Churn.Run("doctor", "--folder", "/proc/churn", folder.Path, "--json").Expect(ExitCode.GateSaidNo));
        Assert.Equal("missing", given.Standing("folder.output.0"));
        Assert.Equal("good", given.Standing("folder.output.1"));
        Assert.Equal(["generate", "features", "train", "score", "decide", "demo"], given.Unready);
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
        Assert.Equal(["evaluate", "score"], found.Unready);
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
