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

    [Theory]
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
