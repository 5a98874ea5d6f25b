using ChurnEngine.Columns;
using ChurnEngine.Ingest.Conversion;

namespace ChurnEngine.Ingest.Reading;

/// <summary>Finds the type of a text column: the first of boolean, whole number, number, date and time that every value reads as,
/// by the same rules as reading under a contract; else text.</summary>
internal sealed class TypeInference
{
    private bool _any;
    private bool _boolean = true;
    private bool _integer = true;
    private bool _number = true;
    private bool _date = true;
    private bool _time = true;

    /// <summary>The type of all values seen.</summary>
    public ColumnType Type => !_any ? ColumnType.Utf8
        : _boolean ? ColumnType.Boolean
        : _integer ? ColumnType.Int64
        : _number ? ColumnType.Float64
        : _date ? ColumnType.Date32
        : _time ? ColumnType.TimestampMicros
        : ColumnType.Utf8;

    /// <summary>Looks at the values of a column.</summary>
    public void See(Utf8Column column)
    {
        for (int row = 0; row < column.Length && (_boolean || _integer || _number || _date || _time || !_any); row++)
            See(MissingText.Trim(column.GetBytes(row)));
    }

    private void See(ReadOnlySpan<byte> text)
    {
        if (MissingText.Is(text))
            return;
        _any = true;
        _boolean = _boolean && text.Length > 3 && BooleanParser.Parse(text, out _) == ParseOutcome.Value;
        // 00123 is a code, not a number: reading it as one would lose the zeros.
        bool isCode = text.Length > 1 && text[0] == '0' && char.IsAsciiDigit((char)text[1]);
        _integer = _integer && !isCode && text.IndexOfAny(".eE"u8) < 0 && IntegerParser<long>.Parse(text, out _) == ParseOutcome.Value;
        _number = _number && !isCode && Float64Parser.Parse(text, out _) == ParseOutcome.Value;
        // A bare number is a time only where the contract says so.
        bool isIso = text.Length >= 10 && text[4] == '-' && TimestampMicrosParser.Parse(text, out _) == ParseOutcome.Value;
        _date = _date && isIso && text.Length == 10;
        _time = _time && isIso;
    }
}
