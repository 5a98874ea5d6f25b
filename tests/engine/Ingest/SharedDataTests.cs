using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Ingest.Tests;

public sealed class SharedDataTests
{
    [Fact]
    public void Telco_BlankCharges_AreNull()
    {
        string path = Repository.SharedData("telco_ibm/WA_Fn-UseC_-Telco-Customer-Churn.csv");
        using var tables = new Tables(badShareLimit: 0);
        var source = new TableSource { Name = "telco", Path = path };

        IReadOnlyList<Field> fields = tables.Session.Describe(source);
        Assert.Equal(21, fields.Count);
        Assert.Equal(ColumnType.Float64, fields.Single(field => field.Name == "TotalCharges").Type);
        Assert.Equal(ColumnType.Int64, fields.Single(field => field.Name == "tenure").Type);
        Assert.Equal(ColumnType.Utf8, fields.Single(field => field.Name == "Churn").Type);

        TableContract contract = Tables.Contract([.. fields.Select(field => new ColumnContract(field.Name, field.Type))]) with { UniqueKey = ["customerID"] };
        List<IReadOnlyList<string?>> rows = tables.Read("", contract, source);
        Assert.Equal(7043, rows.Count);
        Assert.Equal(11, rows.Count(row => row[19] is null));
        Assert.Equal(0, tables.Session.Reports[0].RowsRefused);
    }

    [Fact]
    public void Sparkify_DailyFiles_ReadAsOneTable()
    {
        string folder = Repository.SharedData("sparkify_log_2018_11/log_data");
        using var tables = new Tables(badShareLimit: 0);
        var source = new TableSource { Name = "log", Path = folder + "/*.json", Columns = new Dictionary<string, string> { ["at"] = "ts" } };

        List<IReadOnlyList<string?>> rows = tables.Read("", Tables.Contract(
            new("userId", ColumnType.Int64), new("at", ColumnType.TimestampMicros, NotNull: true), new("page", ColumnType.Utf8, NotNull: true), new("length", ColumnType.Float64), new("registration", ColumnType.TimestampMicros)), source);

        Assert.Equal(8056, rows.Count);
        Assert.All(rows, row => Assert.StartsWith("2018-11-", row[1]));
        Assert.Contains(rows, row => row[0] is null);
    }
}
