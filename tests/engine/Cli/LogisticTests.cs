using System.Globalization;
using System.Text.Json;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>A world whose project says logistic, through every verb and ONNX Runtime.</summary>
public sealed class LogisticTests(SmallProject small)
{
    [Fact]
    public void Logistic_FromTrainToDecide_ServesLikeEveryModel()
    {
        using var folder = new TemporaryDirectory();
        string config = small.ConfigWith(folder, "train: { algorithm: logistic }");
        JsonElement training = Churn.Result("train", "--config", config, "--model", folder["m.onnx"], "--compatible", folder["compatible.onnx"]).GetProperty("training");
        Assert.Equal("logistic", training.GetProperty("algorithm").GetString());
        Assert.InRange(training.GetProperty("metrics").GetProperty("roc_auc").GetDouble(), 0.75, 0.9);

        string[] score = ["score", "--config", config, "--model", folder["m.onnx"], "--reasons", "2", "--reasons-from", "0"];
        Churn.Run([.. score, "--out", folder["onnx"]]).Expect(ExitCode.Done);
        Churn.Run([.. score, "--out", folder["walk"], "--backend", "walk"]).Expect(ExitCode.Done);
        Dictionary<string, string?[]> onnx = ScoreParts.Read(folder["onnx"], "probability", "margin", "reason_1"), walk = ScoreParts.Read(folder["walk"], "probability", "margin", "reason_1");
        Assert.True(onnx.Count > 500);
        Assert.All(onnx, row =>
        {
            Assert.Equal(Number(walk[row.Key][0]), Number(row.Value[0]), 1e-6);
            Assert.Equal(walk[row.Key][2], row.Value[2]);
        });
        Assert.Contains(onnx.Values, row => row[2]!.Contains(", usual is ", StringComparison.Ordinal));
        // The ranks are those of the margin, whatever the calibration.
        string?[][] byMargin = [.. onnx.Values.OrderBy(row => Number(row[1]))];
        Assert.Equal(byMargin.Select(row => Number(row[0])).Order(), byMargin.Select(row => Number(row[0])));

        JsonElement evaluated = Churn.Result("evaluate", "--config", config, "--model", folder["m.onnx"], "--permutations", "2");
        Assert.Equal(training.GetProperty("metrics").GetProperty("roc_auc").GetDouble(), evaluated.GetProperty("metrics").GetProperty("roc_auc").GetDouble(), 1e-4);
        Assert.Equal(ModelFile.Load(folder["m.onnx"]).Metadata.Features.Count, evaluated.GetProperty("permutation").GetProperty("features").GetArrayLength());
        Churn.Run("evaluate", "--config", config, "--model", folder["compatible.onnx"]).Expect(ExitCode.Done);
        Churn.Run("decide", "--scores", folder["onnx"], "--out", folder["plan.csv"]).Expect(ExitCode.Done);
        Churn.Run("doctor", "--for", "score", "--config", config, "--model", folder["m.onnx"]).Expect(ExitCode.Done);
    }

    [Fact]
    public void Explain_EitherModel_SaysWhatItLearnt()
    {
        using var folder = new TemporaryDirectory();
        Churn.Run("train", "--table", small.Table, "--id", "id", "--label", "Churn", "--cv", "2", "--algorithm", "logistic", "--alpha", "0.001", "--l1-ratio", "0", "--model", folder["m.onnx"], "--quiet").Expect(ExitCode.Done);
        JsonElement[] coefficients = [.. Churn.Result("explain", "--model", folder["m.onnx"]).GetProperty("coefficients").EnumerateArray()];
        Assert.Equal(ModelCoefficient.InterceptName, coefficients[0].GetProperty("feature").GetString());
        double[] sizes = [.. coefficients[1..].Select(c => Math.Abs(c.GetProperty("per_deviation").GetDouble()))];
        Assert.True(sizes.Length > 3);
        Assert.Equal(sizes.OrderDescending(), sizes);
        CommandRun printed = Churn.Run("explain", "--model", folder["m.onnx"]).Expect(ExitCode.Done);
        Assert.All(coefficients, c => Assert.Contains(c.GetProperty("value").GetDouble().ToString("G4", CultureInfo.InvariantCulture), printed.Output, StringComparison.Ordinal));
        Assert.Contains("= monthly", printed.Output, StringComparison.OrdinalIgnoreCase);

        JsonElement trees = Churn.Result("explain", "--model", small.Model, "--top", "3");
        double[] gains = [.. trees.GetProperty("importance").EnumerateArray().Select(row => row.GetProperty("gain").GetDouble())];
        Assert.Equal(3, gains.Length);
        Assert.Equal(gains.OrderDescending(), gains);
        Assert.Equal("boosting", trees.GetProperty("algorithm").GetString());
        Assert.Contains("share of gain", Churn.Run("explain", "--model", small.Model).Expect(ExitCode.Done).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--permutations 1", "CE1001")]
    [InlineData("--permutations 3 --metric auc", "CE1120")]
    [InlineData("--metric brier", "CE1003")]
    [InlineData("--seed 3", "CE1003")]
    public void Evaluate_PermutationsThatMakeNoSense_AreRefused(string options, string code) =>
        Assert.StartsWith(code, Churn.Run(["evaluate", "--config", small.Config, "--model", small.Model, .. options.Split(' ')]).Expect(ExitCode.Usage).LastError, StringComparison.Ordinal);

    private static double Number(string? text) => double.Parse(text!, CultureInfo.InvariantCulture);
}
