using System.Text.Json;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>Why one customer's prediction is what it is, from a project, a table and a store.</summary>
public sealed class ExplainCustomerTests(SmallProject small)
{
    [Theory]
    [InlineData(0), InlineData(50)]
    public void Customer_OfAProject_HasTheProbabilityOfItsScores_AndEffectsThatAddUp(int background)
    {
        (string customer, string?[] scored) = ScoreParts.Read(small.Scores, "probability", "margin").OrderBy(row => row.Key, StringComparer.Ordinal).ElementAt(17);
        JsonElement why = Churn.Result("explain", "--customer", customer, "--config", small.Config, "--model", small.Model, "--interactions", "3", "--background", $"{background}");
        Assert.Equal(float.Parse(scored[0]!, System.Globalization.CultureInfo.InvariantCulture), why.GetProperty("predicted").GetDouble(), 1e-6);
        double margin = why.GetProperty("margin").GetDouble();
        Assert.Equal(float.Parse(scored[1]!, System.Globalization.CultureInfo.InvariantCulture), margin, 1e-5);
        double[] effects = [.. why.GetProperty("features").EnumerateArray().Select(effect => effect.GetProperty("log_odds").GetDouble())];
        Assert.Equal(margin, why.GetProperty("expected_margin").GetDouble() + effects.Sum(), 1e-9);
        Assert.Equal(effects.OrderByDescending(Math.Abs), effects);
        // Families, and what is not told, are the same sum.
        Assert.Equal(effects.Sum(), why.GetProperty("not_told_log_odds").GetDouble() + why.GetProperty("reasons").EnumerateArray().Sum(reason => reason.GetProperty("log_odds").GetDouble()), 1e-9);
        Assert.Equal(1, why.GetProperty("features_not_told").GetInt32());
        Assert.DoesNotContain("\"age\"", why.ToString(), StringComparison.Ordinal);
        Assert.InRange(why.GetProperty("base_probability").GetDouble(), 0.001, 0.5);
        Assert.Equal(3, why.GetProperty("pairs").GetArrayLength());
        Assert.Contains(background == 0 ? "training rows" : "50 other customers", why.GetProperty("unknown").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Customer_OfATableAndOfAStore_IsPrintedWithBars()
    {
        using var folder = new TemporaryDirectory();
        string id = File.ReadLines(small.Table).ElementAt(7).Split(',')[0];
        CommandRun printed = Churn.Run("explain", "--customer", id, "--table", small.Table, "--model", small.TableModel, "--top", "2").Expect(ExitCode.Done);
        Assert.Contains("█", printed.Output, StringComparison.Ordinal);
        Assert.Contains("others", printed.Output, StringComparison.Ordinal);

        Churn.Run("features", "materialise", "--config", small.Config, "--store", folder["store"]).Expect(ExitCode.Done);
        string customer = ScoreParts.Read(small.Scores, "probability").Keys.Order(StringComparer.Ordinal).First();
        JsonElement stored = Churn.Result("explain", "--customer", customer, "--store", folder["store"], "--model", small.Model);
        JsonElement project = Churn.Result("explain", "--customer", customer, "--config", small.Config, "--as-of", stored.GetProperty("as_of").GetString()!, "--model", small.Model);
        Assert.Equal(project.ToString(), stored.ToString());
    }

    [Fact]
    public void Counterfactual_OfAFlaggedCustomer_HoldsWhenTheModelIsAsked()
    {
        string customer = ScoreParts.Read(small.Scores, "probability").OrderByDescending(row => double.Parse(row.Value[0]!, System.Globalization.CultureInfo.InvariantCulture)).First().Key;
        string[] line = ["explain", "--customer", customer, "--config", small.Config, "--model", small.Model, "--counterfactual", "--actionable", "plays_30d:increase,plays_7d:increase,days_since_play:decrease,plan,payment_method"];
        JsonElement why = Churn.Result([.. line, "--target", "0.5"]), found = why.GetProperty("counterfactual");
        Assert.True(why.GetProperty("predicted").GetDouble() > 0.5, "nobody is flagged in this world");
        Assert.True(found.GetProperty("is_reached").GetBoolean(), found.ToString());
        Assert.True(found.GetProperty("is_exact").GetBoolean());
        Assert.True(found.GetProperty("predicted").GetDouble() < 0.5);
        JsonElement[] changes = [.. found.GetProperty("changes").EnumerateArray()];
        Assert.NotEmpty(changes);
        Assert.Equal(changes.Length, found.GetProperty("least_changes").GetInt32());
        Assert.Equal(changes.Sum(change => change.GetProperty("spreads").GetDouble()), found.GetProperty("distance").GetDouble(), 1e-9);
        // Plays are counted: no half of one is asked for.
        Assert.All(changes.Where(change => change.GetProperty("feature").GetString()!.StartsWith("plays_", StringComparison.Ordinal)), change => Assert.Equal(Math.Floor(change.GetProperty("value").GetDouble()), change.GetProperty("value").GetDouble()));

        CommandRun printed = Churn.Run([.. line, "--target", "0.5"]).Expect(ExitCode.Done);
        Assert.Contains("no smaller change among these features does it", printed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[", printed.Output, StringComparison.Ordinal);
        Assert.Contains("no change of these features", Churn.Run([.. line[..7], "--counterfactual", "--actionable", "plan", "--target", "0.0001"]).Expect(ExitCode.Done).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Counterfactual_FromTheProject_KeepsItsBounds()
    {
        using var folder = new TemporaryDirectory();
        string config = small.ConfigWith(folder, "actionable: { plays_30d: { direction: increase, max: 60 }, days_since_play: decrease, plan: { values: [basic] } }");
        string customer = ScoreParts.Read(small.Scores, "probability").OrderByDescending(row => double.Parse(row.Value[0]!, System.Globalization.CultureInfo.InvariantCulture)).Skip(3).First().Key;
        JsonElement found = Churn.Result("explain", "--customer", customer, "--config", config, "--model", small.Model, "--counterfactual").GetProperty("counterfactual");
        foreach (JsonElement change in found.GetProperty("changes").EnumerateArray())
        {
            double value = change.GetProperty("value").GetDouble();
            Assert.True(change.GetProperty("feature").GetString() switch { "plays_30d" => value <= 60, "plan" => change.GetProperty("to").GetString() == "basic", _ => value >= 0 }, change.ToString());
        }
        foreach ((string yaml, string code) in ((string, string)[])
        [
            ("actionable: { plays_3d: increase }", "CE1191"), ("actionable: { plays_30d: up }", "CE1198"), ("actionable: { plan: increase }", "CE1198"), ("actionable: { plays_30d: { min: 5, max: 3 } }", "CE1198"),
            ("reasons: { templates: { plays_3d: '{value}' } }", "CE6201"), ("reasons: { templates: { age: '{valeu}' } }", "CE6202"), ("reasons: { columns: [sentense] }", "CE1102"), ("reasons: { family: {} }", "CE3002"),
            ("fairness: { by: [gender], reference: { region: x } }", "CE1102"), ("fairness: { min_selection_ratio: 2 }", "CE1102"),
        ])
        {
            CommandRun refused = Churn.Run("explain", "--customer", customer, "--config", small.ConfigWith(folder, yaml), "--model", small.Model).Expect(ExitCode.Usage);
            Assert.Contains(code, refused.LastError, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--customer 1 --counterfactual", "CE1190")]
    [InlineData("--customer 1 --counterfactual --actionable playz_30d", "did you mean 'plays_30d'")]
    [InlineData("--customer 1 --counterfactual --actionable plays_30d:up", "CE1198")]
    [InlineData("--customer 1 --counterfactual --actionable plays_30d --target 1.5", "CE1192")]
    [InlineData("--customer 1 --counterfactual --actionable plays_30d --target 0", "CE1192")]
    [InlineData("--customer 1 --target 0.5", "belongs to --counterfactual")]
    [InlineData("--customer nobody", "CE1170")]
    [InlineData("--customer 999999999", "CE1170")]
    [InlineData("--background 10", "CE1003")]
    [InlineData("--as-of 2024-01-01", "CE1003")]
    [InlineData("--customer 1 --background -1", "CE1001")]
    [InlineData("--customer 1 --interactions -1", "CE1001")]
    public void Explain_WhatMakesNoSense_IsRefused(string options, string code)
    {
        string[] input = options.Contains("--customer", StringComparison.Ordinal) ? ["--config", small.Config] : [];
        Assert.Contains(code, Churn.Run(["explain", "--model", small.Model, .. input, .. options.Split(' ')]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);
    }
}
