using System.Globalization;

namespace ChurnEngine.Features;

/// <summary>Something that a row meets or not, judged once when it is loaded. Two conditions are the same when they are written the same.</summary>
internal abstract record RowCondition
{
    /// <summary>The way it is written, one for all ways to write it.</summary>
    public abstract override string ToString();

    protected static bool Compare(double value, string symbol, double with) => symbol switch
    {
        "=" => value == with,
        "!=" => value != with && !double.IsNaN(value),
        "<" => value < with,
        "<=" => value <= with,
        ">" => value > with,
        _ => value >= with,
    };
}

/// <summary>Compares a numeric column with a constant; a missing value never holds.</summary>
internal sealed record NumericCondition(string Column, string Operator, double Value) : RowCondition
{
    public bool Holds(double value) => Compare(value, Operator, Value);

    public override string ToString() => $"{WhereClause.Quote(Column)} {Operator} {Value.ToString("R", CultureInfo.InvariantCulture)}";
}

/// <summary>Whether a text column holds one of some texts, or none of them; a missing value never holds.</summary>
internal sealed record TextCondition : RowCondition
{
    private readonly string[] _values;
    private readonly byte[][] _bytes;

    public TextCondition(string column, IEnumerable<string> values, bool excludes)
    {
        (Column, Excludes) = (column, excludes);
        _values = [.. values.Distinct().Order(StringComparer.Ordinal)];
        _bytes = [.. _values.Select(System.Text.Encoding.UTF8.GetBytes)];
    }

    public string Column { get; }

    public bool Excludes { get; }

    public bool Holds(ReadOnlySpan<byte> text)
    {
        if (TextCells.IsBlank(text))
            return false;
        foreach (byte[] value in _bytes)
        {
            if (text.SequenceEqual(value))
                return !Excludes;
        }
        return Excludes;
    }

    public bool Equals(TextCondition? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    public override string ToString() => $"{WhereClause.Quote(Column)} {(Excludes ? "not in" : "in")} ({string.Join(", ", _values.Select(WhereClause.Quote))})";
}

/// <summary>Which part of an instant a condition or an aggregate looks at, in the plan's time zone.</summary>
internal enum ClockPart
{
    /// <summary>0 to 23.</summary>
    Hour,
    /// <summary>1, Monday, to 7.</summary>
    Weekday,
}

/// <summary>Compares the hour or the weekday of a row's instant with a constant, or asks whether it is one of several.</summary>
internal sealed record ClockCondition : RowCondition
{
    private readonly string _operator;
    private readonly int[] _values;

    /// <param name="part">Hour or weekday.</param>
    /// <param name="symbol">A comparison, `in` or `not in`.</param>
    /// <param name="values">One for a comparison.</param>
    public ClockCondition(ClockPart part, string symbol, IEnumerable<int> values) => (Part, _operator, _values) = (part, symbol, [.. values.Distinct().Order()]);

    public ClockPart Part { get; }

    public bool Holds(int value) => _operator switch
    {
        "in" => _values.Contains(value),
        "not in" => !_values.Contains(value),
        _ => Compare(value, _operator, _values[0]),
    };

    public bool Equals(ClockCondition? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    public override string ToString()
    {
        string values = string.Join(", ", _values.Select(v => v.ToString(CultureInfo.InvariantCulture)));
        return $"{Part.ToString().ToLowerInvariant()} {_operator} {(_operator is "in" or "not in" ? $"({values})" : values)}";
    }
}

/// <summary>The row has a kind at all: part of `kind != a`, because a missing value never holds.</summary>
internal sealed record KindPresent : RowCondition
{
    public override string ToString() => "kind is given";
}
