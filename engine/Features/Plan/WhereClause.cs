using System.Globalization;

namespace ChurnEngine.Features;

/// <summary>Which rows of a table a feature or a label looks at: kinds, texts, numbers, hours and weekdays, joined by `and`.</summary>
internal sealed class WhereClause
{
    /// <summary>How it is written, for errors.</summary>
    public const string Example = "kind = play, kind in (play, skip), plan != free, amount >= 10, hour < 6, weekday in (6, 7), joined by `and`";

    public static readonly WhereClause Everything = new([], false, []);

    private WhereClause(IEnumerable<string> kinds, bool excludesKinds, IEnumerable<RowCondition> conditions)
    {
        Kinds = [.. kinds.Distinct().Order(StringComparer.Ordinal)];
        ExcludesKinds = excludesKinds;
        Conditions = [.. conditions.Distinct().OrderBy(c => c.ToString(), StringComparer.Ordinal)];
        string[] parts = Kinds.Length switch
        {
            0 => [],
            1 => [$"kind {(ExcludesKinds ? "!=" : "=")} {Quote(Kinds[0])}"],
            _ => [$"kind {(ExcludesKinds ? "not in" : "in")} ({string.Join(", ", Kinds.Select(Quote))})"],
        };
        Canonical = string.Join(" and ", parts.Concat(Conditions.Where(c => c is not KindPresent).Select(c => c.ToString())));
    }

    /// <summary>Sorted; empty means any kind.</summary>
    public string[] Kinds { get; }

    /// <summary>Any kind but <see cref="Kinds"/>.</summary>
    public bool ExcludesKinds { get; }

    public RowCondition[] Conditions { get; }

    /// <summary>One text for all ways to write the same condition; empty for everything.</summary>
    public string Canonical { get; }

    /// <summary>Whether rows of a kind are selected; null is a kind that no feature names.</summary>
    public bool SelectsKind(string? kind) => Kinds.Length == 0 || (kind is not null && Kinds.Contains(kind)) != ExcludesKinds;

    public static WhereClause Parse(PlanText text, PlanTable table)
    {
        string[]? kinds = null;
        bool excludes = false;
        List<RowCondition> conditions = [];
        do
        {
            if (text.Sees("hour") || text.Sees("weekday"))
            {
                conditions.Add(ParseClock(text, table));
                continue;
            }
            string column = text.Take("a column");
            if (column != "kind" && column != table.Kind)
            {
                conditions.Add(ParseColumn(text, column));
                continue;
            }
            if (kinds is not null)
                throw text.Error("`kind` is asked for twice; use kind in (a, b)");
            (kinds, excludes) = ParseKinds(text, table);
            if (excludes)
                conditions.Add(new KindPresent());
        }
        while (text.Accepts("and"));
        return new WhereClause(kinds ?? [], excludes, conditions);
    }

    public static string Quote(string text) => '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    private static (string[] Kinds, bool Excludes) ParseKinds(PlanText text, PlanTable table)
    {
        if (table.Kind is null)
            throw FeaturesErrors.BadCombination(text.Mark, $"table '{table.Name}' has no kind column", $"add `kind: <column>` to table '{table.Name}'");
        if (text.Accepts("="))
            return ([text.TakeValue()], false);
        if (text.Accepts("!="))
            return ([text.TakeValue()], true);
        bool excludes = text.Accepts("not");
        if (!text.Accepts("in"))
            throw text.Error("`kind` takes `= value`, `!= value`, `in (a, b)` or `not in (a, b)`");
        return ([.. ParseList(text)], excludes);
    }

    private static RowCondition ParseColumn(PlanText text, string column)
    {
        bool excludes = text.Accepts("not");
        if (text.Accepts("in"))
            return new TextCondition(column, ParseList(text), excludes);
        string symbol = text.TakeOperator();
        bool quoted = text.SeesQuoted;
        string value = text.TakeValue();
        if (!quoted && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return new NumericCondition(column, symbol, number);
        return symbol is "=" or "!="
            ? new TextCondition(column, [value], symbol == "!=")
            : throw text.Error($"'{value}' is no number; texts are compared by =, !=, in and not in");
    }

    private static ClockCondition ParseClock(PlanText text, PlanTable table)
    {
        ClockPart part = text.Accepts("hour") ? ClockPart.Hour : ClockPart.Weekday;
        if (part == ClockPart.Weekday)
            text.Expect("weekday");
        if (table.Instant is null)
            throw FeaturesErrors.BadCombination(text.Mark, $"table '{table.Name}' has no instants, so its rows have no {part.ToString().ToLowerInvariant()}", "give the table `time` or `valid_from`");
        bool excludes = text.Accepts("not");
        if (text.Accepts("in"))
            return new ClockCondition(part, excludes ? "not in" : "in", [.. ParseList(text).Select(value => Whole(text, part, value))]);
        return new ClockCondition(part, text.TakeOperator(), [Whole(text, part, text.TakeValue())]);
    }

    private static int Whole(PlanText text, ClockPart part, string value)
    {
        (int least, int most) = part == ClockPart.Hour ? (0, 24) : (1, 7);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw text.Error(part == ClockPart.Hour ? $"'{value}' is no hour from 0 to 23" : $"'{value}' is no weekday from 1, Monday, to 7");
    }

    private static List<string> ParseList(PlanText text)
    {
        text.Expect("(");
        List<string> values = [];
        do
            values.Add(text.TakeValue());
        while (text.Accepts(","));
        text.Expect(")");
        return values;
    }
}
