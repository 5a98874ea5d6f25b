namespace ChurnEngine.Evaluation.Tests;

public sealed class PermutationImportanceTests
{
    private static readonly string[] s_features = ["strong", "weak", "unused"];
    private static readonly float[][] s_values = [.. Enumerable.Range(0, 3).Select(feature => Enumerable.Range(0, 500).Select(row => (float)((row * (7 + 4 * feature) + 3) % 500)).ToArray())];
    private static readonly float[] s_truth = Predict(-1, []);

    [Fact]
    public void Measure_KnownModel_FindsWhatEachFeatureIsWorth()
    {
        IReadOnlyList<PermutedFeature> measured = Measure(new PermutationOptions { Repeats = 20, Seed = 3 });
        Assert.Equal(s_features, measured.Select(feature => feature.Feature));
        // Shuffled, a feature of variance v with coefficient c adds 2 c^2 v to the squared error.
        double variance = (500.0 * 500 - 1) / 12;
        Assert.Equal(2 * 9 * variance, measured[0].Loss, 2 * 9 * variance * 0.1);
        Assert.Equal(2 * 1 * variance, measured[1].Loss, 2 * variance * 0.1);
        Assert.InRange(measured[0].Deviation, measured[0].Loss * 0.005, measured[0].Loss * 0.2);
        Assert.Equal((0, 0), (measured[2].Loss, measured[2].Deviation));
    }

    [Fact]
    public void Measure_SameSeed_SameNumbers_WhateverTheOtherFeatures()
    {
        IReadOnlyList<PermutedFeature> first = Measure(new PermutationOptions { Seed = 5 });
        Assert.Equal(first, Measure(new PermutationOptions { Seed = 5 }));
        Assert.NotEqual(first, Measure(new PermutationOptions { Seed = 6 }));
        PermutedFeature alone = Assert.Single(PermutationImportance.Measure(["weak"], s_truth, (_, order) => Predict(1, order), Badness, new PermutationOptions { Seed = 5 }));
        Assert.Equal(first[1], alone);
    }

    [Fact]
    public void Measure_OneShuffle_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Measure(new PermutationOptions { Repeats = 1 }));

    private static IReadOnlyList<PermutedFeature> Measure(PermutationOptions options) => PermutationImportance.Measure(s_features, s_truth, Predict, Badness, options);

    private static float[] Predict(int shuffled, int[] order)
    {
        return [.. Enumerable.Range(0, 500).Select(row => 3 * Value(0, row) - Value(1, row))];

        float Value(int feature, int row) => s_values[feature][feature == shuffled ? order[row] : row];
    }

    private static double Badness(float[] predicted) => predicted.Zip(s_truth, (a, b) => (double)(a - b) * (a - b)).Average();
}
