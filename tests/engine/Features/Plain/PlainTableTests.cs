using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features.Tests;

public class PlainTableTests
{
    private static readonly Field[] s_fields =
    [
        new("id", ColumnType.Utf8), new("age", ColumnType.Int32), new("charges", ColumnType.Utf8), new("contract", ColumnType.Utf8), new("note", ColumnType.Utf8),
        new("same", ColumnType.Utf8), new("one", ColumnType.Int64), new("senior", ColumnType.Boolean), new("since", ColumnType.TimestampMicros), new("empty", ColumnType.Float64), new("churn", ColumnType.Utf8),
    ];

    [Fact]
    public void Infer_TypicalTable_ChoosesFeaturesAndSaysWhatItLeftOut()
    {
        FeaturePlan plan = Infer(Rows());
        Assert.Equal(["age", "charges", "contract", "senior"], plan.Features.Select(f => f.Name));
        Assert.Equal([FeatureKind.Numeric, FeatureKind.Numeric, FeatureKind.Categorical, FeatureKind.Numeric], plan.Features.Select(f => f.Kind));
        Assert.Equal("Yes", plan.Label!.Positive);
        Assert.True(plan.IsTimeless);
        foreach (string column in (string[])["'charges' is text, mostly numbers: taken as numeric, 2 values", "'note' has 100 different texts", "'same' is constant", "'one' is constant", "'since' holds instants", "'empty' is empty"])
            Assert.Contains(plan.Warnings, w => w.Contains(column, StringComparison.Ordinal));
    }

