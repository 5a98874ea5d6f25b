using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features;

/// <summary>What this stage asks of Ingest; tests hand in batches of their own.</summary>
internal interface ITableReader
{
    /// <summary>Batches belong to whoever reads them, and are disposed there; false: they stay the reader's.</summary>
    bool HandsOver => true;

    /// <summary>True when rows are left out on purpose: customers whom no row signs up are then no sign of keys written in two ways.</summary>
    bool LeavesOut => false;

    /// <summary>True when the rows are a few of a table's: a column of which none is a number is then no sign of a wrong column.</summary>
    bool IsPart => false;

    /// <summary>Where the rows of a table come from.</summary>
    TableSource SourceOf(PlanTable table) => table.Source ?? throw FeaturesErrors.NoSource(table.Name);

    IReadOnlyList<Field> Describe(TableSource source);

    IEnumerable<RecordBatch> Read(TableSource source, TableContract contract, CancellationToken cancellation);
}

/// <inheritdoc/>
internal sealed class IngestTables(IngestSession session) : ITableReader
{
    public IReadOnlyList<Field> Describe(TableSource source) => session.Describe(source);

    public IEnumerable<RecordBatch> Read(TableSource source, TableContract contract, CancellationToken cancellation) => session.Read(source, contract, cancellation);
}
