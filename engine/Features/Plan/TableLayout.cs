namespace ChurnEngine.Features;

/// <summary>The rows that one condition selects, and the sums wanted of them.</summary>
/// <param name="where">Condition of the feature.</param>
/// <param name="also">What `share` asks besides, or null.</param>
internal sealed class Selector(WhereClause where, WhereClause? also)
{
    public WhereClause Where { get; } = where;

    public WhereClause? Also { get; } = also;

    /// <summary>(position among the layout's slots, position among its measures), one a sum.</summary>
    public List<(int Slot, int Measure)> Sums { get; } = [];

    /// <summary>A feature looks at its rows one by one, so they are listed.</summary>
    public bool NeedsRows { get; set; }

    /// <summary>A feature looks at the last of its rows, however old that is.</summary>
    public bool NeedsLast { get; set; }

    public IEnumerable<RowCondition> Conditions => Also is null ? Where.Conditions : Where.Conditions.Concat(Also.Conditions);

    public bool IsFor(WhereClause where, WhereClause? also) => Where.Canonical == where.Canonical && Also?.Canonical == also?.Canonical;

    public bool SelectsKind(string? kind) => Where.SelectsKind(kind) && (Also is null || Also.SelectsKind(kind));
}

/// <summary>What is kept of a table: which columns, and a small class code a row that says which conditions it meets.</summary>
/// <remarks>Conditions are judged once, at load; features only look a row's class up. Numbered are the classes that occur.</remarks>
internal sealed class TableLayout
{
    private const int MostConditions = 64;
    private readonly List<string> _numericColumns = [];
    private readonly List<(string Column, int Scale)> _measures = [];
    private readonly List<NumberColumn> _keptNumbers = [];
    private readonly List<ColumnRef> _identities = [];
    private readonly List<ColumnRef> _texts = [];
    private readonly List<Selector> _selectors = [];
    private readonly string[] _featureKinds;
    private readonly ulong[] _selectorConditions;

    public TableLayout(PlanTable table, PlanParts plan)
    {
        Table = table;
        TimeZone = plan.TimeZone;
        FeatureDefinition[] features = [.. plan.Features.Where(f => f.Table == table.Name)];
        LabelRule? label = plan.Label?.Table == table.Name ? plan.Label : null;
        FeatureDefinition[] bound = plan.Label?.Target is { } target && target.Table == table.Name ? [.. features, target] : features;
        WhereClause[] clauses = [.. bound.SelectMany(f => f.Also is null ? new[] { f.Where } : [f.Where, f.Also])];
        _featureKinds = [.. clauses.SelectMany(w => w.Kinds).Except(label?.Kinds ?? []).Distinct().Order(StringComparer.Ordinal)];
        Kinds = [.. _featureKinds, .. label?.Kinds ?? []];
        FirstLabelKind = _featureKinds.Length + 1;
        Conditions = [.. clauses.SelectMany(w => w.Conditions).Concat(label?.Conditions ?? []).Distinct().OrderBy(c => c.ToString(), StringComparer.Ordinal)];
        if (Conditions.Length > MostConditions)
            throw FeaturesErrors.BadCombination(table.Mark, $"table '{table.Name}' has {Conditions.Length} different conditions besides its kinds", $"at most {MostConditions} a table");
        HasLabelEvents = label is { HasEvents: true };
        LabelConditions = BitsOf(label?.Conditions ?? []);
        foreach (NumericCondition condition in Conditions.OfType<NumericCondition>())
            IndexOf(_numericColumns, condition.Column);
        Windows = [.. features.Select(f => f.Window).Where(w => w > 0).Distinct().Order()];
        // What changed is told by the rows before the window too.
        NeedsAllHistory = features.Any(f => (f.Window == 0 && !IsOfLast(f)) || f.Aggregate is Aggregate.Changes or Aggregate.TimeShare);
        if (bound.Any(f => AggregateForm.Of(f.Aggregate)?.Name.StartsWith("session", StringComparison.Ordinal) == true) && table.Session is { } session)
            SessionIdentity = IndexOf(_identities, new ColumnRef(session, ""));
        foreach (FeatureDefinition feature in bound)
            Bind(feature);
        _selectorConditions = [.. _selectors.Select(s => BitsOf(s.Conditions))];
        if (label is { Column.Length: > 0 })
            LabelText = IndexOf(_texts, new ColumnRef(label.Column, ""));
        IsSignup = table == plan.Tables.FirstOrDefault(t => t.ValidFrom is not null);
        IsActivity = label is { InactiveMicros: > 0 };
        KeepsAllRows = IsSignup || IsActivity || table.IsStatic || plan.Tables.All(t => t.ValidFrom is null);
    }

    public PlanTable Table { get; }

    /// <summary>For hours, weekdays and calendar days.</summary>
    public TimeZoneInfo TimeZone { get; }

    /// <summary>Kinds named by features, then those of the label; the code of a kind is its position + 1.</summary>
    public string[] Kinds { get; }

    /// <summary>Kind codes from here on belong to the label.</summary>
    public int FirstLabelKind { get; }

    /// <summary>Bit i of a row's class says whether it meets condition i.</summary>
    public RowCondition[] Conditions { get; }

    /// <summary>Some rows mean churn; they reach no feature.</summary>
    public bool HasLabelEvents { get; }

    /// <summary>Conditions that such a row meets.</summary>
    public ulong LabelConditions { get; }

    /// <summary>Microseconds, ascending.</summary>
    public long[] Windows { get; }

    /// <summary>Rows from before all windows matter, and not only the last one of a selector.</summary>
    public bool NeedsAllHistory { get; }

    /// <summary>Position of the session among the identities, or -1.</summary>
    public int SessionIdentity { get; } = -1;

