namespace ChurnEngine.Columns;

/// <summary>Name and type of one column.</summary>
/// <param name="Name">Not empty; compared ordinally.</param>
/// <param name="Type">Layout of the values.</param>
/// <param name="Nullable">Whether nulls may occur.</param>
public sealed record Field(string Name, ColumnType Type, bool Nullable = true)
{
    /// <summary>Remarks by key that travel with the column through Arrow IPC; null when there are none.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>True when name, type and nullability are the same; metadata are remarks and do not count.</summary>
    public bool Equals(Field? other) => other is not null && Name == other.Name && Type == other.Type && Nullable == other.Nullable;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Type, Nullable);
}

/// <summary>The ordered columns of a batch or table. Names are unique.</summary>
public sealed class Schema
{
    private readonly Dictionary<string, int> _indexByName = new(StringComparer.Ordinal);

    /// <summary>Makes a schema of <paramref name="fields"/>, in their order.</summary>
    /// <remarks>Errors: <see cref="ArgumentException"/> when a name occurs twice.</remarks>
    public Schema(params IReadOnlyList<Field> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = fields;
        for (int i = 0; i < fields.Count; i++)
        {
            if (!_indexByName.TryAdd(fields[i].Name, i))
                throw new ArgumentException($"column '{fields[i].Name}' occurs twice", nameof(fields));
        }
    }

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>Remarks by key that travel with the whole through Arrow IPC; null when there are none.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Position of a column, or -1.</summary>
    public int IndexOf(string name) => _indexByName.GetValueOrDefault(name, -1);

    /// <summary>True when names, types and order are the same; metadata do not count.</summary>
    public bool SameAs(Schema other) => Fields.SequenceEqual(other.Fields);
}
