namespace ChurnEngine.Features;

/// <summary>The rows that one condition selects, and the sums wanted of them.</summary>
internal sealed class Selector(WhereClause where)
{
    public WhereClause Where { get; } = where;

    /// <summary>(position among the layout's slots, position among its measures), one a sum.</summary>
    public List<(int Slot, int Measure)> Sums { get; } = [];
}

/// <summary>What is kept of a table: which columns, and a small class code a row that says which conditions it meets.</summary>
/// <remarks>class = kind code * 2^C + one bit for each of the C numeric conditions; kind code 0 is every kind that the plan does not name.
/// Conditions are judged once, at load; the scan only looks a class up.</remarks>
internal sealed class TableLayout
{
    private const int MostConditions = 6;
    private readonly List<string> _numericColumns = [];
    private readonly List<string> _textColumns = [];
    private readonly List<(string Column, int Scale)> _measures = [];
    private readonly List<Selector> _selectors = [];

    public TableLayout(PlanTable table, PlanParts plan)
    {
        Table = table;
        FeatureDefinition[] features = [.. plan.Features.Where(f => f.Table == table.Name)];
        LabelRule? label = plan.Label?.Table == table.Name ? plan.Label : null;
        string[] featureKinds = [.. features.SelectMany(f => f.Where.Kinds).Distinct().Order(StringComparer.Ordinal)];
        Kinds = [.. featureKinds, .. label?.Kinds ?? []];
        FirstLabelKind = featureKinds.Length + 1;
        Conditions = [.. features.SelectMany(f => f.Where.Conditions).Distinct().OrderBy(c => c.ToString(), StringComparer.Ordinal)];
        if (Conditions.Length > MostConditions || FirstLabelKind << Conditions.Length > ushort.MaxValue)
            throw FeaturesErrors.BadCombination(table.Mark, $"table '{table.Name}' has {Conditions.Length} numeric conditions and {Kinds.Length} kinds", $"at most {MostConditions} numeric conditions a table, fewer with very many kinds");
        foreach (NumericCondition condition in Conditions)
            IndexOf(_numericColumns, condition.Column);
        Windows = [.. features.Select(f => f.Window).Where(w => w > 0).Distinct().Order()];
        NeedsAllHistory = features.Any(f => f.Window == 0);
        foreach (FeatureDefinition feature in features)
            Bind(feature);
        if (label is { Column.Length: > 0 })
            LabelText = IndexOf(_textColumns, label.Column);
        IsSignup = table == plan.Tables.FirstOrDefault(t => t.ValidFrom is not null);
        IsActivity = label is { InactiveMicros: > 0 };
        KeepsAllRows = IsSignup || IsActivity || table.IsStatic || plan.Tables.All(t => t.ValidFrom is null);
        SelectorsByClass = [.. Enumerable.Range(0, FirstLabelKind << Conditions.Length).Select(c => Matching(c, featureKinds))];
        if (_numericColumns.Intersect(_textColumns).FirstOrDefault() is { } both)
            throw FeaturesErrors.BadCombination(table.Mark, $"column '{both}' of table '{table.Name}' is used as a number and as text", "use it as one of them");
    }

    public PlanTable Table { get; }

    /// <summary>Kinds named by features, then those of the label; the code of a kind is its position + 1.</summary>
    public string[] Kinds { get; }

    /// <summary>Kind codes from here on belong to the label.</summary>
    public int FirstLabelKind { get; }

    public NumericCondition[] Conditions { get; }

    /// <summary>Microseconds, ascending; bucket i of a scan holds what is in window i and not in a shorter one, the last what is older than all.</summary>
    public long[] Windows { get; }

    public bool NeedsAllHistory { get; }

    /// <summary>Position of the label among the text columns, or -1.</summary>
    public int LabelText { get; } = -1;

    /// <summary>Says since when a customer is one.</summary>
    public bool IsSignup { get; }

    /// <summary>Its rows are what inactivity is the absence of.</summary>
    public bool IsActivity { get; }

    /// <summary>Rows that meet no condition are kept, because their instants matter.</summary>
    public bool KeepsAllRows { get; }

    public int[][] SelectorsByClass { get; }
    public IReadOnlyList<string> NumericColumns => _numericColumns;
    public IReadOnlyList<string> TextColumns => _textColumns;
    public IReadOnlyList<(string Column, int Scale)> Measures => _measures;
    public IReadOnlyList<Selector> Selectors => _selectors;

    /// <summary>Positions among the numeric columns whose latest value is a feature.</summary>
    public List<int> LatestNumbers { get; } = [];

    /// <summary>Sums kept, over all selectors.</summary>
    public int SlotCount { get; private set; }

    public int BucketCount => Windows.Length + 1;

    public int SelectorOf(WhereClause where) => _selectors.FindIndex(s => s.Where.Canonical == where.Canonical);

    public int SlotOf(FeatureDefinition feature)
    {
        int measure = _measures.IndexOf((feature.Column, feature.Scale));
        return _selectors[SelectorOf(feature.Where)].Sums.First(s => s.Measure == measure).Slot;
    }

    public int TextOf(string column) => _textColumns.IndexOf(column);

    /// <summary>Position among <see cref="LatestNumbers"/>.</summary>
    public int LatestOf(string column) => LatestNumbers.IndexOf(_numericColumns.IndexOf(column));

    /// <summary>Last bucket that counts for a window; 0 means all history.</summary>
    public int LastBucketOf(long window) => window == 0 ? Windows.Length : Array.IndexOf(Windows, window);

    private void Bind(FeatureDefinition feature)
    {
        int selector = SelectorOf(feature.Where);
        if (selector < 0)
        {
            selector = _selectors.Count;
            _selectors.Add(new Selector(feature.Where));
        }
        switch (feature.Aggregate)
        {
            case Aggregate.Sum or Aggregate.Mean:
                IndexOf(_numericColumns, feature.Column);
                int measure = IndexOf(_measures, (feature.Column, feature.Scale));
                if (_selectors[selector].Sums.All(s => s.Measure != measure))
                    _selectors[selector].Sums.Add((SlotCount++, measure));
                break;
            case Aggregate.Latest:
                int number = IndexOf(_numericColumns, feature.Column);
                if (!LatestNumbers.Contains(number))
                    LatestNumbers.Add(number);
                break;
            case Aggregate.Category:
                IndexOf(_textColumns, feature.Column);
                break;
        }
    }

    private int[] Matching(int rowClass, string[] featureKinds)
    {
        int kind = rowClass >> Conditions.Length;
        return [.. Enumerable.Range(0, _selectors.Count).Where(s =>
            (_selectors[s].Where.Kinds.Length == 0 || (kind > 0 && _selectors[s].Where.Kinds.Contains(featureKinds[kind - 1])))
            && _selectors[s].Where.Conditions.All(c => (rowClass >> Array.IndexOf(Conditions, c) & 1) != 0))];
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
