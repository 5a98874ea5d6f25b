using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features.Tests.Data;

public class RowCutTests
{
    private static readonly FeaturePlan s_plan = World.Plan("  - { name: n, from: events, value: count }");

    private static readonly Field[] s_events =
    [
        new("customer_id", ColumnType.Int64), new("event_at", ColumnType.TimestampMicros), new("ingested_at", ColumnType.TimestampMicros), new("event_type", ColumnType.Utf8),
        new("stamp", ColumnType.TimestampMicros),
    ];

    private static readonly object?[][] s_rows =
    [
        [1L, World.At(1), World.At(1), "play", World.At(50)], [2L, World.At(10), World.At(10), "call", null], [3L, World.At(5), World.At(12), "play", World.At(5)], [4L, World.At(9), World.At(10), null, World.At(9)],
    ];

    public static TheoryData<RowCut, long[]> Cuts => new()
    {
        { new RowCut(), [1, 2, 3, 4] },
        { new RowCut { From = World.At(10) }, [1, 3, 4] },
        { new RowCut { From = World.At(10) + 1 }, [1, 2, 3, 4] },
        { new RowCut { KnownAfter = World.At(10) }, [1, 2, 4] },
        { new RowCut { KnownAfter = World.At(10) - 1 }, [1] },
        { new RowCut { From = World.At(5), KnownAfter = World.At(20) }, [1] },
        { new RowCut { Kind = ("events", "play") }, [2, 4] },
        { new RowCut { Kind = ("other", "play") }, [1, 2, 3, 4] },
        { new RowCut { Stamp = ("events", "stamp", World.At(9)) }, [2, 3, 4] },
        { new RowCut { From = World.At(0) }, [] },
    };

    [Theory]
    [InlineData(999_999, new long[] { 0 })]
    [InlineData(1_000_000, new long[] { 0 })]
    [InlineData(1_000_001, new long[] { 0, 1 })]
    [InlineData(2_500_000, new long[] { 0, 1, 2 })]
    public void Read_InstantsInSeconds_AreCutAtTheMicrosecond(long from, long[] expected)
    {
        FeaturePlan plan = FeaturePlan.Parse("""
            entity: id
            tables: { events: { source: e.csv, time: at, time_unit: s } }
            features: [ { name: n, from: events, value: count } ]
            """, "churn.yaml");
        var tables = new MemoryTables();
        tables.Add("events", [new("id", ColumnType.Int64), new("at", ColumnType.Int64)], [[0L, 0L], [1L, 1L], [2L, 2L], [3L, 3L]]);
        var contract = new TableContract { Columns = [new("id", ColumnType.Int64), new("at", ColumnType.Int64)] };
        long[] Ids(RowCut cut) => [.. new CutTables(tables, plan, cut).Read(new TableSource { Name = "events", Path = "e.csv" }, contract, CancellationToken.None).SelectMany(batch => batch.Values<long>("id").ToArray())];
        Assert.Equal(expected, Ids(new RowCut { From = from }));
        Assert.Equal([.. new long[] { 0, 1, 2, 3 }.Where(second => second * 1_000_000 <= from)], Ids(new RowCut { KnownAfter = from }));
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Read_Cut_LeavesOutThoseRowsAndNoOther(RowCut cut, long[] expected)
    {
        var tables = new MemoryTables { BatchSize = 3 };
        tables.Add("events", s_events, s_rows);
        var source = new TableSource { Name = "events", Path = "events.parquet" };
        var contract = new TableContract
        {
            Columns = [new("customer_id", ColumnType.Int64, NotNull: true), new("event_at", ColumnType.TimestampMicros, NotNull: true), new("ingested_at", ColumnType.TimestampMicros), new("event_type", ColumnType.Utf8)],
        };
        var keys = new List<long>();
        foreach (RecordBatch batch in new CutTables(tables, s_plan, cut).Read(source, contract, CancellationToken.None))
        {
            using (batch)
            {
                Assert.Equal(contract.Columns.Select(column => column.Name), batch.Schema.Fields.Select(field => field.Name));
                keys.AddRange(batch.Values<long>("customer_id"));
            }
        }
        Assert.Equal(expected, keys);
    }

    // A cut that takes every sign-up away asks what the events alone would say: it is no mistake in the keys.
    [Fact]
    public void Load_CutThatTakesEverySignUp_IsNoMistakeInTheKeys()
    {
        FeaturePlan plan = FeaturePlan.Parse("""
            entity: id
            tables:
              people: { source: p.csv, valid_from: since }
              events: { source: e.csv, time: at }
            features: [ { name: n, from: events, value: count } ]
            """, "churn.yaml");
        var tables = new MemoryTables();
        tables.Add("people", [new("id", ColumnType.Int64), new("since", ColumnType.TimestampMicros), new("due", ColumnType.TimestampMicros)], Enumerable.Range(0, 9).Select(i => new object?[] { (long)i, World.At(1), World.At(90) }));
        tables.Add("events", [new("id", ColumnType.Int64), new("at", ColumnType.TimestampMicros)], Enumerable.Range(0, 9).Select(i => new object?[] { (long)i, World.At(5) }));
        var budget = new JobBudget { Threads = 1 };
        using CustomerData cut = CustomerData.Load(plan, new CutTables(tables, plan, new RowCut { Stamp = ("people", "due", World.At(30)) }), budget, null, CancellationToken.None);
        Assert.Contains(cut.Warnings, warning => warning.Contains("they count for nobody", StringComparison.Ordinal));

        var strangers = new MemoryTables();
        strangers.Add("people", [new("id", ColumnType.Int64), new("since", ColumnType.TimestampMicros)], [[100L, World.At(1)]]);
        strangers.Add("events", [new("id", ColumnType.Int64), new("at", ColumnType.TimestampMicros)], Enumerable.Range(0, 9).Select(i => new object?[] { (long)i, World.At(5) }));
        Assert.Equal("CE3026", Assert.Throws<ChurnDataException>(() => CustomerData.Load(plan, strangers, budget, null, CancellationToken.None)).Code.ToString());
    }
}
