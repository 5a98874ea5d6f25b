namespace ChurnEngine.Features;

/// <summary>Element type of a kept column.</summary>
internal enum CellType
{
    Int64,
    Float64,
    Int32,
    UInt16,
}

/// <summary>Which columns are kept of a table, in one fixed order: loaders, runs and stores hold an array of columns each in this order.</summary>
/// <remarks>Time first, then known, class, measures, numbers, identities, texts: ties in time are broken in that order.</remarks>
internal sealed class StoreShape
{
    private readonly List<CellType> _types = [];

    /// <param name="layout">What the plan needs; null keeps instants alone.</param>
    /// <param name="hasKnown">Whether the table says when a row became known.</param>
    public StoreShape(TableLayout? layout, bool hasKnown)
    {
        Add(CellType.Int64);
        Known = hasKnown ? Add(CellType.Int64) : -1;
        Class = layout is { HasClasses: true } ? Add(CellType.UInt16) : -1;
        Measures = _types.Count;
        AddMany(CellType.Int64, layout?.Measures.Count ?? 0);
        Numbers = _types.Count;
        AddMany(CellType.Float64, layout?.KeptNumbers.Count ?? 0);
        Identities = _types.Count;
        AddMany(CellType.Int64, layout?.Identities.Count ?? 0);
        Texts = _types.Count;
        AddMany(CellType.Int32, layout?.Texts.Count ?? 0);
    }

    public IReadOnlyList<CellType> Types => _types;

    /// <summary>Position of the instant's column.</summary>
    public static int Time => 0;

    /// <summary>Position, or -1: known as it happened.</summary>
    public int Known { get; }

    /// <summary>Position, or -1: there is one class.</summary>
    public int Class { get; }

    /// <summary>Position of the first; the others follow.</summary>
    public int Measures { get; }
    public int Numbers { get; }
    public int Identities { get; }
    public int Texts { get; }

    /// <summary>Bytes of one row.</summary>
    public int RowBytes => _types.Sum(type => type switch { CellType.Int32 => 4, CellType.UInt16 => 2, _ => 8 });

    private int Add(CellType type)
    {
        _types.Add(type);
        return _types.Count - 1;
    }

    private void AddMany(CellType type, int count)
    {
        for (int i = 0; i < count; i++)
            Add(type);
    }
}
