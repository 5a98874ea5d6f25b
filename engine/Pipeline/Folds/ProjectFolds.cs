using ChurnEngine.Columns;
using ChurnEngine.Evaluation;
using ChurnEngine.Features;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>Folds of a project by rolling origin, and folds for a search within each.</summary>
/// <remarks>Every fold computes its labels anew, as they were known when its uses begin, and freezes its categories by its own training snapshots.</remarks>
internal sealed class ProjectFolds
{
    private readonly TrainSettings _settings;
    private readonly FeaturePlan _plan;
    private readonly CustomerData _data;
    private readonly SnapshotCalendar _calendar;
    private readonly StepContext _context;
    private readonly RollingOriginOptions _options;

    /// <param name="settings">How many, of what size, and whether customers are kept apart.</param>
    /// <param name="plan">The project's plan.</param>
    /// <param name="data">Its rows; must stay alive.</param>
    /// <param name="calendar">Its snapshots.</param>
    /// <param name="context">Budget and cancellation.</param>
    public ProjectFolds(TrainSettings settings, FeaturePlan plan, CustomerData data, SnapshotCalendar calendar, StepContext context)
    {
        (_settings, _plan, _data, _calendar, _context) = (settings, plan, data, calendar, context);
        _options = new RollingOriginOptions { Training = settings.Snapshots, WaitMicros = settings.DropLateLabels ? data.LongestLatenessMicros : 0 };
    }

    /// <summary>The splits, the earliest first; of a search those within which one can be.</summary>
    /// <param name="folds">Most, 1 and up.</param>
    public IReadOnlyList<SnapshotSplit> Splits(int folds)
    {
        IReadOnlyList<SnapshotSplit> all = SnapshotSplit.Roll(_calendar.Usable, _plan.Label!, _options with { Folds = folds });
        SnapshotSplit[] usable = [.. all.Where(split => _settings.Tune.Trials == 0 || Within(split).Count > 0)];
        if (usable.Length < all.Count && usable.Length > 0)
            _context.Warn($"{all.Count - usable.Length} of {all.Count} folds are left out: too few of their snapshots train for a search within");
        if (all.Count < folds && usable.Length > 0)
            _context.Warn($"the snapshots suffice for {all.Count} folds, not {folds}");
        return usable.Length > 0 || all.Count == 0 ? usable : throw TooFew(all[^1]);
    }

    /// <summary>Builds one fold.</summary>
    public FoldData Build(SnapshotSplit split)
    {
        TrainingSet set = Set(split);
        SnapshotRange[] ranges = [.. set.Snapshots];
        List<IDisposable> owned = [set];
        bool[]? apart = _settings.Validation.CustomersApart ? CustomersApart.Of(set, _settings.Validation.ApartShare, (long)_settings.Booster.Seed) : null;
        LabelledRows train = Rows(set, Training(split, ranges), apart, false, owned);
        LabelledRows[] later = [.. ranges[^split.LaterRoles..].Select(range => Rows(set, range, apart, true, owned))];
        return new FoldData($"as of {InstantText.Format(split.AsOf[^1])}", (train, later[0], later.Length > 2 ? later[1] : null, later[^1]), owned)
        {
            Snapshots = [.. ranges.Select((range, i) => new SnapshotUse(InstantText.Format(range.AsOf), split.Roles[i], range.Count, range.Positives))],
            Inner = _ => Inner(split),
        };
    }

    /// <summary>Folds for a search, within what a split trains on: every label in them was known when that split begins to stop.</summary>
    /// <remarks>Errors: CE1141.</remarks>
    public TuningFolds Inner(SnapshotSplit outer)
    {
        var folds = new List<TuningFold>();
        var owned = new List<IDisposable>();
        foreach (SnapshotSplit split in Within(outer))
        {
            TrainingSet set = Set(split);
            owned.Add(set);
            SnapshotRange[] ranges = [.. set.Snapshots];
            bool[]? apart = _settings.Validation.CustomersApart ? CustomersApart.Of(set, _settings.Validation.ApartShare, (long)_settings.Booster.Seed) : null;
            folds.Add(new TuningFold($"as of {InstantText.Format(split.AsOf[^1])}", Rows(set, Training(split, ranges), apart, false, owned), Rows(set, ranges[^2], apart, true, owned), Rows(set, ranges[^1], apart, true, owned)));
        }
        return folds.Count > 0 ? new TuningFolds(folds, owned) : throw TooFew(outer);
    }

    private IReadOnlyList<SnapshotSplit> Within(SnapshotSplit outer) => outer.RollWithin(_calendar.Usable, _plan.Label!, _options with { Folds = _settings.Tune.Folds });

    private ChurnConfigException TooFew(SnapshotSplit split) => DesignErrors.TooFewToSearch(_calendar.Usable.Count(instant => instant <= split.LastTraining));

    private TrainingSet Set(SnapshotSplit split)
    {
        TrainingSet set = TrainingSet.Build(_plan, _data, new TrainingSetOptions { AsOf = split.AsOf, LabelsKnownAt = split.KnownAt, FreezeThrough = split.LastTraining, Budget = _context.Budget }, _context.Cancellation);
        _context.Warn(set.Warnings);
        return set;
    }

    private static SnapshotRange Training(SnapshotSplit split, SnapshotRange[] ranges)
    {
        SnapshotRange[] training = ranges[..^split.LaterRoles];
        return training[0] with { Count = training.Sum(range => range.Count), Positives = training.Sum(range => range.Positives) };
    }

    private static LabelledRows Rows(TrainingSet set, SnapshotRange range, bool[]? apart, bool isApart, List<IDisposable> owned)
    {
        if (apart is null)
            return TrainStep.Rows(set, range);
        int[] rows = [.. Enumerable.Range((int)range.Start, (int)range.Count).Where(row => apart[row] == isApart)];
        FeatureMatrix matrix = set.Matrix.Gather(rows);
        owned.Add(matrix);
        return new LabelledRows(matrix, rows.Select(row => set.Labels[row]).ToArray());
    }
}
