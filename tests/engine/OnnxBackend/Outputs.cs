using System.Globalization;
using ChurnEngine.Models;

namespace ChurnEngine.OnnxBackend.Tests;

/// <summary>What a backend said of some rows.</summary>
internal sealed record Outputs(float[] Probability, float[] Margin)
{
    public static Outputs Of(IModelBackend backend, float[] rows)
    {
        int count = rows.Length / backend.FeatureCount;
        var outputs = new Outputs(new float[count], new float[count]);
        backend.Predict(rows, outputs.Probability, outputs.Margin);
        return outputs;
    }

    /// <summary>Every probability within the tolerance; a NaN is outside.</summary>
    public void AssertNear(Outputs actual, float tolerance, string what)
    {
        Assert.Equal(Probability.Length, actual.Probability.Length);
        for (int row = 0; row < Probability.Length; row++)
        {
            float difference = Math.Abs(Probability[row] - actual.Probability[row]);
            Assert.True(difference <= tolerance, string.Create(CultureInfo.InvariantCulture,
                $"{what}, row {row}: expected {Probability[row]:R}, got {actual.Probability[row]:R}"));
        }
    }
}
