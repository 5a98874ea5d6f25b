namespace ChurnEngine.Evaluation;

/// <summary>Rows that belong to groups, with what a model said and what came.</summary>
/// <param name="Column">What the groups are values of.</param>
/// <param name="Names">[G] names of the groups.</param>
/// <param name="Group">[N] 0..G-1; -1 for a row without a value.</param>
public sealed record GroupedRows(string Column, IReadOnlyList<string> Names, int[] Group)
{
    /// <summary>The rows of each group: the largest first, equal ones by name, those without a value (<see cref="GroupRates.Missing"/>) last; groups without rows are left out.</summary>
    public IReadOnlyList<(string Name, int[] Rows)> Members() =>
    [
        .. Enumerable.Range(0, Group.Length).GroupBy(row => Group[row]).Select(group => (IsMissing: group.Key < 0, Name: group.Key < 0 ? GroupRates.Missing : Names[group.Key], Rows: group.ToArray()))
            .OrderBy(group => group.IsMissing).ThenByDescending(group => group.Rows.Length).ThenBy(group => group.Name, StringComparer.Ordinal).Select(group => (group.Name, group.Rows)),
    ];
}

/// <summary>How one group is treated, and how that compares with the group of reference.</summary>
public sealed record GroupRates
{
    /// <summary>Name of the rows without a value.</summary>
    public const string Missing = "(missing)";

    /// <summary>Name of the group, or <see cref="Missing"/>.</summary>
    public required string Group { get; init; }

    /// <summary>Its rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Those of them with label 1.</summary>
    public required long Positives { get; init; }

    /// <summary>Those of them that are flagged.</summary>
    public required long Selected { get; init; }

    /// <summary>False for too few rows or labels of one kind, and for rows without a value: numbers are told, and nothing follows from them.</summary>
    public bool IsJudged { get; init; }

    /// <summary>Share that is flagged.</summary>
    public required ShareInterval SelectionRate { get; init; }

    /// <summary>Share of the positives that is flagged.</summary>
    public required ShareInterval TruePositiveRate { get; init; }

    /// <summary>Share of the negatives that is flagged.</summary>
    public required ShareInterval FalsePositiveRate { get; init; }

    /// <summary>Share of the flagged that is positive.</summary>
    public required ShareInterval Precision { get; init; }

    /// <summary>Share of positives.</summary>
    public required ShareInterval PositiveRate { get; init; }

    /// <summary>Mean predicted probability.</summary>
    public required double MeanProbability { get; init; }

    /// <summary>Expected calibration error over bins of equal mass, 0..1; grows with few rows by chance alone.</summary>
    public required double Ece { get; init; }

    /// <summary>Selection rate over that of the reference; null of the reference itself.</summary>
    public RatioInterval? SelectionRatio { get; init; }

    /// <summary>True positive rate over that of the reference.</summary>
    public RatioInterval? TruePositiveRatio { get; init; }

    /// <summary>False positive rate over that of the reference.</summary>
    public RatioInterval? FalsePositiveRatio { get; init; }

    /// <summary>Mean probability less share of positives: above 0 the group's risk is overstated.</summary>
    public double CalibrationGap => MeanProbability - PositiveRate.Value;

    /// <summary>Measures every group.</summary>
    /// <param name="rows">[N] groups.</param>
    /// <param name="probability">[N] 0..1. NaN is an error.</param>
    /// <param name="labels">[N] 0 or 1.</param>
    /// <param name="cuts">[N] probability from which each row is flagged.</param>
    /// <returns>The largest group first, equal ones by name, those without a value last; groups without rows are left out. Ratios are not filled.</returns>
    /// <remarks>Memory: a copy of the rows by group. Errors: ArgumentException when the lengths differ.</remarks>
    public static IReadOnlyList<GroupRates> Measure(GroupedRows rows, float[] probability, float[] labels, float[] cuts)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(probability);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(cuts);
        if (rows.Group.Length != labels.Length || probability.Length != labels.Length || cuts.Length != labels.Length)
            throw new ArgumentException($"{rows.Group.Length} groups, {probability.Length} probabilities, {labels.Length} labels, {cuts.Length} thresholds", nameof(labels));
        return [.. rows.Members().Select(group => Of(group.Name, group.Rows, (probability, labels, cuts)))];
    }

    /// <summary>The same with its ratios to a reference.</summary>
    /// <param name="reference">The group that others are compared with.</param>
    public GroupRates Against(GroupRates reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return this with
        {
            SelectionRatio = RatioInterval.Katz((Selected, Rows), (reference.Selected, reference.Rows)),
            TruePositiveRatio = RatioInterval.Katz((Hits, Positives), (reference.Hits, reference.Positives)),
            FalsePositiveRatio = RatioInterval.Katz((Selected - Hits, Rows - Positives), (reference.Selected - reference.Hits, reference.Rows - reference.Positives)),
        };
    }

    private long Hits { get; init; }

    private static GroupRates Of(string name, int[] rows, (float[] Probability, float[] Labels, float[] Cuts) of)
    {
        float[] probability = Array.ConvertAll(rows, row => of.Probability[row]), labels = Array.ConvertAll(rows, row => of.Labels[row]);
        var cells = Confusion.At(probability, labels, Array.ConvertAll(rows, row => of.Cuts[row]));
        long positives = cells.TruePositives + cells.FalseNegatives, selected = cells.TruePositives + cells.FalsePositives;
        return new GroupRates
        {
            Group = name,
            Rows = rows.Length,
            Positives = positives,
            Selected = selected,
            Hits = cells.TruePositives,
            SelectionRate = ShareInterval.Wilson(selected, rows.Length),
            TruePositiveRate = ShareInterval.Wilson(cells.TruePositives, positives),
            FalsePositiveRate = ShareInterval.Wilson(cells.FalsePositives, rows.Length - positives),
            Precision = ShareInterval.Wilson(cells.TruePositives, selected),
            PositiveRate = ShareInterval.Wilson(positives, rows.Length),
            MeanProbability = probability.Average(value => (double)value),
            Ece = Reliability.ExpectedCalibrationError(probability, labels),
        };
    }
}
