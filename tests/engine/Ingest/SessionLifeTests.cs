using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Tests;

[Collection(NativeMemoryGroup.Name)]
public sealed class SessionLifeTests
{
    private static readonly TableContract s_contract = Tables.Contract(new("x", ColumnType.Int64), new("s", ColumnType.Float32), new("gone", ColumnType.Utf8, Required: false));

    [Fact]
    public void ReadAndWrite_ManySessions_LeaveNoBuffer()
    {
        long before = NativeLedger.LiveBuffers;
        for (int i = 0; i < 20; i++)
        {
            using var tables = new Tables(badShareLimit: 1);
            tables.Folder.Write("a.csv", "x,s\n1,2\nbad,2\n3\n4,4\n");
            Assert.Equal(2, tables.Read("a.csv", s_contract with { UniqueKey = ["x"] }).Count);
            tables.WriteParquet("a.parquet", Tables.Int64("x", 1, 2), Tables.Float64("s", 1, double.NaN)).ToString();
            Assert.Equal(2, tables.Read("a.parquet", s_contract).Count);
        }
        // What Tables.WriteParquet hands to a batch is disposed with it.
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Fact]
    public void Read_ErrorsOnEveryPath_LeaveNoBuffer()
    {
        long before = NativeLedger.LiveBuffers;
        using (var tables = new Tables(badShareLimit: 0))
        {
            tables.Folder.Write("a.csv", "x,s\n" + string.Concat(Enumerable.Repeat("1,1\nbad,2\n", 20_000)));
            tables.Folder.Write("b.parquet", "PAR1xxxxxxxxxxxxxxxxPAR1");
            foreach (string path in new[] { "a.csv", "b.parquet", "c.csv" })
                Assert.Throws<ChurnDataException>(() => tables.Read(path, s_contract with { UniqueKey = ["x"] }));
        }
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Fact]
    public void Read_StoppedEarly_LeavesNoBufferAndNoReport()
    {
        long before = NativeLedger.LiveBuffers;
        using (var tables = new Tables())
        {
            tables.WriteParquet("a.parquet", Tables.Int64("x", [.. Enumerable.Range(0, 300_000).Select(i => (long?)i)]), Tables.Float64("s", new double?[300_000]));
            foreach (RecordBatch batch in tables.Session.Read(new TableSource { Name = "t", Path = tables.Folder["a.parquet"] }, s_contract, CancellationToken.None))
            {
                batch.Dispose();
                break;
            }
            Assert.Empty(tables.Session.Reports);
        }
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Fact]
    public void Read_Cancelled_StopsWithThatToken()
    {
        long before = NativeLedger.LiveBuffers;
        using (var tables = new Tables())
        {
            tables.WriteParquet("a.parquet", Tables.Int64("x", [.. Enumerable.Range(0, 300_000).Select(i => (long?)i)]), Tables.Float64("s", new double?[300_000]));
            using var cancel = new CancellationTokenSource();
            long rows = 0;
            OperationCanceledException stopped = Assert.Throws<OperationCanceledException>(() =>
            {
                foreach (RecordBatch batch in tables.Session.Read(new TableSource { Name = "t", Path = tables.Folder["a.parquet"] }, s_contract, cancel.Token))
                {
                    rows += batch.Length;
                    batch.Dispose();
                    cancel.Cancel();
                }
            });
            Assert.Equal(cancel.Token, stopped.CancellationToken);
            Assert.InRange(rows, 1, 100_000);
        }
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Fact]
    public void Stream_InterruptedInTheMiddleOfOneLongQuery_Stops()
    {
        using var database = new DuckDb.DuckDbDatabase(threads: 2, memoryBytes: 256 << 20);
        using DuckDb.DuckDbConnection connection = database.Connect();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        // Hours of work before the first row: only the interrupt ends it.
        const string endless = "SELECT CAST(count(*) AS BIGINT) AS n FROM range(100000000) a, range(100000000) b WHERE a.range * b.range = 7";
        Assert.ThrowsAny<OperationCanceledException>(() => connection.Stream(endless, cancel.Token).ToList());
    }

    [Fact]
    public void Read_TwoTablesInLockstep_EachInItsOwnOrder()
    {
        using var tables = new Tables();
        tables.WriteParquet("a.parquet", Tables.Int64("x", [.. Enumerable.Range(0, 50_000).Select(i => (long?)i)]));
        tables.Folder.Write("b.csv", "x\n" + string.Join('\n', Enumerable.Range(0, 50_000)));
        var contract = Tables.Contract(new ColumnContract("x", ColumnType.Int64));
        IEnumerable<long> Values(string name) => tables.Session.Read(new TableSource { Name = name, Path = tables.Folder[name] }, contract, CancellationToken.None)
            .SelectMany(batch => { using (batch) return batch.Values<long>("x").ToArray(); });
        Assert.All(Values("a.parquet").Zip(Values("b.csv")), pair => Assert.Equal(pair.First, pair.Second));
    }
}
