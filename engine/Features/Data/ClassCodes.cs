namespace ChurnEngine.Features;

/// <summary>What decides which features a row belongs to: its kind, and which conditions it meets.</summary>
/// <param name="Kind">Position among the layout's kinds + 1; 0 is any other.</param>
/// <param name="Conditions">Bit i: condition i holds.</param>
internal readonly record struct RowClass(int Kind, ulong Conditions) : IComparable<RowClass>
{
    public int CompareTo(RowClass other) => Kind != other.Kind ? Kind.CompareTo(other.Kind) : Conditions.CompareTo(other.Conditions);
}

/// <summary>Numbers the classes that occur, in order of first appearance; <see cref="Unite"/> makes the numbers of all loaders one.</summary>
internal sealed class ClassCodes(TableLayout layout)
{
    private readonly Dictionary<RowClass, int> _codes = [];
    private readonly List<RowClass> _classes = [];
    private readonly List<bool> _isKept = [];
    // Code + 1 by kind and conditions, where those are few; a table of more than this many classes is asked for the last one first, and then for the dictionary.
    private const int MostDirect = 1 << 12;
    private readonly int[] _direct = layout.Conditions.Length < 12 && (layout.Kinds.Length + 1) << layout.Conditions.Length <= MostDirect ? new int[(layout.Kinds.Length + 1) << layout.Conditions.Length] : [];
    private RowClass _last;
    private int _lastCode = -1;

    public IReadOnlyList<RowClass> Classes => _classes;

    /// <summary>The number of a class.</summary>
    /// <remarks>Errors: too many classes.</remarks>
    public int Of(RowClass rowClass)
    {
        int slot = _direct.Length == 0 ? -1 : (rowClass.Kind << layout.Conditions.Length) | (int)rowClass.Conditions;
        if (slot >= 0 && _direct[slot] > 0)
            return _direct[slot] - 1;
        if (_lastCode >= 0 && rowClass == _last)
            return _lastCode;
        if (!_codes.TryGetValue(rowClass, out int code))
        {
            code = _classes.Count;
            if (code > ushort.MaxValue)
                throw FeaturesErrors.TooManyClasses(layout.Table.Mark, layout.Table.Name);
            _codes.Add(rowClass, code);
            _classes.Add(rowClass);
            _isKept.Add(layout.KeepsAllRows || layout.SelectorsOf(rowClass).Length > 0);
        }
        if (slot >= 0)
            _direct[slot] = code + 1;
        (_last, _lastCode) = (rowClass, code);
        return code;
    }

    /// <summary>Whether rows of that class are of any use.</summary>
    public bool IsKept(int code) => _isKept[code];

    /// <summary>All classes in their order, and for each loader its numbers to common ones.</summary>
    public static (RowClass[] Classes, int[][] Maps) Unite(IReadOnlyList<ClassCodes> seen)
    {
        RowClass[] classes = [.. seen.SelectMany(loader => loader.Classes).Distinct().Order()];
        return (classes, [.. seen.Select(loader => loader.Classes.Select(c => Array.BinarySearch(classes, c)).ToArray())]);
    }
}
