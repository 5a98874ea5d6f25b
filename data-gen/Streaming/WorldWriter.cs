using ChurnEngine.Columns;

namespace ChurnEngine.DataGen.Streaming;

/// <summary>Appends chunks to the files of a world; events go to a new part when the last has enough rows.</summary>
internal sealed class WorldWriter(OpenBatchSink openSink) : IDisposable
{
    // Fixed: where a part ends is part of the bytes.
    private const long RowsPerPart = 4_000_000;

    private readonly IBatchSink _customers = openSink(WorldTables.CustomersPath, WorldTables.Customers);
    private readonly IBatchSink _payments = openSink(WorldTables.PaymentsPath, WorldTables.Payments);
    private readonly IBatchSink _support = openSink(WorldTables.SupportPath, WorldTables.Support);
    private readonly IBatchSink _truth = openSink(TruthFile.RelativePath, TruthFile.Schema);
    private IBatchSink? _events;
    private long _partRows;

    /// <summary>What was written so far.</summary>
    public WorldReport Report { get; private set; } = new();

    public void Write(WorldChunk chunk)
    {
        _customers.Write(chunk.Customers);
        _payments.Write(chunk.Payments);
        _support.Write(chunk.Support);
        _truth.Write(chunk.Truth);
        if (_events is null)
        {
            _events = openSink(WorldTables.EventsPath(Report.EventParts), WorldTables.Events);
            Report = Report with { EventParts = Report.EventParts + 1 };
        }
        _events.Write(chunk.Events);
        _partRows += chunk.Events.Length;
        Report = Report.Plus(chunk.Counts);
        if (_partRows >= RowsPerPart)
            ClosePart();
    }

    public void Complete()
    {
        ClosePart();
        _customers.Complete();
        _payments.Complete();
        _support.Complete();
        _truth.Complete();
    }

    public void Dispose()
    {
        _events?.Dispose();
        _customers.Dispose();
        _payments.Dispose();
        _support.Dispose();
        _truth.Dispose();
    }

    private void ClosePart()
    {
        _events?.Complete();
        _events?.Dispose();
        _events = null;
        _partRows = 0;
    }
}
