using System.Globalization;

namespace ChurnEngine.Features;

/// <summary>Compares a numeric column with a constant; a missing value never holds.</summary>
internal sealed record NumericCondition(string Column, string Operator, double Value)
{
    public bool Holds(double value) => Operator switch
    {
        "=" => value == Value,
        "!=" => value != Value && !double.IsNaN(value),
        "<" => value < Value,
        "<=" => value <= Value,
        ">" => value > Value,
        _ => value >= Value,
    };

    public override string ToString() => $"{WhereClause.Quote(Column)} {Operator} {Value.ToString("R", CultureInfo.InvariantCulture)}";
}

/// <summary>Which rows of a table a feature or a label looks at: kinds and numeric comparisons, joined by `and`.</summary>
internal sealed class WhereClause
{
    public static readonly WhereClause Everything = new([], []);

    private WhereClause(IEnumerable<string> kinds, IEnumerable<NumericCondition> conditions)
    {
        Kinds = [.. kinds.Distinct().Order(StringComparer.Ordinal)];
        Conditions = [.. conditions.Distinct().OrderBy(c => c.ToString(), StringComparer.Ordinal)];
        string[] parts = Kinds.Length switch
        {
            0 => [],
            1 => [$"kind = {Quote(Kinds[0])}"],
            _ => [$"kind in ({string.Join(", ", Kinds.Select(Quote))})"],
        };
        Canonical = string.Join(" and ", parts.Concat(Conditions.Select(c => c.ToString())));
    }

    /// <summary>Sorted; empty means any kind.</summary>
    public string[] Kinds { get; }

    public NumericCondition[] Conditions { get; }

    /// <summary>One text for all ways to write the same condition; empty for everything.</summary>
    public string Canonical { get; }

    public static WhereClause Parse(PlanText text, PlanTable table)
    {
        string[]? kinds = null;
        List<NumericCondition> conditions = [];
        do
        {
            string column = text.Take("a column");
            if (column == "kind" || column == table.Kind)
                kinds = kinds is null ? ParseKinds(text, table) : throw text.Error("`kind` is asked for twice; use kind in (a, b)");
            else
                conditions.Add(ParseNumeric(text, column));
        }
        while (text.Accepts("and"));
        return new WhereClause(kinds ?? [], conditions);
    }

    public static string Quote(string text) => '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    private static string[] ParseKinds(PlanText text, PlanTable table)
    {
        if (table.Kind is null)
            throw FeaturesErrors.BadCombination(text.Mark, $"table '{table.Name}' has no kind column", $"add `kind: <column>` to table '{table.Name}'");
        if (text.Accepts("="))
            return [text.TakeValue()];
        if (!text.Accepts("in"))
            throw text.Error("`kind` takes `= value` or `in (a, b)`");
        text.Expect("(");
        List<string> kinds = [text.TakeValue()];
        while (text.Accepts(","))
            kinds.Add(text.TakeValue());
        text.Expect(")");
        return [.. kinds];
    }

    private static NumericCondition ParseNumeric(PlanText text, string column)
    {
        string symbol = text.TakeOperator();
        string number = text.TakeValue();
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? new NumericCondition(column, symbol, value)
            : throw text.Error($"'{number}' is no number; only `kind` is compared with text");
    }
}
