namespace ChurnEngine.Trainer;

/// <summary>Refuses rows that no booster could learn from, and names the first bad one.</summary>
internal static class LabelCheck
{
    /// <summary>Checks labels, weights and initial margins.</summary>
    /// <param name="objective">Says which labels fit.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="what">What they are, for the message: "training" or "validation".</param>
    /// <param name="mustVary">True when at least two different labels are needed.</param>
    /// <remarks>Errors: CE4001, CE4003 to CE4006, CE4008, CE4009; <see cref="ArgumentException"/> when lengths differ.</remarks>
    public static void Check(IObjective objective, LabelledRows rows, string what, bool mustVary)
    {
        ReadOnlySpan<float> labels = rows.Labels.Span, weights = rows.Weights.Span;
        if (rows.Matrix.RowCount == 0)
            throw TrainerErrors.NoRows(what);
        if (rows.Matrix.RowCount > int.MaxValue)
            throw TrainerErrors.TooManyRows(what, rows.Matrix.RowCount);
        if (labels.Length != rows.Matrix.RowCount || (weights.Length != 0 && weights.Length != labels.Length) || (rows.InitialMargins.Length != 0 && rows.InitialMargins.Length != labels.Length))
            throw new ArgumentException($"{rows.Matrix.RowCount} {what} rows, {labels.Length} labels, {weights.Length} weights, {rows.InitialMargins.Length} initial margins", nameof(rows));

        float least = float.PositiveInfinity, largest = float.NegativeInfinity;
        for (int row = 0; row < labels.Length; row++)
        {
            float label = labels[row], weight = weights.IsEmpty ? 1 : weights[row];
            if (float.IsNaN(label))
                throw TrainerErrors.MissingLabel(what, row);
            if (!objective.Accepts(label))
                throw TrainerErrors.UnexpectedLabel(what, row, label, objective.LabelRule);
            if (!(weight >= 0 && float.IsFinite(weight)))
                throw TrainerErrors.InvalidWeight(what, row, weight);
            if (weight != 0)
                (least, largest) = (Math.Min(least, label), Math.Max(largest, label));
        }
        if (least > largest)
            throw TrainerErrors.NoWeight(what);
        if (mustVary && least == largest)
            throw TrainerErrors.ConstantLabel(what, least);
        for (int row = 0; row < rows.InitialMargins.Length; row++)
        {
            if (!double.IsFinite(rows.InitialMargins.Span[row]))
                throw TrainerErrors.InvalidInitialMargin(what, row, rows.InitialMargins.Span[row]);
        }
    }
}
