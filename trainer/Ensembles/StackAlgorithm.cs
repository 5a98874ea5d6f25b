using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Several algorithms on the same rows, and a weighted sum of their margins: each weight 0 and up, by the log-loss of the rows that stop.</summary>
/// <remarks>The sum is one predictor whose SHAP values add up, and one graph. Source: Wolpert 1992 (stacking); Breiman 1996 (weights that are not negative).</remarks>
public sealed class StackAlgorithm : IAlgorithm
{
    private readonly AlgorithmKind _kind;
    private readonly IReadOnlyList<(string Name, IAlgorithm Algorithm)> _members;

    /// <param name="kind">What it is called in the model.</param>
    /// <param name="members">Trees, and at most one linear form; 1 and up.</param>
    public StackAlgorithm(AlgorithmKind kind, IReadOnlyList<(string Name, IAlgorithm Algorithm)> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentOutOfRangeException.ThrowIfZero(members.Count);
        (_kind, _members) = (kind, members);
    }

    private double[]? Weights { get; init; }

    /// <inheritdoc/>
    public TrainedPredictor Fit(LabelledRows train, LabelledRows? validation, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        TrainedPredictor[] trained = [.. _members.Select(member => member.Algorithm.Fit(train, validation, progress, cancellation))];
        double[] weights = Weights ?? (validation is null ? Even(trained.Length) : StackWeights.Fit([.. trained.Select(member => MarginsOf(member.Predictor, validation.Matrix))], validation.Labels.Span, validation.Weights.Span));
        IPredictor sum = StackedModel.Of([.. trained.Select((member, i) => (member.Predictor, weights[i + 1]))], weights[0]);
        var text = new Dictionary<string, string> { ["Algorithm"] = _kind.ToString() };
        for (int i = 0; i < trained.Length; i++)
        {
            string name = _members[i].Name;
            text[$"{name}.Weight"] = weights[i + 1].ToString(CultureInfo.InvariantCulture);
            foreach ((string key, string value) in trained[i].Options)
                text[$"{name}.{key}"] = value;
        }
        return new TrainedPredictor
        {
            Predictor = sum,
            Chosen = 0,
            Size = string.Join(" + ", trained.Select((member, i) => string.Create(CultureInfo.InvariantCulture, $"{weights[i + 1]:F2} x {_members[i].Name} ({member.Size.TrimEnd(',')})"))),
            Options = text,
            Importance = ImportanceOf(trained, weights, train.Matrix.FeatureCount),
            Members = trained,
            MemberWeights = weights,
            Warnings = [.. trained.SelectMany(member => member.Warnings)],
        };
    }

    /// <inheritdoc/>
    public IAlgorithm Settle(IReadOnlyList<TrainedPredictor> folds)
    {
        ArgumentNullException.ThrowIfNull(folds);
        return new StackAlgorithm(_kind, [.. _members.Select((member, i) => (member.Name, member.Algorithm.Settle([.. folds.Select(fold => fold.Members[i])])))])
        {
            Weights = [.. Enumerable.Range(0, _members.Count + 1).Select(i => folds.Average(fold => fold.MemberWeights[i]))],
        };
    }

    private static double[] Even(int members) => [0, .. Enumerable.Repeat(1.0 / members, members)];

    private static double[] MarginsOf(IPredictor predictor, FeatureMatrix matrix)
    {
        double[] margins = new double[matrix.RowCount];
        CompiledTrees.For(predictor).Margins(matrix.Rows(0, margins.Length), margins);
        return margins;
    }

    private static FeatureImportance[] ImportanceOf(TrainedPredictor[] trained, double[] weights, int features)
    {
        var sum = new FeatureImportance[trained.Any(member => member.Importance.Count > 0) ? features : 0];
        for (int i = 0; i < trained.Length; i++)
        {
            for (int feature = 0; feature < trained[i].Importance.Count && weights[i + 1] > 0; feature++)
            {
                FeatureImportance one = trained[i].Importance[feature];
                sum[feature] = new FeatureImportance(sum[feature].Gain + weights[i + 1] * one.Gain, sum[feature].Splits + one.Splits);
            }
        }
        return sum;
    }
}

/// <summary>An algorithm that learns from the latest rows alone: a part of them, which stand in the order of time.</summary>
/// <param name="algorithm">What learns.</param>
/// <param name="share">Part of the rows, from the end, above 0 up to 1.</param>
public sealed class RecentAlgorithm(IAlgorithm algorithm, double share) : IAlgorithm
{
    /// <inheritdoc/>
    public TrainedPredictor Fit(LabelledRows train, LabelledRows? validation, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        int rows = train.Labels.Length, recent = Math.Max(1, (int)(rows * share)), start = rows - recent;
        return algorithm.Fit(new LabelledRows(train.Matrix.View(start, recent), train.Labels[start..], train.Weights.IsEmpty ? default : train.Weights[start..]), validation, progress, cancellation);
    }

    /// <inheritdoc/>
    public IAlgorithm Settle(IReadOnlyList<TrainedPredictor> folds) => new RecentAlgorithm(algorithm.Settle(folds), share);
}
