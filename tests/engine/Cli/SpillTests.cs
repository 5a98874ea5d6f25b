using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>Rows that do not fit into <c>--memory</c>: the verbs say that they went to disk, and what they write is the same to the byte.</summary>
public sealed class SpillTests
{
    private const string Least = "64MB", Ample = "4GB";

    [Fact]
    public void Verbs_MoreRowsThanMemory_WriteTheSameBytes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a server with Linux, which has files in the place of memory");
        using var folder = new TemporaryDirectory();
        string config = folder["world/churn.yaml"];
        Churn.Run("generate", "--customers", "50000", "--seed", "3", "--out", folder["world"], "--quiet").Expect(ExitCode.Done);
        foreach (string memory in new[] { Least, Ample })
        {
            AssertSpilled(memory, Churn.Result("features", "--config", config, "--memory", memory, "--out", folder[$"{memory}.parquet"]));
            AssertSpilled(memory, Churn.Result("train", "--config", config, "--memory", memory, "--trees", "20", "--model", folder[$"{memory}.onnx"]));
            AssertSpilled(memory, Churn.Result("score", "--config", config, "--memory", memory, "--model", folder[$"{memory}.onnx"], "--out", folder[$"scores-{memory}"]));
        }
        Assert.Equal(File.ReadAllBytes(folder[$"{Ample}.parquet"]), File.ReadAllBytes(folder[$"{Least}.parquet"]));
        Assert.Equal(File.ReadAllBytes(folder[$"{Ample}.onnx"]), File.ReadAllBytes(folder[$"{Least}.onnx"]));
        string[] parts = [.. Directory.GetFiles(folder[$"scores-{Ample}"], "part-*.parquet").Select(path => Path.GetFileName(path))];
        Assert.NotEmpty(parts);
        Assert.All(parts, part => Assert.Equal(File.ReadAllBytes(folder[$"scores-{Ample}/{part}"]), File.ReadAllBytes(folder[$"scores-{Least}/{part}"])));

        string told = Churn.Run("evaluate", "--config", config, "--memory", Least, "--model", folder[$"{Least}.onnx"]).Expect(ExitCode.Done).Output;
        Assert.Contains("rows did not fit into half of 64 MB of memory: ", told, StringComparison.Ordinal);
        Assert.Contains(Path.GetTempPath(), told, StringComparison.Ordinal);
        Assert.DoesNotContain("did not fit", Churn.Run("evaluate", "--config", config, "--memory", Ample, "--model", folder[$"{Least}.onnx"]).Expect(ExitCode.Done).Output, StringComparison.Ordinal);
    }

    private static void AssertSpilled(string memory, JsonElement result)
    {
        long spilled = result.GetProperty("stages").EnumerateArray().Single(stage => stage.GetProperty("stage").GetString() == "read tables").GetProperty("spilled_bytes").GetInt64();
        if (memory == Least)
            Assert.InRange(spilled, 20L << 20, 200L << 20);
        else
            Assert.Equal(0, spilled);
    }
}
