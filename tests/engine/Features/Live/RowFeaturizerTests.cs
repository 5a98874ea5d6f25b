using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features.Tests.Live;

/// <summary>Rows of a plain table that come in batches have the features that a job over the whole table computes.</summary>
public class RowFeaturizerTests
{
    private static readonly Field[] s_fields = [new("id", ColumnType.Utf8), new("age", ColumnType.Int32), new("charges", ColumnType.Utf8), new("contract", ColumnType.Utf8), new("senior", ColumnType.Boolean), new("churn", ColumnType.Utf8)];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Compute_BatchesOfAnySize_AreTheFeaturesOfTheWholeInTheirOrder(int size)
    {
        object?[][] rows = Rows();
        MemoryTables tables = Tables(rows);
        FeaturePlan plan = Frozen(tables);
        using CustomerData data = CustomerData.Load(plan, tables, new JobBudget(), null, CancellationToken.None);
        using FeatureSnapshot whole = new Featurizer(plan, data).Compute(FeatureSnapshot.Timeless, Population.Scoring, new JobBudget(), CancellationToken.None);
        var expected = Enumerable.Range(0, rows.Length).ToDictionary(i => ((Utf8Column)whole.Keys).GetString(i)!, i => whole.Matrix.Row(i).ToArray());

        var featurizer = new RowFeaturizer(plan);
        int next = 0;
        foreach (object?[][] chunk in rows.Chunk(size))
        {
            using RecordBatch batch = Batch(chunk);
            using FeatureMatrix matrix = featurizer.Compute(batch);
            Assert.Equal(chunk.Length, matrix.RowCount);
            for (int row = 0; row < chunk.Length; row++)
                Assert.Equal(expected[(string)rows[next++][0]!], matrix.Row(row).ToArray());
        }
        Assert.Equal(rows.Length, next);
    }

    [Fact]
    public void Compute_TwoRowsOfOneKeyAndNone_AreRowsOfTheirOwn()
    {
        var featurizer = new RowFeaturizer(Frozen(Tables(Rows())));
        using RecordBatch batch = Batch([["same", 30, "7", "month", true, null], ["same", 40, "8", "year", false, null], [null, 50, "n/a", "never seen", null, "what"]]);
        using FeatureMatrix matrix = featurizer.Compute(batch);
        Assert.Equal([30, 7, 0, 1], matrix.Row(0).ToArray());
        Assert.Equal([40, 8, 1, 0], matrix.Row(1).ToArray());
        Assert.Equal([50, float.NaN, float.NaN, float.NaN], matrix.Row(2).ToArray());
    }

    [Fact]
    public void Compute_NoRow_IsAnEmptyMatrix()
    {
        using RecordBatch batch = Batch([]);
        using FeatureMatrix matrix = new RowFeaturizer(Frozen(Tables(Rows()))).Compute(batch);
        Assert.Equal(0, matrix.RowCount);
    }

    [Fact]
    public void Compute_InfiniteNumber_IsAnError()
    {
        var tables = new MemoryTables();
        tables.Add("table.csv", [new("id", ColumnType.Utf8), new("age", ColumnType.Float64), new("churn", ColumnType.Utf8)], Enumerable.Range(0, 50).Select(i => new object?[] { $"{i}", i * 0.5, i % 2 == 0 ? "yes" : "no" }));
        var featurizer = new RowFeaturizer(Frozen(tables));
        using var ids = new Utf8Builder();
        ids.Append("a");
        using var ages = new PrimitiveBuilder<double>(ColumnType.Float64);
        ages.Append(double.PositiveInfinity);
        using var batch = new RecordBatch(new Schema(new Field("id", ColumnType.Utf8), new Field("age", ColumnType.Float64)), [ids.Build(), ages.Build()], 1);
        Assert.ThrowsAny<ChurnDataException>(() => featurizer.Compute(batch));
    }

    private static FeaturePlan Frozen(MemoryTables tables)
    {
        FeaturePlan plan = PlainTable.Infer(tables, new PlainColumns(new TableSource { Name = "table.csv", Path = "table.csv" }, "id", "churn"), CancellationToken.None);
        using CustomerData data = CustomerData.Load(plan, tables, new JobBudget(), null, CancellationToken.None);
        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = SnapshotCalendar.Propose(data).Usable }, CancellationToken.None);
        return FeaturePlan.Parse(set.Plan.ToYaml(), "model").WithSource(PlainTable.TableName, new TableSource { Name = "table.csv", Path = "table.csv" });
    }

    private static MemoryTables Tables(object?[][] rows)
    {
        var tables = new MemoryTables();
        tables.Add("table.csv", s_fields, rows);
        return tables;
    }

    private static object?[][] Rows() =>
    [
        .. Enumerable.Range(0, 500).Select(i => new object?[]
        {
            $"c{i * 7919 % 500}", i % 9 == 0 ? null : 18 + i % 60, i % 11 == 0 ? " " : (i * 0.25).ToString(CultureInfo.InvariantCulture), i % 13 == 0 ? null : i % 3 == 0 ? "year" : "month", i % 5 == 0 ? null : i % 2 == 0, i % 4 == 0 ? "yes" : "no",
        }),
    ];

    private static RecordBatch Batch(object?[][] rows)
    {
        using var ids = new Utf8Builder();
        using var ages = new PrimitiveBuilder<int>(ColumnType.Int32);
        using var charges = new Utf8Builder();
        using var contracts = new DictionaryBuilder();
        using var seniors = new BooleanBuilder();
        foreach (object?[] row in rows)
        {
            ids.Append((string?)row[0]);
            if (row[1] is int age)
                ages.Append(age);
            else
                ages.AppendNull();
            charges.Append((string?)row[2]);
            contracts.Append((string?)row[3]);
            if (row[4] is bool senior)
                seniors.Append(senior);
            else
                seniors.AppendNull();
        }
        // Another order than the file's, and no label.
        return new RecordBatch(new Schema(new("senior", ColumnType.Boolean), new("contract", ColumnType.Dictionary), new("charges", ColumnType.Utf8), new("age", ColumnType.Int32), new Field("id", ColumnType.Utf8)),
            [seniors.Build(), contracts.Build(), charges.Build(), ages.Build(), ids.Build()], rows.Length);
    }
}
