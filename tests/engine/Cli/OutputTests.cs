using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>What goes to which stream: data to the output, progress and warnings to the error, and nothing that only a terminal understands.</summary>
public sealed class OutputTests(SmallProject small)
{
    private const char Escape = '\u001b';

    public static TheoryData<string> Verbs => ["validate", "features", "train", "evaluate", "score", "decide", "doctor", "generate", "audit leakage", "features materialise"];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Run_WithJson_OutputIsOneEnvelope(string verb)
    {
        using var folder = new TemporaryDirectory();
        CommandRun run = Churn.Run([.. CommandLine(verb, folder), "--json"]).Expect(ExitCode.Done);
        JsonElement envelope = run.Envelope;
        Assert.Equal(verb, envelope.GetProperty("command").GetString());
        Assert.Equal(VerbHost.Version, envelope.GetProperty("version").GetString());
        Assert.Equal(ExitCode.Done, envelope.GetProperty("exit_code").GetInt32());
        Assert.Equal(JsonValueKind.Object, envelope.GetProperty("result").ValueKind);
        Assert.Equal(JsonValueKind.Array, envelope.GetProperty("warnings").ValueKind);
        Assert.False(envelope.TryGetProperty("error", out _));
        Assert.Equal(envelope.GetProperty("warnings").GetArrayLength(), run.Error.Split('\n').Count(line => line.StartsWith("warning: ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Run_Redirected_HasNoEscapeCodesAndKeepsProgressApart(string verb)
    {
        using var folder = new TemporaryDirectory();
        CommandRun run = Churn.Run(CommandLine(verb, folder)).Expect(ExitCode.Done);
        Assert.NotEmpty(run.Output);
        Assert.DoesNotContain(Escape, run.Output + run.Error);
        Assert.DoesNotContain('\r', run.Output + run.Error);
        Assert.DoesNotContain(" ...\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Quiet_ShowsNoProgressButWarns()
    {
        string[] line = ["validate", "--config", small.Config];
        Assert.Contains(" ...\n", Churn.Run(line).Error, StringComparison.Ordinal);
        Assert.Empty(Churn.Run([.. line, "--quiet"]).Error);
        using var folder = new TemporaryDirectory();
        CommandRun features = Churn.Run("features", "--config", small.Config, "--out", folder["f.parquet"], "-q").Expect(ExitCode.Done);
        Assert.All(features.Error.TrimEnd('\n').Split('\n'), row => Assert.StartsWith("warning: ", row, StringComparison.Ordinal));
    }

    [Fact]
    public void Process_NoColorAndPipes_GiveThePlainText()
    {
        using var folder = new TemporaryDirectory();
        using ChurnProcess process = ChurnProcess.Start(folder.Path, ("NO_COLOR", "1"), "validate", "--config", small.Config);
        CommandRun run = process.WaitForEnd().Expect(ExitCode.Done);
        Assert.DoesNotContain(Escape, run.Output + run.Error);
        Assert.Contains("customers", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("customers", Churn.Run("--help").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Process_InAProjectsFolder_FindsItsChurnYaml()
    {
        using ChurnProcess process = ChurnProcess.Start(small.World, ("NO_COLOR", ""), "validate", "--json");
        Assert.True(process.WaitForEnd().Expect(ExitCode.Done).Result.GetProperty("passed").GetBoolean());
    }

    [Fact]
    public void Process_WithoutAnyInput_SaysHowToNameOne()
    {
        using var folder = new TemporaryDirectory();
        using ChurnProcess process = ChurnProcess.Start(folder.Path, ("NO_COLOR", ""), "train");
        CommandRun run = process.WaitForEnd().Expect(ExitCode.Usage);
        Assert.StartsWith("CE1004 no input was named: expected --config FILE", run.LastError, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private string[] CommandLine(string verb, TemporaryDirectory folder) => verb switch
    {
        "validate" => ["validate", "--config", small.Config],
        "features" => ["features", "--config", small.Config, "--out", folder["f.parquet"]],
        "train" => ["train", "--table", small.Table, "--id", "id", "--label", "Churn", "--trees", "5", "--model", folder["m.onnx"]],
        "evaluate" => ["evaluate", "--config", small.Config, "--model", small.Model],
        "score" => ["score", "--table", small.Table, "--model", small.TableModel, "--out", folder["scores"]],
        "decide" => ["decide", "--scores", small.Scores, "--out", folder["plan.csv"]],
        "audit leakage" => ["audit", "leakage", "--config", small.Config, "--dates", "1"],
        "features materialise" => ["features", "materialise", "--config", small.Config, "--store", folder["store"]],
        "generate" => ["generate", "--customers", "50", "--months", "2", "--out", folder["world"]],
        _ => [verb],
    };
}
