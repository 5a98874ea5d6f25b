namespace ChurnEngine.Models;

/// <summary>The columns of codes of one categorical feature: a byte tells 254 categories apart, so the categories that the model names take one column for every 254.</summary>
/// <remarks>
/// <code>
///   column c:   0 .. 253  the named categories 254 c .. 254 c + 253, ascending        254  any other value        255  missing
/// </code>
/// Where all of them lie below 254, as in most tables, a category is its own code.
/// </remarks>
internal sealed unsafe class CategoryCodes
{
    private const int ColumnCodes = CategoryCodeKernel.Categories, MostColumns = 8, MostCategory = 1 << 16;
    private const ushort Unnamed = ushort.MaxValue;

    private readonly ushort[] _indexOf;
    private readonly int _firstColumn;
    private readonly bool _areCodes;

    private CategoryCodes(int[] named, int firstColumn)
    {
        int end = named.Length == 0 ? 0 : named[^1] + 1;
        _firstColumn = firstColumn;
        _areCodes = end <= ColumnCodes;
        Columns = _areCodes ? 1 : (named.Length + ColumnCodes - 1) / ColumnCodes;
        _indexOf = new ushort[end];
        _indexOf.AsSpan().Fill(Unnamed);
        for (int index = 0; index < named.Length; index++)
            _indexOf[named[index]] = (ushort)(_areCodes ? named[index] : index);
    }

    public int Columns { get; }

    /// <summary>Numbers the categories that any set of the feature names; null where they are too many to be told apart in a few bytes.</summary>
    /// <param name="sets">All sets that the feature is asked for.</param>
    /// <param name="firstColumn">Number of the first column; the others follow.</param>
    public static CategoryCodes? Of(IEnumerable<CategorySet> sets, int firstColumn)
    {
        int[] named = [.. sets.SelectMany(set => set.Codes).Distinct().Order()];
        return named.Length > ColumnCodes * MostColumns || named.Length > 0 && named[^1] >= MostCategory ? null : new CategoryCodes(named, firstColumn);
    }

    /// <summary>The look-ups that decide a test: a row goes right when every one of them says so.</summary>
    /// <param name="set">Who goes left.</param>
    /// <param name="missingGoesLeft">Whether NaN does.</param>
    /// <returns>Column and table, [256] u8: 0 left, 1 right. At least one.</returns>
    public IEnumerable<(int Column, byte[] Table)> Lookups(CategorySet set, bool missingGoesLeft)
    {
        ILookup<int, int> byColumn = set.Codes.ToLookup(code => _indexOf[code] / ColumnCodes, code => _indexOf[code] % ColumnCodes);
        for (int column = 0; column < Columns; column++)
        {
            // One column is enough to say where a missing value goes.
            bool decidesMissing = column == 0;
            if (!byColumn.Contains(column) && !decidesMissing)
                continue;
            byte[] table = new byte[CodeLookupKernel.TableLength];
            table.AsSpan().Fill(1);
            foreach (int code in byColumn[column])
                table[code] = 0;
            if (decidesMissing && missingGoesLeft)
                table[CategoryCodeKernel.Missing] = 0;
            yield return (_firstColumn + column, table);
        }
    }

    /// <summary>Makes the codes of a block.</summary>
    /// <param name="values">[count] f32, NaN where missing; room for whole vectors.</param>
    /// <param name="count">1 to 256.</param>
    /// <param name="workspace">Where the columns lie.</param>
    /// <param name="layout">How.</param>
    public void Encode(float* values, int count, byte* workspace, BlockLayout layout)
    {
        byte* codes = workspace + layout.Codes(_firstColumn);
        if (_areCodes)
        {
            CategoryCodeKernel.Run(values, codes, count);
            return;
        }
        for (int column = 0; column < Columns; column++, codes += BlockLayout.Rows)
        {
            int first = column * ColumnCodes;
            for (int row = 0; row < count; row++)
            {
                float value = values[row];
                int category = (int)value;
                int index = category == value && (uint)category < (uint)_indexOf.Length ? _indexOf[category] : Unnamed;
                byte code = (uint)(index - first) < ColumnCodes ? (byte)(index - first) : CategoryCodeKernel.Other;
                codes[row] = float.IsNaN(value) ? CategoryCodeKernel.Missing : code;
            }
        }
    }
}
