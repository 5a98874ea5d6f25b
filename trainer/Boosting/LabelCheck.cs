namespace ChurnEngine.Trainer;

/// <summary>Refuses rows that no booster could learn from, and names the first bad one.</summary>
internal static class LabelCheck
{
    /// <summary>Checks labels and weights.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="what">What they are, for the message: "training" or "validation".</param>
    /// <param name="mustVary">True when at least two different labels are needed.</param>
    /// <returns>Weighted mean of the labels, and the sum of the weights.</returns>
    /// <remarks>Errors: CE4001, CE4003 to CE4006, CE4008; <see cref="ArgumentException"/> when lengths differ.</remarks>
    public static (double MeanLabel, double WeightSum) Check<TObjective>(LabelledRows rows, string what, bool mustVary) where TObjective : IObjective
    {
        ReadOnlySpan<float> labels = rows.Labels.Span, weights = rows.Weights.Span;
        if (rows.Matrix.RowCount == 0)
            throw TrainerErrors.NoRows(what);
        if (rows.Matrix.RowCount > int.MaxValue)
            throw TrainerErrors.TooManyRows(what, rows.Matrix.RowCount);
        if (labels.Length != rows.Matrix.RowCount || (weights.Length != 0 && weights.Length != labels.Length))
            throw new ArgumentException($"{rows.Matrix.RowCount} {what} rows, {labels.Length} labels, {weights.Length} weights", nameof(rows));

        float least = float.PositiveInfinity, largest = float.NegativeInfinity;
        double labelSum = 0, weightSum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            float label = labels[row], weight = weights.IsEmpty ? 1 : weights[row];
            if (float.IsNaN(label))
                throw TrainerErrors.MissingLabel(what, row);
            if (!TObjective.Accepts(label))
                throw TrainerErrors.UnexpectedLabel(what, row, label, TObjective.LabelRule);
            if (!(weight >= 0 && float.IsFinite(weight)))
                throw TrainerErrors.InvalidWeight(what, row, weight);
            if (weight == 0)
                continue;
            (least, largest) = (Math.Min(least, label), Math.Max(largest, label));
            labelSum += (double)weight * label;
            weightSum += weight;
        }
        if (weightSum == 0)
            throw TrainerErrors.NoWeight(what);
        if (mustVary && least == largest)
            throw TrainerErrors.ConstantLabel(what, least);
        return (labelSum / weightSum, weightSum);
    }
}
