namespace ChurnEngine.Models;

/// <summary>The columns of codes of one categorical feature: a byte tells 254 categories apart, so the categories that the model names take one column for every 254.</summary>
/// <remarks>
/// <code>
///   column c:   0 .. 253  the named categories 254 c .. 254 c + 253, ascending        254  any other value        255  missing
/// </code>
/// </remarks>
internal sealed unsafe class CategoryCodes
{
    private const int ColumnCodes = 254, MostColumns = 8, MostCategory = 1 << 16;
    private const byte Other = 254, Missing = 255;
    private const ushort Unnamed = ushort.MaxValue;

    private readonly ushort[] _indexOf;
    private readonly int _firstColumn;

    private CategoryCodes(ushort[] indexOf, int named, int firstColumn)
    {
        _indexOf = indexOf;
        _firstColumn = firstColumn;
        Columns = Math.Max(1, (named + ColumnCodes - 1) / ColumnCodes);
    }

    public int Columns { get; }

    /// <summary>Numbers the categories that any set of the feature names; null where they are too many to be told apart in a few bytes.</summary>
    /// <param name="sets">All sets that the feature is asked for.</param>
    /// <param name="firstColumn">Number of the first column; the others follow.</param>
    public static CategoryCodes? Of(IEnumerable<CategorySet> sets, int firstColumn)
    {
        int[] named = [.. sets.SelectMany(set => set.Codes).Distinct().Order()];
        if (named.Length > ColumnCodes * MostColumns || named.Length > 0 && named[^1] >= MostCategory)
            return null;
        ushort[] indexOf = new ushort[named.Length == 0 ? 0 : named[^1] + 1];
        indexOf.AsSpan().Fill(Unnamed);
        for (int index = 0; index < named.Length; index++)
            indexOf[named[index]] = (ushort)index;
        return new CategoryCodes(indexOf, named.Length, firstColumn);
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
            table[Missing] = (byte)(decidesMissing && missingGoesLeft ? 0 : 1);
            yield return (_firstColumn + column, table);
        }
    }

    /// <summary>Makes the codes of a block.</summary>
    /// <param name="values">[count] f32, NaN where missing.</param>
    /// <param name="count">1 to 256.</param>
    /// <param name="workspace">Where the columns lie.</param>
    /// <param name="layout">How.</param>
    public void Encode(float* values, int count, byte* workspace, BlockLayout layout)
    {
        for (int column = 0; column < Columns; column++)
        {
            byte* codes = workspace + layout.Codes(_firstColumn + column);
            int first = column * ColumnCodes;
            for (int row = 0; row < count; row++)
            {
                float value = values[row];
                int category = (int)value;
                int index = category == value && (uint)category < (uint)_indexOf.Length ? _indexOf[category] : Unnamed;
                byte code = (uint)(index - first) < ColumnCodes ? (byte)(index - first) : Other;
                codes[row] = float.IsNaN(value) ? Missing : code;
            }
        }
    }
}
