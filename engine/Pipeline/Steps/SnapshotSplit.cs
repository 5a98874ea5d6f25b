using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>Which snapshot is used to what, so that nothing is learnt that was not known yet.</summary>
/// <remarks>
/// <code>
/// time  ----t4----t5----t6----t7----t8----t9-----t10--------t11--->
///           train train train train train stop   calibrate  test
///           labels as known at t9 ......| at t10 | at t11   | all that the data knows
/// </code>
/// Of two snapshots of different use the earlier one's label window ends before the later one begins, and what became known after that does not show in
/// its labels: a model made at the later instant could have been trained on them. Source: design.md section 5; decision 13.</remarks>
internal sealed class SnapshotSplit
{
    private const double ShareToMention = 0.05;
    private const string Train = "train";

    // A search is scored where a model would be tested, and stops where it would stop.
    private static readonly string[] s_searchRoles = ["stop", "test"];

    private SnapshotSplit(TimeFold fold, string[] laterRoles, long until)
    {
        (AsOf, Purged, LaterRoles) = (fold.AsOf, fold.Purged, fold.LaterRoles);
        int first = AsOf.Count - LaterRoles;
        Roles = [.. Enumerable.Range(0, AsOf.Count).Select(i => i < first ? Train : laterRoles[i - first])];
        int counted = until == long.MaxValue ? AsOf.Count - 1 : AsOf.Count;
        KnownAt = Enumerable.Range(0, counted).ToDictionary(i => AsOf[i], i => i == AsOf.Count - 1 ? until : AsOf[Math.Max(i + 1, first)]);
    }

    /// <summary>Snapshots by time: those that train, then one each to stop, to calibrate and to test.</summary>
    public IReadOnlyList<long> AsOf { get; }

    /// <summary>What each of <see cref="AsOf"/> is used to.</summary>
    public IReadOnlyList<string> Roles { get; }

    /// <summary>When the labels of a snapshot are counted: as the next use begins. The last one, which tests, is not named: it takes all that the data knows.</summary>
    public IReadOnlyDictionary<long, long> KnownAt { get; }

    /// <summary>Usable snapshots left out because their label window reaches into the next use, ascending.</summary>
    public IReadOnlyList<long> Purged { get; }

    /// <summary>Uses after training; each has one snapshot.</summary>
    public int LaterRoles { get; }

    /// <summary>The last snapshot that trains.</summary>
    public long LastTraining => AsOf[^(LaterRoles + 1)];

    /// <summary>The uses after training. A label that is a number has no probability to calibrate.</summary>
    public static string[] LaterRolesOf(LabelRule label) => label.IsNumeric ? ["stop", "test"] : ["stop", "calibrate", "test"];

    /// <summary>Gives the latest usable snapshots their use.</summary>
    /// <param name="usable">As-of instants, ascending, whose labels are complete in the data.</param>
    /// <param name="label">Says how far a label looks.</param>
    /// <param name="training">Most snapshots to train on, 1 and up.</param>
    /// <param name="waitMicros">How long after its window a label must have had time to become known, or its snapshot is left out; 0: it counts as it was known.</param>
    /// <returns>The split; null when there are too few.</returns>
    public static SnapshotSplit? Choose(IReadOnlyList<long> usable, LabelRule label, int training, long waitMicros) =>
        Roll(usable, label, new RollingOriginOptions { Training = training, WaitMicros = waitMicros }).SingleOrDefault();

    /// <summary>The same at several origins: the last split is that of <see cref="Choose"/>, each earlier one is tested before the next one is.</summary>
    /// <param name="usable">As-of instants, ascending, whose labels are complete in the data.</param>
    /// <param name="label">Says how far a label looks.</param>
    /// <param name="options">How many; the later uses follow from the label.</param>
    /// <returns>The splits, the earliest first; as many as there are snapshots for.</returns>
    public static IReadOnlyList<SnapshotSplit> Roll(IReadOnlyList<long> usable, LabelRule label, RollingOriginOptions options) => Roll(usable, label, options, LaterRolesOf(label));

    /// <summary>Splits for a search within what this one trains on: each trains, stops and is tested on snapshots whose labels were known when this one begins to stop.</summary>
    /// <param name="usable">As-of instants, ascending, whose labels are complete in the data.</param>
    /// <param name="label">Says how far a label looks.</param>
    /// <param name="options">How many; <see cref="RollingOriginOptions.Until"/> and the uses follow from this split.</param>
    public IReadOnlyList<SnapshotSplit> RollWithin(IReadOnlyList<long> usable, LabelRule label, RollingOriginOptions options) =>
        Roll([.. usable.Where(instant => instant <= LastTraining)], label, options with { Until = AsOf[^LaterRoles] }, s_searchRoles);

    private static SnapshotSplit[] Roll(IReadOnlyList<long> usable, LabelRule label, RollingOriginOptions options, string[] roles) =>
        [.. RollingOrigin.Cut(usable, instant => label.WindowAt(instant).End, options with { LaterRoles = roles.Length }).Select(fold => new SnapshotSplit(fold, roles, options.Until))];

    /// <summary>Says which snapshots were purged, and which labels were counted before all of their events had come; nothing when neither happened.</summary>
    /// <param name="ranges">The snapshots as they were built, in the order of <see cref="AsOf"/>.</param>
    public IEnumerable<string> Describe(IReadOnlyList<SnapshotRange> ranges)
    {
        if (Purged.Count > 0)
            yield return $"purged: {string.Join(", ", Purged.Select(InstantText.Format))}, whose labels were not all known when the next use begins";
        foreach (SnapshotRange range in ranges.Where(range => range.LabelsNotYetKnown > 0))
            yield return $"purged: of the snapshot as of {InstantText.Format(range.AsOf)}, {range.LabelsNotYetKnown:N0} of {range.Count:N0} labels were decided by events that had not arrived by {InstantText.Format(KnownAt[range.AsOf])}; they are counted as was known then";
    }

    /// <summary>What to consider where late events change so many labels that predictions come out too low; null where they do not.</summary>
    public static string? Advise(IReadOnlyList<SnapshotRange> ranges, LabelRule label)
    {
        if (!ranges.Any(range => range.LabelsNotYetKnown > ShareToMention * Math.Max(1, label.IsNumeric ? range.Count : range.Positives)))
            return null;
        string many = label.IsNumeric ? "one label in twenty: values" : "one label in twenty of those who churned: calibrated probabilities";
        return $"late events decide more than {many} lie off by about as much; `train: {{ late_labels: drop }}` waits for them, at the price of some snapshots";
    }
}
