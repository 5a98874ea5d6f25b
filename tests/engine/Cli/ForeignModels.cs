using System.Globalization;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>A trained model in a runtime that knows nothing of us, on the rows of real customers.</summary>
internal static class ForeignModels
{
    /// <summary>The default file to 1e-6 of what was scored, the compatible one, whose probabilities are float32 sums, to 1e-5.</summary>
    public static void AssertSame(string modelPath, string compatiblePath, (ChurnModel Model, float[] Rows, string[] Keys) input, Dictionary<string, string?[]> scores)
    {
        Assert.Equal(scores.Keys.Order(StringComparer.Ordinal), input.Keys.Order(StringComparer.Ordinal));
        foreach ((string path, double tolerance) in ((string, double)[])[(modelPath, 1e-6), (compatiblePath, 1e-5)])
        {
            (float[] probability, _) = ForeignRuntimes.Predict("onnxruntime-node", path, input.Rows, input.Model.Ensemble.FeatureCount);
            double worst = input.Keys.Select((key, row) => Math.Abs(probability[row] - double.Parse(scores[key][0]!, CultureInfo.InvariantCulture))).Max();
            TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(path)}: {input.Keys.Length} rows, greatest difference {worst:E2}");
            Assert.True(worst <= tolerance, $"{Path.GetFileName(path)} differs by {worst:E2}");
        }
    }
}
