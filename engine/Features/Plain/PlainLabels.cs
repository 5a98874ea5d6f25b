namespace ChurnEngine.Features;

/// <summary>Labels of a plain table: 1 for the positive value, 0 for the other one, NaN where the label is missing.</summary>
internal sealed unsafe class PlainLabels
{
    private readonly TableStore _store;
    private readonly StoreColumn<int> _codes;
    private readonly float[] _labelByCode;

    /// <remarks>Errors: ChurnDataException when the column is missing, is constant, lacks the positive value, or has a third value.</remarks>
    public PlainLabels(CustomerData data)
    {
        LabelRule label = data.Plan.Label!;
        int table = Array.FindIndex([.. data.Plan.Tables], t => t.Name == label.Table);
        int column = data.Plan.Layouts[table].LabelText;
        string[] texts = data.Texts[table][column];
        _store = data.Stores[table];
        _codes = _store.Texts[column];
        if (_store.RowCount == 0)
            throw FeaturesErrors.NoRows(label.Table);
        if (texts.Length == 0)
            throw FeaturesErrors.NoLabel(label.Table, label.Column, "it is needed for training: name a column that holds the outcome of each customer");
        string[] values = [.. texts.Select(LabelValues.Normalize).Distinct()];
        if (values.Length != 2)
            throw FeaturesErrors.LabelValues(label.Column, values.Length, string.Join(", ", values.Take(5)));
        string positive = LabelValues.Normalize(label.Positive);
        if (!values.Contains(positive))
            throw FeaturesErrors.UnknownLabelValue(label.Column, string.Join("' and '", values), label.Positive);
        _labelByCode = [.. texts.Select(t => LabelValues.Normalize(t) == positive ? 1f : 0f)];
    }

    public float Of(int customer)
    {
        long row = _store.First(customer);
        int code = row < _store.End(customer) ? _codes.Pointer[row] : -1;
        return code < 0 ? float.NaN : _labelByCode[code];
    }
}
