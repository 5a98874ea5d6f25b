using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Judges every condition of a layout on every row of a batch: bit i of a row's word says that it meets condition i.</summary>
internal sealed class ConditionBits
{
    private readonly TableLayout _layout;
    private readonly TableColumns _columns;
    private readonly LocalClock _clock;
    private ulong[] _bits = [];

    public ConditionBits(TableLayout layout, TableColumns columns)
    {
        (_layout, _columns) = (layout, columns);
        _clock = new LocalClock(layout.TimeZone);
        AsksForKind = layout.Conditions.Any(condition => condition is KindPresent);
    }

    /// <summary>Some condition asks whether a row has a kind.</summary>
    public bool AsksForKind { get; }

    /// <summary>The words of all rows; empty when there is no condition.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="numbers">Has read the batch.</param>
    /// <param name="instants">Has read the batch.</param>
    /// <param name="kinds">Kind of each row; below 0 for none.</param>
    public ReadOnlySpan<ulong> Read(RecordBatch batch, NumberReader numbers, InstantReader instants, int[] kinds)
    {
        if (_layout.Conditions.Length == 0)
            return [];
        int rows = batch.Length;
        if (_bits.Length < rows)
            _bits = new ulong[rows];
        Span<ulong> bits = _bits.AsSpan(0, rows);
        bits.Clear();
        for (int i = 0; i < _layout.Conditions.Length; i++)
        {
            ulong bit = 1UL << i;
            switch (_layout.Conditions[i])
            {
                case NumericCondition condition:
                    ReadOnlySpan<double> values = numbers.Values(condition.Column, rows);
                    for (int row = 0; row < rows; row++)
                        bits[row] |= condition.Holds(values[row]) ? bit : 0;
                    break;
                case TextCondition condition:
                    ReadTexts(batch.Columns[_columns.ConditionTexts[i]], condition, bit, bits);
                    instants.BlankBits(condition.Column, bits, bit);
                    break;
                case ClockCondition condition:
                    ReadOnlySpan<long> time = instants.Time(rows);
                    for (int row = 0; row < rows; row++)
                        bits[row] |= condition.Holds(_clock.Part(condition.Part, time[row])) ? bit : 0;
                    break;
                default:
                    for (int row = 0; row < rows; row++)
                        bits[row] |= kinds[row] >= 0 ? bit : 0;
                    break;
            }
        }
        return bits;
    }

    private static void ReadTexts(Column column, TextCondition condition, ulong bit, Span<ulong> bits)
    {
        switch (column)
        {
            case Utf8Column text:
                for (int row = 0; row < bits.Length; row++)
                    bits[row] |= condition.Holds(text.GetBytes(row)) ? bit : 0;
                break;
            case DictionaryColumn dictionary:
                bool[] holds = [.. Enumerable.Range(0, dictionary.Dictionary.Length).Select(code => condition.Holds(dictionary.Dictionary.GetBytes(code)))];
                for (int row = 0; row < bits.Length; row++)
                    bits[row] |= !dictionary.IsNull(row) && holds[dictionary.Codes[row]] ? bit : 0;
                break;
            default:
                using (var printed = new Utf8Index())
                {
                    int[] ids = new int[bits.Length];
                    TextCells.Map(column, printed, ids);
                    for (int row = 0; row < bits.Length; row++)
                        bits[row] |= ids[row] >= 0 && condition.Holds(printed[ids[row]]) ? bit : 0;
                }
                break;
        }
    }
}
