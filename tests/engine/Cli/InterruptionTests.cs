using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>A world large enough to be caught in the middle of any verb.</summary>
public sealed class LargeProject : IDisposable
{
    public const string Customers = "60000";
    private readonly TemporaryDirectory _folder = new();

    public LargeProject()
    {
        Churn.Run("generate", "--customers", Customers, "--out", World, "--quiet").Expect(ExitCode.Done);
        Churn.Run("train", "--config", Config, "--trees", "60", "--model", Model, "--runs", "none", "--quiet").Expect(ExitCode.Done);
    }

    public string World => _folder["world"];

    public string Config => Path.Combine(World, "churn.yaml");

    public string Model => _folder["model.onnx"];

    public void Dispose() => _folder.Dispose();
}

/// <summary>Ctrl-C and SIGTERM in the middle of the work: the promised exit code, nothing half-written, and a rerun like an undisturbed run.</summary>
public sealed class InterruptionTests(LargeProject large) : IClassFixture<LargeProject>
{
    [Theory]
    [InlineData(ChurnProcess.SigInt, ExitCode.Interrupted)]
    [InlineData(ChurnProcess.SigTerm, ExitCode.Terminated)]
    public void Generate_Interrupted_LeavesNothing(int signal, int exitCode)
    {
        using var folder = new TemporaryDirectory();
        string[] line = ["generate", "--customers", LargeProject.Customers, "--out", folder["world"]];
        Interrupt(folder, signal, "generate ...", line).Expect(exitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));

        if (signal != ChurnProcess.SigInt)
            return;
        Churn.Run(line).Expect(ExitCode.Done);
        Assert.Equal(FolderContent.Of(large.World), FolderContent.Of(folder["world"]));
    }

    [Fact]
    public void Train_Interrupted_LeavesTheOldModelAndTrainsTheSameLater()
    {
        using var folder = new TemporaryDirectory();
        File.Copy(large.Model, folder["model.onnx"]);
        string[] line = ["train", "--config", large.Config, "--model", folder["model.onnx"]];
        CommandRun run = Interrupt(folder, ChurnProcess.SigInt, "trees ...", line).Expect(ExitCode.Interrupted);

        Assert.Contains("interrupted: nothing half-written", run.LastError, StringComparison.Ordinal);
        Assert.Equal(["model.onnx"], FolderContent.Of(folder.Path).Keys);
        Assert.Equal(File.ReadAllBytes(large.Model), File.ReadAllBytes(folder["model.onnx"]));

        Churn.Run([.. line, "--trees", "60"]).Expect(ExitCode.Done);
        Assert.Equal(File.ReadAllBytes(large.Model), File.ReadAllBytes(folder["model.onnx"]));
    }

    [Theory]
    [InlineData(ChurnProcess.SigInt, ExitCode.Interrupted)]
    [InlineData(ChurnProcess.SigTerm, ExitCode.Terminated)]
    public void Score_Interrupted_KeepsWholePartsAndResumes(int signal, int exitCode)
    {
        using var folder = new TemporaryDirectory();
        string[] line = ["score", "--config", large.Config, "--model", large.Model, "--reasons-from", "0", "--threads", "1", "--out", folder["scores"]];
        CommandRun run = Interrupt(folder, signal, "score ...", [.. line, "--json"]).Expect(exitCode);

        Assert.Equal(exitCode, run.Envelope.GetProperty("exit_code").GetInt32());
        FolderContent.AssertNothingHalfWritten(folder["scores"]);
        var interrupted = FolderContent.Of(folder["scores"]);
        Assert.DoesNotContain("_SUCCESS", interrupted.Keys);
        Assert.Contains("part-00000.parquet", interrupted.Keys);
        Churn.Run("decide", "--scores", folder["scores"], "--out", folder["plan.csv"]).Expect(ExitCode.BadInput);

        var resumed = Churn.Result(line).GetProperty("scoring");
        Assert.Equal(interrupted.Keys.Count(name => name.StartsWith("part-", StringComparison.Ordinal)), resumed.GetProperty("parts_kept").GetInt32());
        var undisturbed = Churn.Result([.. line[..^1], folder["again"]]).GetProperty("scoring");
        Assert.Equal(0, undisturbed.GetProperty("parts_kept").GetInt32());
        Assert.Equal(Lasting(folder["again"]), Lasting(folder["scores"]));
    }

    private static CommandRun Interrupt(TemporaryDirectory folder, int signal, string when, string[] line)
    {
        using ChurnProcess process = ChurnProcess.Start(folder.Path, ("NO_COLOR", ""), line);
        process.WaitForProgress(when);
        process.Signal(signal);
        return process.WaitForEnd();
    }

    // Timings are in run.json and nowhere else.
    private static string[] Lasting(string directory) => [.. FolderContent.Of(directory).Where(file => file.Key != "run.json").Select(file => $"{file.Key} {file.Value}")];
}
