using ChurnEngine.Columns;

namespace ChurnEngine.Ingest;

/// <summary>What is asked of one column.</summary>
/// <param name="Name">Our name, after <see cref="TableSource.Columns"/> was applied.</param>
/// <param name="Type">Type that its values must convert to.</param>
/// <param name="Required">False: a column that the file lacks is all null.</param>
/// <param name="NotNull">True: a row without a value is a bad row.</param>
public sealed record ColumnContract(string Name, ColumnType Type, bool Required = true, bool NotNull = false);

/// <summary>What is asked of a table; rows that break it are quarantined.</summary>
public sealed record TableContract
{
    /// <summary>The columns wanted, in the order wanted; other columns of the file are not read.</summary>
    public required IReadOnlyList<ColumnContract> Columns { get; init; }

    /// <summary>Names of columns that no two rows may share the values of; empty when rows may repeat.</summary>
    public IReadOnlyList<string> UniqueKey { get; init; } = [];
}
