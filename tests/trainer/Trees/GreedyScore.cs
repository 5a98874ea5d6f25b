namespace ChurnEngine.Trainer.Tests;

/// <summary>What rows are worth together in the first logistic tree, from their weights and labels: the formulas of the textbook, in double.</summary>
internal sealed class GreedyScore
{
    private readonly float[] _labels;
    private readonly float[] _weights;
    private readonly BoosterOptions _options;
    private readonly double _mean;

    public GreedyScore(float[] labels, float[] weights, BoosterOptions options)
    {
        (_labels, _weights, _options) = (labels, weights, options);
        int[] all = [.. Enumerable.Range(0, labels.Length)];
        _mean = Positives(all) / Weight(all);
    }

    // Sums from weights and counts: equal partitions give equal bits whatever the order of their rows.
    public double Gradient(int[] rows) => Weight(rows) * _mean - Positives(rows);

    public double Hessian(int[] rows) => Weight(rows) * _mean * (1 - _mean);

    /// <summary>Best value of a leaf, before shrinkage.</summary>
    public double Step(int[] rows)
    {
        double curvature = Hessian(rows) + _options.L2, step = curvature > 0 ? -Shrunk(rows) / curvature : 0;
        return _options.MaxDeltaStep > 0 ? Math.Clamp(step, -_options.MaxDeltaStep, _options.MaxDeltaStep) : step;
    }

    /// <summary>Decrease of twice the loss that it brings.</summary>
    public double Score(int[] rows) => -(2 * Shrunk(rows) * Step(rows) + (Hessian(rows) + _options.L2) * Step(rows) * Step(rows));

    /// <summary>What a split gains.</summary>
    public double Gain(int[] left, int[] right) => Score(left) + Score(right) - Score([.. left, .. right]);

    /// <summary>Whether a leaf may be as small.</summary>
    public bool Allows(int[] rows) => rows.Length >= _options.MinRowsInLeaf && Hessian(rows) >= _options.MinChildWeight;

    private double Weight(int[] rows) => _weights.Length == 0 ? rows.Length : rows.Sum(row => (double)_weights[row]);

    private double Positives(int[] rows) => rows.Sum(row => _labels[row] == 1 ? _weights.Length == 0 ? 1.0 : _weights[row] : 0);

    private double Shrunk(int[] rows) => Math.Sign(Gradient(rows)) * Math.Max(Math.Abs(Gradient(rows)) - _options.L1, 0);
}
