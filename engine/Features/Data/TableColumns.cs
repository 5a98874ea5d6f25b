using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>The columns read of a table, in contract order: key, instant, known, kind, numbers, instants, identities, texts.</summary>
internal sealed class TableColumns
{
    private readonly List<ColumnContract> _columns = [];
    private readonly IReadOnlyList<Field> _fields;
    private readonly PlanTable _table;

    /// <param name="layout">What the plan needs.</param>
    /// <param name="fields">What the file has.</param>
    /// <param name="keyType">Int64 or Utf8.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> with file and line for a column that the file lacks.</remarks>
    public TableColumns(TableLayout layout, IReadOnlyList<Field> fields, ColumnType keyType)
    {
        _fields = fields;
        _table = layout.Table;
        Add(_table.Key, keyType, notNull: true);
        InstantIndex = _table.Instant is { } instant ? Add(instant, InstantType(instant), notNull: true) : -1;
        KnownIndex = _table.Known is { } known ? Add(known, InstantType(known), notNull: true) : -1;
        KindIndex = _table.Kind is { } kind ? AddText(kind) : -1;
        Numbers = [.. layout.NumericColumns.Select(AddNumber)];
        Instants = [.. layout.KeptNumbers.Select(number => number.IsInstant ? Add(number.Column, InstantType(number.Column), notNull: false) : -1)];
        Identities = [.. layout.Identities.Select(identity => AddText(identity.Name))];
        Texts = [.. layout.Texts.Select((text, i) => i == layout.LabelText ? AddLabel(text.Name) : AddText(text.Name))];
        ConditionTexts = [.. layout.Conditions.Select(condition => condition is TextCondition text ? AddText(text.Column) : -1)];
        Contract = new TableContract { Columns = _columns, UniqueKey = UniqueKeyOf(_table) };
    }

    public TableContract Contract { get; }
    public int InstantIndex { get; }
    public int KnownIndex { get; }
    public int KindIndex { get; }
    public int[] Numbers { get; }

    /// <summary>For each kept number of the layout, its column when it is an instant, else -1.</summary>
    public int[] Instants { get; }
    public int[] Identities { get; }
    public int[] Texts { get; }

    /// <summary>For each condition of the layout, its column when it looks at a text, else -1.</summary>
    public int[] ConditionTexts { get; }

    /// <summary>Microseconds of one unit of the instants.</summary>
    public long MicrosPerUnit => _table.TimeUnit switch { TimeUnit.Seconds => 1_000_000, TimeUnit.Milliseconds => 1_000, _ => 1 };

    private static string[] UniqueKeyOf(PlanTable table) =>
        table.Time is not null ? [] : table.ValidFrom is { } from ? [table.Key, from] : [table.Key];

    private int AddNumber(string column)
    {
        ColumnType type = TypeOf(column);
        if (type.IsNumeric() || type == ColumnType.Boolean)
            return Add(column, type, notNull: false);
        if (!type.IsText())
            throw FeaturesErrors.BadCombination(_table.Mark, $"column '{column}' of table '{_table.Name}' holds {Plural(type)} and no numbers", "use recency_days or tenure_days for the row's own instant, days_until(column) or days_since(column) for others");
        // In a plain table a text that is no number, such as a blank, is a missing value; elsewhere it is a bad row, which Ingest quarantines.
        return Add(column, _table.IsStatic ? ColumnType.Utf8 : ColumnType.Float64, notNull: false);
    }

    private int AddText(string column)
    {
        ColumnType type = TypeOf(column);
        return Add(column, type.IsNumeric() || type == ColumnType.Boolean ? type : ColumnType.Utf8, notNull: false);
    }

    private int AddLabel(string column)
    {
        if (_fields.Any(f => f.Name == column))
            return AddText(column);
        _columns.Add(new ColumnContract(column, ColumnType.Utf8, Required: false));
        return _columns.Count - 1;
    }

    private ColumnType InstantType(string column)
    {
        bool whole = TypeOf(column) is >= ColumnType.Int8 and <= ColumnType.Int64;
        if (whole && _table.TimeUnit == TimeUnit.None)
            throw FeaturesErrors.BadCombination(_table.Mark, $"column '{column}' of table '{_table.Name}' holds whole numbers and no instants", "say their unit: time_unit: ms (or s, us)");
        if (!whole && _table.TimeUnit != TimeUnit.None)
            throw FeaturesErrors.BadCombination(_table.Mark, $"`time_unit` needs whole numbers, and column '{column}' of table '{_table.Name}' holds {Plural(TypeOf(column))}", "drop `time_unit`");
        return whole ? ColumnType.Int64 : ColumnType.TimestampMicros;
    }

    private static string Plural(ColumnType type) => type is ColumnType.Date32 ? "dates" : type is ColumnType.TimestampMillis or ColumnType.TimestampMicros ? "times" : type.IsText() ? "text" : "numbers";

    private ColumnType TypeOf(string column) =>
        _fields.FirstOrDefault(f => f.Name == column)?.Type ?? throw Unknown(_table, column, _fields);

    /// <summary>The error of a column that the plan names and the files lack.</summary>
    public static ChurnException Unknown(PlanTable table, string column, IReadOnlyList<Field> fields) =>
        FeaturesErrors.UnknownColumn(table.Mark, (table.Name, table.Source?.Path ?? ""), column, [.. fields.Select(f => f.Name)]);

    // A column may play two roles, such as kind and category; it is read once.
    private int Add(string column, ColumnType type, bool notNull)
    {
        _ = TypeOf(column);
        int index = _columns.FindIndex(c => c.Name == column);
        if (index >= 0 && _columns[index].Type == type)
        {
            // What any role needs, the column keeps.
            _columns[index] = _columns[index] with { NotNull = _columns[index].NotNull || notNull };
            return index;
        }
        if (index >= 0)
            throw FeaturesErrors.BadCombination(_table.Mark, $"column '{column}' of table '{_table.Name}' is used in two ways that need different types", "use it in one way");
        _columns.Add(new ColumnContract(column, type, NotNull: notNull));
        return _columns.Count - 1;
    }
}
