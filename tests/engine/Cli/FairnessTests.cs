using System.Text.Json;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary><c>churn audit fairness</c> and the check for personal data, on a telecom world whose seniors choose contracts that are easier to leave.</summary>
public sealed class FairnessTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly string _config;
    private readonly string _model;

    public FairnessTests()
    {
        Churn.Run("generate", "--scenario", "telecom", "--customers", "6000", "--seed", "3", "--out", _folder["world"], "--quiet").Expect(ExitCode.Done);
        (_config, _model) = (_folder["world/churn.yaml"], _folder["m.onnx"]);
        File.AppendAllText(_config, "\nfairness: { by: [senior, gender], reference: { senior: 'false' } }\n");
        Churn.Run("train", "--config", _config, "--model", _model, "--trees", "60", "--quiet").Expect(ExitCode.Done);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Audit_PlantedUnfairness_IsFound_ByAColumnThatIsNoFeature()
    {
        Assert.DoesNotContain(ModelFile.Load(_model).Metadata.Features, feature => feature.Name is "senior" or "gender");
        CommandRun run = Churn.Run("audit", "fairness", "--by", "senior", "--config", _config, "--model", _model, "--json").Expect(ExitCode.GateSaidNo);
        JsonElement column = run.Result.GetProperty("columns")[0];
        Assert.Equal("false", column.GetProperty("reference").GetString());
        JsonElement seniors = column.GetProperty("groups").EnumerateArray().Single(group => group.GetProperty("group").GetString() == "true");
        Assert.True(seniors.GetProperty("selection_ratio").GetProperty("lower").GetDouble() > 1.25, seniors.ToString());
        Assert.Contains(column.GetProperty("findings").EnumerateArray(), finding => finding.GetString()!.StartsWith("of senior 'true' ", StringComparison.Ordinal));
        // Gender does nothing in this world, and a small group is told without being judged.
        CommandRun gender = Churn.Run("audit", "fairness", "--by", "gender", "--config", _config, "--model", _model).Expect(ExitCode.Done);
        Assert.Contains("(missing) (not judged)", gender.Output, StringComparison.Ordinal);
        Assert.Contains("no group is treated unlike", gender.Output, StringComparison.Ordinal);

        JsonElement capacity = Churn.Run("audit", "fairness", "--by", "customers.senior", "--capacity", "200", "--min-selection-ratio", "0", "--min-tpr-ratio", "0", "--config", _config, "--model", _model, "--json").Expect(ExitCode.Done).Result;
        Assert.Contains("the 200 most likely", capacity.GetProperty("design").GetString(), StringComparison.Ordinal);
        double flagged = capacity.GetProperty("columns")[0].GetProperty("groups").EnumerateArray().Sum(group => group.GetProperty("rows").GetInt64() * group.GetProperty("selection_rate").GetProperty("value").GetDouble());
        Assert.Equal(200, flagged, 5.0);
    }

    [Fact]
    public void Groups_OfTheProject_AreInTheModelTheCardAndTheReport()
    {
        IReadOnlyList<FairnessRecord> records = ModelFile.Load(_model).Metadata.Fairness!;
        Assert.Equal(["senior", "gender"], records.Select(record => record.Column));
        Assert.NotEmpty(records[0].Findings);
        string card = File.ReadAllText(_folder["m-card.md"]);
        Assert.Contains("## Groups by senior", card, StringComparison.Ordinal);
        Assert.Contains("**Unlike**", card, StringComparison.Ordinal);
        Assert.DoesNotContain("Groups of customers were not compared", card, StringComparison.Ordinal);

        JsonElement evaluated = Churn.Result("evaluate", "--config", _config, "--model", _model, "--report", _folder["report"], "--permutations", "0", "--resamples", "0");
        JsonElement plain = Churn.Result("evaluate", "--config", _config, "--model", _model);
        Assert.Equal(plain.GetProperty("metrics").GetProperty("roc_auc").GetDouble(), evaluated.GetProperty("metrics").GetProperty("roc_auc").GetDouble());
        Assert.Contains("Fairness by senior", File.ReadAllText(_folder["report/report.html"]), StringComparison.Ordinal);
        JsonElement groups = JsonDocument.Parse(File.ReadAllText(_folder["report/report.json"])).RootElement.GetProperty("groups")[0];
        JsonElement audited = Churn.Run("audit", "fairness", "--by", "senior", "--config", _config, "--model", _model, "--json").Result.GetProperty("columns")[0];
        Assert.Equal(audited.GetProperty("groups")[1].GetProperty("selection_rate").ToString(), groups.GetProperty("groups")[1].GetProperty("selection_rate").ToString().Replace("      ", "          ", StringComparison.Ordinal), ignoreWhiteSpaceDifferences: true);
    }

    [Fact]
    public void Train_EqualThresholds_FindTheSameShareInEveryRegion()
    {
        JsonElement Segments(string what) => Churn.Result("train", "--config", _config, "--model", _folder[$"{what}.onnx"], "--trees", "40", "--threshold-per", "contract", "--threshold-equal", what).GetProperty("training").GetProperty("threshold");
        JsonElement rule = Segments("opportunity");
        double[] recalls = [.. rule.GetProperty("segments").EnumerateArray().Select(segment => double.Parse(segment.GetProperty("reason").GetString()!.Split("recall ")[^1], System.Globalization.CultureInfo.InvariantCulture))];
        double all = double.Parse(rule.GetProperty("reason").GetString()!.Split("recall ")[^1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.NotEmpty(recalls);
        Assert.All(recalls, recall => Assert.Equal(all, recall, 0.06));
        Assert.Contains("equal selection", Segments("selection").GetProperty("segments")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("--threshold-per", Churn.Run("train", "--config", _config, "--threshold-equal", "selection", "--model", _folder["x.onnx"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_PersonalData_StopsOrWarns_UnlessAllowedByName()
    {
        File.WriteAllText(_folder["churn.yaml"], File.ReadAllText(_config).Replace("source: ", $"source: {_folder["world"]}/", StringComparison.Ordinal).Replace($"{_folder["world"]}/\"", $"\"{_folder["world"]}/", StringComparison.Ordinal)
            .Replace("  - { name: region, ", "  - { name: who,                     from: customers, value: category(gender) }\n  - { name: contact_email,           from: customers, value: category(region) }\n  - { name: region, ", StringComparison.Ordinal));
        string[] line = ["train", "--config", _folder["churn.yaml"], "--model", _folder["p.onnx"], "--trees", "10", "--quiet"];
        CommandRun refused = Churn.Run(line).Expect(ExitCode.GateSaidNo);
        Assert.Contains("CE8003", refused.LastError, StringComparison.Ordinal);
        Assert.Contains("'contact_email' looks like an e-mail address", refused.LastError, StringComparison.Ordinal);
        JsonElement envelope = Churn.Run([.. line, "--allow-personal", "contact_email", "--json"]).Expect(ExitCode.Done).Envelope;
        Assert.Contains(envelope.GetProperty("warnings").EnumerateArray(), warning => warning.GetString()!.StartsWith("feature 'who' looks like the sex or gender", StringComparison.Ordinal));
        envelope = Churn.Run([.. line, "--allow-personal", "contact_email", "gender", "--json"]).Expect(ExitCode.Done).Envelope;
        Assert.DoesNotContain(envelope.GetProperty("warnings").EnumerateArray(), warning => warning.GetString()!.Contains("looks like", StringComparison.Ordinal));
        Assert.Equal("contact_email, gender", ModelFile.Load(_folder["p.onnx"]).Metadata.TrainerOptions["AllowPersonal"]);
        Assert.Contains("did you mean 'gender'", Churn.Run([.. line, "--allow-personal", "gendr"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--by gendr", ExitCode.Usage, "did you mean 'gender'")]
    [InlineData("--by joined_at", ExitCode.Usage, "CE1199")]
    [InlineData("--by gender --reference gender=femail", ExitCode.Usage, "did you mean 'female'")]
    [InlineData("--by gender --reference senior=x", ExitCode.Usage, "CE1102")]
    [InlineData("--by gender --min-selection-ratio 3", ExitCode.Usage, "CE8004")]
    [InlineData("--by gender --capacity 0", ExitCode.Usage, "CE1001")]
    [InlineData("--by gender --min-rows 100000", ExitCode.BadInput, "CE8006")]
    [InlineData("--by status", ExitCode.BadInput, "CE8006")]
    public void Audit_WhatMakesNoSense_IsRefused(string options, int exitCode, string expected) =>
        Assert.Contains(expected, Churn.Run(["audit", "fairness", "--config", _config, "--model", _model, .. options.Split(' ')]).Expect(exitCode).LastError, StringComparison.Ordinal);

    [Fact]
    public void Audit_PlainTable_ComparesItsColumns()
    {
        using var folder = new TemporaryDirectory();
        var random = new Random(4);
        string[] rows = [.. Enumerable.Range(0, 1500).Select(i => (Group: i % 3 == 0 ? "x" : "y", Spend: random.Next(100))).Select((row, i) => $"{i},{row.Spend + (row.Group == "x" ? 40 : 0)},{row.Group},{(random.Next(140) > row.Spend + (row.Group == "x" ? 40 : 0) ? "yes" : "no")}")];
        string table = folder.Write("t.csv", "id,spend,team,churn\n" + string.Join('\n', rows) + "\n");
        Churn.Run("train", "--table", table, "--id", "id", "--label", "churn", "--drop", "team", "--cv", "2", "--trees", "20", "--model", folder["m.onnx"], "--quiet").Expect(ExitCode.Done);
        CommandRun run = Churn.Run("audit", "fairness", "--table", table, "--by", "team", "--model", folder["m.onnx"]).Expect(ExitCode.GateSaidNo);
        Assert.Contains("UNLIKE  of team 'x'", run.Output, StringComparison.Ordinal);
        Assert.Contains("CE1196", Churn.Run("audit", "fairness", "--table", table, "--model", folder["m.onnx"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }
}
