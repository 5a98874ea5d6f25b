namespace ChurnEngine.Trainer;

/// <summary>Remembers the round with the best validation value, and says when waiting for a better one has lasted long enough.</summary>
/// <param name="patience">Rounds to wait.</param>
/// <param name="largerIsBetter">True of an area under a curve, false of a loss.</param>
internal sealed class EarlyStopping(int patience, bool largerIsBetter = false)
{
    // Turned round where larger is better.
    private double _best = double.PositiveInfinity;

    /// <summary>The best round so far, counted from 1; 1 before any was finite.</summary>
    public int BestRound { get; private set; } = 1;

    /// <summary>Takes note of a round; true when training should stop.</summary>
    /// <param name="round">Counted from 1.</param>
    /// <param name="value">Loss or metric on the validation rows; NaN is never better.</param>
    public bool Observe(int round, double value)
    {
        double loss = largerIsBetter ? -value : value;
        if (loss < _best)
            (_best, BestRound) = (loss, round);
        return round - BestRound >= patience;
    }
}
