namespace ChurnEngine.Columns;

/// <summary>One dictionary for all batches of a file, which may have but one: entries by first appearance.</summary>
internal sealed class UnifiedDictionary : IDisposable
{
    private readonly Dictionary<string, int> _codeByText = new(StringComparer.Ordinal);
    private readonly Utf8Builder _entries = new();
    private int _codeOfNull = -1;

    /// <summary>Takes in the entries of a column's dictionary.</summary>
    /// <returns>The column's codes in this numbering, 0 where null; null when its own are the same.</returns>
    public NativeBuffer<int>? Recode(DictionaryColumn column)
    {
        int[] map = new int[column.Dictionary.Length];
        bool same = true;
        for (int entry = 0; entry < map.Length; entry++)
        {
            map[entry] = CodeOf(column.Dictionary.GetString(entry));
            same &= map[entry] == entry;
        }
        if (same)
            return null;
        NativeBuffer<int> codes = NativeBuffer<int>.AllocateZeroed(column.Length);
        for (int row = 0; row < column.Length; row++)
        {
            if (!column.IsNull(row))
                codes[row] = map[column.Codes[row]];
        }
        return codes;
    }

    /// <summary>Hands the entries over.</summary>
    public Utf8Column Build() => _entries.Build();

    /// <inheritdoc/>
    public void Dispose() => _entries.Dispose();

    private int CodeOf(string? text)
    {
        if (text is null)
        {
            if (_codeOfNull < 0)
            {
                _codeOfNull = _entries.Length;
                _entries.AppendNull();
            }
            return _codeOfNull;
        }
        if (!_codeByText.TryGetValue(text, out int code))
        {
            code = _entries.Length;
            _codeByText.Add(text, code);
            _entries.Append(text);
        }
        return code;
    }
}
