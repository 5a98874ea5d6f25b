using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Everything that is known of a block of customers, grouped: the unit of parallel work and of memory.</summary>
internal sealed class CustomerBlock(TableStore[] stores, TableStore? labelEvents) : IDisposable
{
    /// <summary>One store a table, in plan order.</summary>
    public TableStore[] Stores { get; } = stores;

    /// <summary>Rows that mean churn; null when the label knows none.</summary>
    public TableStore? LabelEvents { get; } = labelEvents;

    /// <summary>Rows of its tables.</summary>
    public long RowCount => Stores.Sum(store => (long)store.RowCount);

    /// <summary>Writes the rows as they lie in memory, table after table, those that mean churn last.</summary>
    public void WriteTo(BlockFileWriter file) => ForEach(store => store.WriteTo(file));

    /// <summary>Moves the rows to a file.</summary>
    public void MoveTo(SpillFile file) => ForEach(store => store.MoveTo(file));

    /// <summary>Lets go of what was read from the file, where the rows are in one; they are read again when needed.</summary>
    public void Rest() => ForEach(store => store.Rest());

    public void Dispose() => ForEach(store => store.Dispose());

    private void ForEach(Action<TableStore> action)
    {
        foreach (TableStore store in Stores)
            action(store);
        if (LabelEvents is not null)
            action(LabelEvents);
    }
}
