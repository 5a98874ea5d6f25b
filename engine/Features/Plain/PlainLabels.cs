using System.Text;

namespace ChurnEngine.Features;

/// <summary>Labels of a plain table: 1 for the positive value, 0 for the other one, or the number; NaN where the label is missing.</summary>
internal sealed unsafe class PlainLabels
{
    private readonly CustomerData _data;
    private readonly int _table;
    private readonly int _column;
    private readonly float[] _labelByCode;

    /// <remarks>Errors: ChurnDataException when the column is missing, is constant, lacks the positive value, has a third value, or holds a text where it is a number.</remarks>
    public PlainLabels(CustomerData data)
    {
        LabelRule label = data.Plan.Label!;
        int table = Array.FindIndex([.. data.Plan.Tables], t => t.Name == label.Table);
        int column = data.Plan.Layouts[table].LabelText;
        string[] texts = data.Texts[table][column];
        (_data, _table, _column) = (data, table, column);
        if (data.RowCounts[table] == 0)
            throw FeaturesErrors.NoRows(label.Table);
        if (texts.Length == 0)
            throw FeaturesErrors.NoLabel(label.Table, label.Column, "it is needed for training: name a column that holds the outcome of each customer");
        if (label.IsNumberColumn)
        {
            _labelByCode = Numbers(texts, label);
            return;
        }
        string[] values = [.. texts.Select(LabelValues.Normalize).Distinct()];
        if (values.Length != 2)
            throw FeaturesErrors.LabelValues(label.Column, values.Length, string.Join(", ", values.Take(5)));
        string positive = LabelValues.Normalize(label.Positive);
        if (!values.Contains(positive))
            throw FeaturesErrors.UnknownLabelValue(label.Column, string.Join("' and '", values), label.Positive);
        _labelByCode = [.. texts.Select(t => LabelValues.Normalize(t) == positive ? 1f : 0f)];
    }

    private static float[] Numbers(string[] texts, LabelRule label)
    {
        float[] numbers = new float[texts.Length];
        for (int code = 0; code < texts.Length; code++)
        {
            if (!NumberCells.TryParse(Encoding.UTF8.GetBytes(texts[code]), out double value) || float.IsInfinity((float)value))
                throw FeaturesErrors.LabelIsNoNumber(label.Table, label.Column, texts[code]);
            numbers[code] = (float)value;
        }
        return numbers;
    }

    /// <summary>Label of a customer of a partition.</summary>
    public float Of(int partition, int customer)
    {
        TableStore store = _data.BlockOf(partition).Stores[_table];
        int row = store.First(customer);
        int code = row < store.End(customer) ? store.Texts[_column][row] : -1;
        return code < 0 ? float.NaN : _labelByCode[code];
    }
}