    /// <summary>Position of the label among the texts, or -1.</summary>
    public int LabelText { get; } = -1;

    /// <summary>Says since when a customer is one.</summary>
    public bool IsSignup { get; }

    /// <summary>Its rows are what inactivity is the absence of.</summary>
    public bool IsActivity { get; }

    /// <summary>Rows that meet no condition are kept, because their instants matter.</summary>
    public bool KeepsAllRows { get; }

    /// <summary>Rows differ in class.</summary>
    public bool HasClasses => _featureKinds.Length > 0 || Conditions.Length > 0;

    /// <summary>Columns read as numbers.</summary>
    public IReadOnlyList<string> NumericColumns => _numericColumns;

    /// <summary>Sums kept in fixed point.</summary>
    public IReadOnlyList<(string Column, int Scale)> Measures => _measures;

    /// <summary>Numbers looked at one by one.</summary>
    public IReadOnlyList<NumberColumn> KeptNumbers => _keptNumbers;

    /// <summary>Columns whose values are only told apart.</summary>
    public IReadOnlyList<ColumnRef> Identities => _identities;

    /// <summary>Columns whose texts are kept.</summary>
    public IReadOnlyList<ColumnRef> Texts => _texts;

    public IReadOnlyList<Selector> Selectors => _selectors;

    /// <summary>Sums kept, over all selectors.</summary>
    public int SlotCount { get; private set; }

    public int SelectorOf(WhereClause where, WhereClause? also) => _selectors.FindIndex(s => s.IsFor(where, also));

    public int SlotOf(FeatureDefinition feature)
    {
        int measure = MeasureOf(feature);
        return _selectors[SelectorOf(feature.Where, null)].Sums.First(s => s.Measure == measure).Slot;
    }

    public int MeasureOf(FeatureDefinition feature) => _measures.IndexOf((feature.Column, feature.Scale));

    public int TextOf(ColumnRef source) => _texts.IndexOf(source);

    public int IdentityOf(ColumnRef source) => _identities.IndexOf(source);

    public int NumberOf(string column, bool isInstant) => _keptNumbers.IndexOf(new NumberColumn(column, isInstant));

    /// <summary>Position of a window; -1 for 0, all history.</summary>
    public int WindowOf(long window) => window == 0 ? -1 : Array.IndexOf(Windows, window);

    /// <summary>Positions of the selectors that select rows of a class.</summary>
    public int[] SelectorsOf(RowClass rowClass)
    {
        // A row of the label's kinds that is no label row belongs to no kind that a feature names.
        string? kind = rowClass.Kind > 0 && rowClass.Kind < FirstLabelKind ? _featureKinds[rowClass.Kind - 1] : null;
        return [.. Enumerable.Range(0, _selectors.Count).Where(s => (rowClass.Conditions & _selectorConditions[s]) == _selectorConditions[s] && _selectors[s].SelectsKind(kind))];
    }

    private ulong BitsOf(IEnumerable<RowCondition> conditions) => Enumerable.Aggregate(conditions, 0UL, (bits, c) => bits | 1UL << Array.IndexOf(Conditions, c));

    private void Bind(FeatureDefinition feature)
    {
        Selector selector = SelectorFor(feature.Where, null);
        if (feature.UsesMeasure)
            IndexOf(_numericColumns, feature.Column);
        switch (feature.Aggregate)
        {
            case Aggregate.Count:
                break;
            case Aggregate.Share:
                SelectorFor(feature.Where, feature.Also);
                break;
            case Aggregate.Sum or Aggregate.Mean:
                int measure = IndexOf(_measures, (feature.Column, feature.Scale));
                if (selector.Sums.All(s => s.Measure != measure))
                    selector.Sums.Add((SlotCount++, measure));
                break;
            default:
                selector.NeedsRows = true;
                selector.NeedsLast |= IsOfLast(feature);
                BindRows(feature);
                break;
        }
    }

    private static bool IsOfLast(FeatureDefinition feature) =>
        feature.Window == 0 && feature.Aggregate is Aggregate.RecencyDays or Aggregate.Latest or Aggregate.DaysUntil or Aggregate.DaysSince or Aggregate.Category;

    private void BindRows(FeatureDefinition feature)
    {
        switch (feature.Aggregate)
        {
            case Aggregate.Slope when !feature.Source.IsNone:
                IndexOf(_measures, (feature.Column, feature.Scale));
                break;
            case Aggregate.Latest or Aggregate.Min or Aggregate.Max or Aggregate.Std or Aggregate.First or Aggregate.Last:
                IndexOf(_numericColumns, feature.Column);
                IndexOf(_keptNumbers, new NumberColumn(feature.Column, IsInstant: false));
                break;
            case Aggregate.DaysUntil or Aggregate.DaysSince:
                IndexOf(_keptNumbers, new NumberColumn(feature.Column, IsInstant: true));
                break;
            case Aggregate.Category:
                IndexOf(_texts, feature.Source);
                break;
            default:
                if (!feature.Source.IsNone && feature.Source.Clock is null)
                    IndexOf(_identities, feature.Source);
                break;
        }
    }

    private Selector SelectorFor(WhereClause where, WhereClause? also)
    {
        Selector? selector = _selectors.Find(s => s.IsFor(where, also));
        if (selector is null)
            _selectors.Add(selector = new Selector(where, also));
        return selector;
    }

    private static int IndexOf<T>(List<T> list, T item)
    {
        int index = list.IndexOf(item);
        if (index >= 0)
            return index;
        list.Add(item);
        return list.Count - 1;
    }
}

/// <summary>A column kept as numbers.</summary>
/// <param name="Column">Its name.</param>
/// <param name="IsInstant">A date or timestamp, kept as days since 1970 UTC.</param>
internal readonly record struct NumberColumn(string Column, bool IsInstant);
