using System.Globalization;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>Reasons in the output of scoring: templates, families, what is never named, and columns for programs.</summary>
public sealed class ReasonTests(SmallProject small)
{
    private const string Rules = """
        reasons:
          templates:
            "plays_*": "{value} plays in {window}, usual is {usual}"
            days_since_play: "last played {value} ago ({direction} the risk)"
          families:
            listening: ["plays_*", days_since_play, "listened_*"]
          sensitive: [age, monthly_price]
          columns: [sentence, feature, value, contribution]
        """;

    [Fact]
    public void Score_WithRules_HasEveryColumn_AndNeverNamesWhatIsSensitive()
    {
        using var folder = new TemporaryDirectory();
        string config = small.ConfigWith(folder, Rules);
        string[] line = ["score", "--config", config, "--model", small.Model, "--reasons", "3", "--reasons-from", "0", "--quiet"];
        Churn.Run([.. line, "--threads", "1", "--out", folder["one"]]).Expect(ExitCode.Done);
        Churn.Run([.. line, "--threads", "3", "--out", folder["three"]]).Expect(ExitCode.Done);
        Dictionary<string, string?[]> scores = ScoreParts.Read(folder["one"], "reason_1", "reason_1_feature", "reason_1_value", "reason_1_contribution", "reason_2", "reason_2_feature", "reason_2_contribution", "margin");
        Assert.Equal(File.ReadAllBytes(folder["one/part-00000.parquet"]), File.ReadAllBytes(folder["three/part-00000.parquet"]));
        string?[][] told = [.. scores.Values.Where(row => row[5] is not null)];
        Assert.True(told.Length > 500);
        Assert.DoesNotContain(told, row => row[1] is "age" or "monthly_price" || row[5] is "age" or "monthly_price");
        Assert.All(told, row => Assert.True(Number(row[3]) >= Number(row[6]) && Number(row[6]) > 0));
        // One family is one reason.
        string[] listening = ["plays_7d", "plays_30d", "plays_90d", "days_since_play", "listened_s_30d"];
        Assert.DoesNotContain(told, row => listening.Contains(row[1]) && listening.Contains(row[5]));
        string?[] plays = told.First(row => row[1] == "plays_30d");
        Assert.Matches($"^{plays[2]} plays in 30 days, usual is [0-9.]+$", plays[0]);
        Assert.Contains(told, row => row[0]!.StartsWith("last played ", StringComparison.Ordinal) && row[0]!.EndsWith("ago (raises the risk)", StringComparison.Ordinal));
    }

    [Fact]
    public void Score_OtherWords_AreAnotherJob_AndDecideReadsTheSentences()
    {
        using var folder = new TemporaryDirectory();
        string[] line = ["score", "--model", small.Model, "--reasons", "2", "--reasons-from", "0", "--out", folder["scores"], "--quiet"];
        Churn.Run([.. line, "--config", small.Config, "--reason-columns", "contribution", "sentence"]).Expect(ExitCode.Done);
        Assert.Equal(["reason_1_contribution", "reason_1", "reason_2_contribution", "reason_2"], Scoring.Manifest.TryRead(folder["scores"])!.Columns.Where(name => name.StartsWith("reason_", StringComparison.Ordinal)));
        Assert.StartsWith("CE6001", Churn.Run([.. line, "--config", small.ConfigWith(folder, Rules), "--reason-columns", "contribution", "sentence"]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
        Churn.Run("decide", "--scores", folder["scores"], "--config", small.Config, "--out", folder["plan.csv"]).Expect(ExitCode.Done);
        Assert.Contains(": ", File.ReadLines(folder["plan.csv"]).ElementAt(1), StringComparison.Ordinal);
        CommandRun refused = Churn.Run([.. line, "--config", small.Config, "--reason-columns", "sentense"]).Expect(ExitCode.Usage);
        Assert.Contains("sentence, feature, value, contribution", refused.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_ProtectedAttributes_AreNotToldUnlessTheProjectSaysSo()
    {
        using var folder = new TemporaryDirectory();
        string[] line = ["score", "--model", small.Model, "--reasons", "20", "--reasons-from", "0", "--reason-columns", "feature", "--quiet"];
        Churn.Run([.. line, "--config", small.Config, "--out", folder["kept"]]).Expect(ExitCode.Done);
        Churn.Run([.. line, "--config", small.ConfigWith(folder, "reasons: { sensitive: [] }"), "--out", folder["told"]]).Expect(ExitCode.Done);
        string[] columns = [.. Enumerable.Range(1, 20).Select(i => $"reason_{i}_feature")];
        Assert.DoesNotContain(ScoreParts.Read(folder["kept"], columns).Values, row => row.Contains("age"));
        Assert.Contains(ScoreParts.Read(folder["told"], columns).Values, row => row.Contains("age"));
    }

    private static double Number(string? text) => double.Parse(text!, CultureInfo.InvariantCulture);
}
