using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>By what features are chosen.</summary>
public enum SelectionMethod
{
    /// <summary>By their gain, against what they gain where labels mean nothing.</summary>
    Null,
    /// <summary>By what a model loses when it cannot use them.</summary>
    Permutation,
}

/// <summary>A choice of features, by the rows that are trained on.</summary>
/// <remarks>
/// Null importance: a booster learns the labels, and again each of some shuffles of them; a feature stays whose gain is above the quantile of its gains without meaning.
/// Permutation: a booster learns four fifths of the rows; a feature stays without which the log-loss of the others rises by more than two standard errors over the shuffles, or that is among the first N.
/// Source: Altmann, Tolosi, Sander and Lengauer 2010 (null importance); Breiman 2001 (permutation).</remarks>
public sealed record FeatureSelection
{
    private const ulong ShuffleStream = 0x4E554C4C;
    private const double HoldoutShare = 0.2, Errors = 2;

    /// <summary>By what.</summary>
    public SelectionMethod Method { get; init; }

    /// <summary>Most features to keep, 1 and up; null: as many as pass.</summary>
    public int? Most { get; init; }

    /// <summary>Shuffles, 2 and up: of the labels, or of each feature.</summary>
    public int Rounds { get; init; } = 20;

    /// <summary>Of the gains without meaning, the quantile that a feature must exceed, 0..1.</summary>
    public double Quantile { get; init; } = 0.95;

    /// <summary>Key of the shuffles.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Features that stay whatever they are worth: those that constraints name.</summary>
    public IReadOnlyList<string> Always { get; init; } = [];

    /// <summary>Chooses.</summary>
    /// <param name="train">Rows with 0/1 labels; no other row is looked at.</param>
    /// <param name="threads">Threads; the choice does not depend on it.</param>
    /// <param name="cancellation">Stops between splits.</param>
    /// <returns>Positions of the features that stay, ascending; the best one at least.</returns>
    internal int[] Choose(LabelledRows train, int threads, CancellationToken cancellation)
    {
        (double[] worth, bool[] passes) = Method == SelectionMethod.Null ? ByNulls(train, threads, cancellation) : ByPermutation(train, threads, cancellation);
        int[] ranked = [.. Enumerable.Range(0, worth.Length).OrderByDescending(feature => worth[feature]).ThenBy(feature => train.Matrix.Features[feature].Name, StringComparer.Ordinal)];
        int[] kept = Method == SelectionMethod.Permutation && Most is { } first ? [.. ranked.Take(first)] : [.. ranked.Where(feature => passes[feature]).Take(Most ?? int.MaxValue)];
        if (kept.Length == 0)
            kept = ranked[..1];
        int[] always = [.. Enumerable.Range(0, worth.Length).Where(feature => Always.Contains(train.Matrix.Features[feature].Name))];
        return [.. kept.Union(always).Order()];
    }

    /// <summary>The choice as text: what makes one search another.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(Method == SelectionMethod.Null ? $"null importance, quantile {Quantile}" : "permutation importance")}, {Rounds} shuffles{(Most is { } most ? $", at most {most}" : "")}, seed {Seed}");

    private (double[] Worth, bool[] Passes) ByNulls(LabelledRows train, int threads, CancellationToken cancellation)
    {
        double[] gains = GainsOf(train, threads, cancellation);
        double[][] nulls = new double[Rounds][];
        for (int round = 0; round < Rounds; round++)
        {
            float[] labels = train.Labels.ToArray();
            for (int i = labels.Length - 1; i > 0; i--)
            {
                int j = (int)(KeyedRandom.Unit(Seed ^ ShuffleStream, (ulong)round, (ulong)i) * (i + 1));
                (labels[i], labels[j]) = (labels[j], labels[i]);
            }
            nulls[round] = GainsOf(train with { Labels = labels }, threads, cancellation);
        }
        double[] limits = [.. gains.Select((_, feature) => QuantileOf([.. nulls.Select(of => of[feature])]))];
        return ([.. gains.Select((gain, feature) => gain - limits[feature])], [.. gains.Select((gain, feature) => gain > limits[feature])]);
    }

    private (double[] Worth, bool[] Passes) ByPermutation(LabelledRows train, int threads, CancellationToken cancellation)
    {
        bool[] isHeld = StratifiedHoldout.Assign(train.Labels.Span, HoldoutShare, (long)Seed);
        LabelledRows seen = train.Gather([.. Enumerable.Range(0, isHeld.Length).Where(row => !isHeld[row])]), held = train.Gather([.. Enumerable.Range(0, isHeld.Length).Where(row => isHeld[row])]);
        using FeatureMatrix seenMatrix = seen.Matrix, heldMatrix = held.Matrix;
        IPredictor model = CompiledTrees.For(Booster.Fit(seen, null, Judge(threads), null, cancellation).Ensemble);
        float[] labels = held.Labels.ToArray();
        string[] names = [.. train.Matrix.Features.Select(feature => feature.Name)];
        IReadOnlyList<PermutedFeature> measured = PermutationImportance.Measure(names, Predict(model, heldMatrix), (feature, order) => PredictShuffled(model, heldMatrix, feature, order),
            predictions => ProbabilityLoss.LogLoss(predictions, labels), new PermutationOptions { Repeats = Rounds, Seed = (long)Seed });
        var byName = measured.ToDictionary(feature => feature.Feature);
        return ([.. names.Select(name => byName[name].Loss)], [.. names.Select(name => byName[name].Loss > Errors * byName[name].Deviation / Math.Sqrt(Rounds))]);
    }

    private double[] GainsOf(LabelledRows rows, int threads, CancellationToken cancellation) =>
        [.. Booster.Fit(rows, null, Judge(threads), null, cancellation).Importance.Select(feature => feature.Gain)];

    // Quick, and the same for every algorithm: what it judges is the data.
    private BoosterOptions Judge(int threads) => new() { Trees = 60, LearningRate = 0.1, MaxLeaves = 15, ColumnSample = 0.5, EarlyStoppingRounds = 0, Seed = Seed, Threads = threads };

    private static float[] Predict(IPredictor model, FeatureMatrix matrix)
    {
        double[] margins = new double[matrix.RowCount];
        model.Margins(matrix.Rows(0, margins.Length), margins);
        return [.. margins.Select(margin => (float)OutputLink.Sigmoid.Apply(margin))];
    }

    private static float[] PredictShuffled(IPredictor model, FeatureMatrix matrix, int feature, int[] order)
    {
        int[] rows = [.. Enumerable.Range(0, order.Length)];
        using FeatureMatrix shuffled = matrix.Gather(rows);
        foreach (int row in rows)
            shuffled.Row(row)[feature] = matrix.Row(order[row])[feature];
        return Predict(model, shuffled);
    }

    // The smallest value that so large a part of them does not exceed.
    private double QuantileOf(double[] values)
    {
        Array.Sort(values);
        return values[Math.Clamp((int)Math.Ceiling(Quantile * values.Length) - 1, 0, values.Length - 1)];
    }
}
