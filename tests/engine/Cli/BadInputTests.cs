using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>The ten most likely bad inputs, for each verb that can meet them: exit code, message, and nothing left behind.</summary>
public sealed class BadInputTests(SmallProject small)
{
    public static TheoryData<string> Names => [.. BadInput.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_BadInput_SaysWhatIsWrongAndLeavesNothing(string name)
    {
        BadInput bad = BadInput.All[name];
        using var folder = new TemporaryDirectory();
        string[] arguments = bad.Arrange(folder, small);
        var before = Content(folder);

        CommandRun run = Churn.Run(arguments).Expect(bad.ExitCode);

        Assert.True(run.LastError.StartsWith($"{bad.Code} ", StringComparison.Ordinal), run.ToString());
        Assert.All(bad.Says, part => Assert.Contains(part, run.LastError, StringComparison.Ordinal));
        Assert.Contains(". Hint: ", run.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("..", run.LastError.Replace("...", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.Equal(before, Content(folder));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_BadInputWithJson_GivesTheSameAsOneEnvelope(string name)
    {
        BadInput bad = BadInput.All[name];
        using var folder = new TemporaryDirectory();
        string[] arguments = bad.Arrange(folder, small);

        CommandRun run = Churn.Run(["--json", .. arguments]).Expect(bad.ExitCode);

        JsonElement envelope = run.Envelope;
        JsonElement error = envelope.GetProperty("error");
        Assert.Equal(bad.ExitCode, envelope.GetProperty("exit_code").GetInt32());
        Assert.Equal(bad.Code, error.GetProperty("code").GetString());
        Assert.NotEqual("", error.GetProperty("hint").GetString());
        Assert.False(envelope.TryGetProperty("result", out _));
        Assert.Contains(error.GetProperty("message").GetString()!.TrimEnd('.'), run.LastError, StringComparison.Ordinal);
        if (arguments.Length > 0 && bad.Code != "CE1002")
            Assert.Equal(arguments[0], envelope.GetProperty("command").GetString()!.Split(' ')[0]);
    }

    /// <summary>Validation reports every table, so its verdict is data and not an error.</summary>
    [Fact]
    public void Validate_BadTables_ReportsEachAndReturnsTheGatesCode()
    {
        using var folder = new TemporaryDirectory();
        FolderContent.Copy(small.World, folder["world"]);
        File.Delete(folder["world/payments.parquet"]);
        File.WriteAllText(folder["world/support.parquet"], "");

        CommandRun run = Churn.Run("validate", "--config", folder["world/churn.yaml"]).Expect(ExitCode.GateSaidNo);
        Assert.Contains("CE2001 table 'payments'", run.Output, StringComparison.Ordinal);
        Assert.Contains("CE2004 table 'support'", run.Output, StringComparison.Ordinal);

        CommandRun json = Churn.Run("validate", "--config", folder["world/churn.yaml"], "--json").Expect(ExitCode.GateSaidNo);
        Assert.Equal(ExitCode.GateSaidNo, json.Envelope.GetProperty("exit_code").GetInt32());
        Assert.False(json.Result.GetProperty("passed").GetBoolean());
        Assert.Equal([true, true, false, false], json.Result.GetProperty("tables").EnumerateArray().Select(table => !table.TryGetProperty("problem", out _)));
    }

    [Fact]
    public void Train_FewBadRows_RefusesThemNamesThemAndGoesOn()
    {
        using var folder = new TemporaryDirectory();
        FolderContent.Copy(small.World, folder["world"]);
        File.Delete(folder["world/support.parquet"]);
        string rows = string.Concat(Enumerable.Range(1, 300).Select(i => $"{i},2024-02-01,2024-02-01,billing\n"));
        File.WriteAllText(folder["world/support.csv"], $"customer_id,event_at,ingested_at,ticket_kind\n1,yesterday,2024-02-01,billing\n{rows}");
        FolderContent.Edit(folder["world/churn.yaml"], "support.parquet", "support.csv");

        CommandRun run = Churn.Run("train", "--config", folder["world/churn.yaml"], "--model", folder["m.onnx"], "--trees", "5").Expect(ExitCode.Done);

        Assert.Contains("warning: table 'support': 1 of 301 rows were refused", run.Error, StringComparison.Ordinal);
        string quarantine = Assert.Single(Directory.GetFiles(folder["world/quarantine"]));
        Assert.Contains(quarantine, run.Error, StringComparison.Ordinal);
        string line = File.ReadAllLines(quarantine)[1];
        Assert.All(["support.csv", "event_at", "yesterday"], part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    // The quarantine is where bad rows belong; it is no output of the verb.
    private static string[] Content(TemporaryDirectory folder) =>
        [.. FolderContent.Of(folder.Path).Where(entry => !entry.Key.Contains("quarantine", StringComparison.Ordinal)).Select(entry => $"{entry.Key} {entry.Value}")];
}