    [Fact]
    public void Infer_Then_ModelPlan_ScoresATableWithoutLabel()
    {
        MemoryTables tables = Tables(Rows());
        FeaturePlan plan = Infer(Rows());
        using CustomerData data = Load(plan, tables);
        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = SnapshotCalendar.Propose(data).Usable }, CancellationToken.None);
        Assert.Equal(100, set.Labels.Length);
        Assert.Equal(25, set.Labels.Sum());
        Assert.Equal(["month", "year"], set.Plan.Features[2].Categories);
        Assert.Equal([new SnapshotRange(0, 0, 100, 25) { LabelMean = 0.25 }], set.Snapshots);

        // Another table, without label, with a new contract.
        var fresh = new MemoryTables();
        fresh.Add("new.csv", s_fields[..^1], [["c007", 7, "7.5", "week", "n", "x", 1, true, 0L, null], ["c008", null, " ", "year", "n", "x", 1, null, 0L, null]]);
        FeaturePlan scoring = FeaturePlan.Parse(set.Plan.ToYaml(), "model").WithSource(PlainTable.TableName, new TableSource { Name = "new.csv", Path = "new.csv" });
        Assert.Equal(plan.Hash, scoring.Hash);
        using CustomerData scored = Load(scoring, fresh);
        using FeatureSnapshot snapshot = new Featurizer(scoring, scored).Compute(FeatureSnapshot.Timeless, Population.Scoring, new JobBudget(), CancellationToken.None);
        Dictionary<string, Dictionary<string, float>> rows = World.ByKey(snapshot.Matrix, snapshot.Keys, 0, 2);
        Assert.Equal([7f, 7.5f, float.NaN, 1], rows["c007"].Values);
        Assert.Equal([float.NaN, float.NaN, 1, float.NaN], rows["c008"].Values);
        Assert.Equal("CE3030", Assert.Throws<ChurnDataException>(() => Train(scoring, scored)).Code.ToString());
    }

    [Fact]
    public void Build_RowsWithoutLabel_AreLeftOutAndCounted()
    {
        object?[][] rows = Rows();
        rows[3][^1] = null;
        rows[5][^1] = " ";
        FeaturePlan plan = Infer(rows);
        Assert.Contains(plan.Warnings, w => w.StartsWith("2 rows have no label", StringComparison.Ordinal));
        using CustomerData data = Load(plan, Tables(rows));
        using TrainingSet set = Train(plan, data);
        Assert.Equal((98, 2L), (set.Labels.Length, set.RowsWithoutLabel));
        Assert.Contains("2 rows have no label and were left out", set.Warnings);
    }

    [Theory]
    [InlineData(new[] { "Yes", "No" }, "Yes", false)]
    [InlineData(new[] { "0", "1" }, "1", false)]
    [InlineData(new[] { "TRUE", "FALSE" }, "TRUE", false)]
    [InlineData(new[] { "Existing Customer", "Attrited Customer" }, "Attrited Customer", false)]
    [InlineData(new[] { "no", "gone away" }, "gone away", false)]
    [InlineData(new[] { "red", "blue" }, "red", true)]
    public void Infer_TwoValues_FindsThePositive(string[] values, string positive, bool guessed)
    {
        object?[][] rows = Rows();
        for (int i = 0; i < rows.Length; i++)
            rows[i][^1] = values[i < 30 ? 0 : 1];
        FeaturePlan plan = Infer(rows);
        Assert.Equal(positive, plan.Label!.Positive);
        Assert.Equal(guessed, plan.Warnings.Any(w => w.Contains("the rarer one", StringComparison.Ordinal)));
    }

    [Fact]
    public void Infer_LabelsNobodyCanUse_AreRefused()
    {
        object?[][] three = Rows(), constant = Rows();
        three[0][^1] = "maybe";
        foreach (object?[] row in constant)
            row[^1] = "No";
        Assert.Contains("3: ", Refused(() => Infer(three), "CE3032").Actual, StringComparison.Ordinal);
        Assert.Contains("constant", Refused(() => Infer(constant), "CE3032").Hint, StringComparison.Ordinal);
        Assert.Equal("did you mean 'churn'?", Refused(() => Infer(Rows(), label: "chrun"), "CE3030").Hint);
        Assert.Equal("did you mean 'id'?", Refused(() => Infer(Rows(), id: "ID"), "CE3031").Hint);
        Refused(() => Infer([]), "CE3034");
    }

    private static ChurnDataException Refused(Action action, string code)
    {
        var error = Assert.Throws<ChurnDataException>(action);
        Assert.Equal(code, error.Code.ToString());
        return error;
    }

    private static TrainingSet Train(FeaturePlan plan, CustomerData data) =>
        TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [FeatureSnapshot.Timeless] }, CancellationToken.None);

    [Fact]
    public void Infer_DroppedColumn_IsNoFeatureAndAMisspeltOneIsAnError()
    {
        var columns = new PlainColumns(new TableSource { Name = "t.csv", Path = "t.csv" }, "id", "churn");
        string first = Infer(Rows()).Features[0].Name;

        FeaturePlan plan = PlainTable.Infer(Tables(Rows()), columns with { Drop = [first] }, CancellationToken.None);

        Assert.DoesNotContain(first, plan.Features.Select(feature => feature.Name));
        Assert.Equal(Infer(Rows()).Features.Count - 1, plan.Features.Count);
        foreach (string wrong in new[] { first + "x", "id", "churn" })
            Assert.Equal(3038, Assert.Throws<ChurnConfigException>(() => PlainTable.Infer(Tables(Rows()), columns with { Drop = [wrong] }, CancellationToken.None)).Code.Number);
    }

    private static FeaturePlan Infer(object?[][] rows, string id = "id", string label = "churn") =>
        PlainTable.Infer(Tables(rows), new PlainColumns(new TableSource { Name = "t.csv", Path = "t.csv" }, id, label), CancellationToken.None);

    private static CustomerData Load(FeaturePlan plan, MemoryTables tables) => CustomerData.Load(plan, tables, new JobBudget { Threads = 2 }, null, CancellationToken.None);

    private static MemoryTables Tables(object?[][] rows)
    {
        var tables = new MemoryTables { BatchSize = 7 };
        tables.Add("t.csv", s_fields, rows);
        return tables;
    }

    private static object?[][] Rows() => [.. Enumerable.Range(0, 100).Select(i => new object?[]
    {
        $"c{i:D3}", i, i is 10 or 20 ? " " : $"{i}.5", i % 3 == 0 ? "year" : "month", $"text {i}", "x", 1, i % 2 == 0, 1000L * i, null, i % 4 == 0 ? "Yes" : "No",
    })];
}
