namespace ChurnEngine.Features;

/// <summary>Everything that is known of a block of customers, grouped: the unit of parallel work and of memory.</summary>
internal sealed class CustomerBlock(TableStore[] stores, TableStore? labelEvents) : IDisposable
{
    /// <summary>One store a table, in plan order.</summary>
    public TableStore[] Stores { get; } = stores;

    /// <summary>Rows that mean churn; null when the label knows none.</summary>
    public TableStore? LabelEvents { get; } = labelEvents;

    public void Dispose()
    {
        foreach (TableStore store in Stores)
            store.Dispose();
        LabelEvents?.Dispose();
    }
}
