using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>The format of a table is no part of the result: CSV, Parquet and Arrow, written by a library that knows nothing of us.</summary>
public sealed class TableFormatTests(SmallProject small)
{
    private static readonly string[] s_tables = ["customers", "payments", "support"];

    [Fact]
    public void Train_SameTableInEveryFormat_GivesTheSameModelBytes()
    {
        using var folder = new TemporaryDirectory();
        byte[] wanted = Train(small.Table, folder);
        foreach (string ending in (string[])["parquet", "arrow", "arrows"])
            Assert.Equal(wanted, Train(ForeignRuntimes.WriteTable("polars", small.Table, folder[$"table.{ending}"]), folder));
        Assert.Equal(wanted, Train(ForeignRuntimes.WriteTable("js", small.Table, folder["js.feather.arrow"]), folder));
    }

    [Theory]
    [InlineData("arrow")]
    [InlineData("arrows")]
    public void Project_OfArrowTables_GivesTheSameFeaturesModelAndScores(string ending)
    {
        using var folder = new TemporaryDirectory();
        FolderContent.Copy(small.World, folder["parquet"]);
        FolderContent.Copy(small.World, folder["arrow"]);
        foreach (string table in s_tables)
        {
            ForeignRuntimes.WriteTable("polars", folder[$"parquet/{table}.parquet"], folder[$"arrow/{table}.{ending}"]);
            File.Delete(folder[$"arrow/{table}.parquet"]);
            FolderContent.Edit(folder["arrow/churn.yaml"], $"{table}.parquet", $"{table}.{ending}");
        }
        foreach (string part in Directory.GetFiles(folder["arrow/events"]))
        {
            ForeignRuntimes.WriteTable("polars", part, Path.ChangeExtension(part, ending));
            File.Delete(part);
        }
        FolderContent.Edit(folder["arrow/churn.yaml"], "events/*.parquet", "events");

        foreach (string form in (string[])["parquet", "arrow"])
        {
            string config = folder[$"{form}/churn.yaml"];
            Churn.Run("features", "--config", config, "--out", folder[$"{form}/f.parquet"], "-q").Expect(ExitCode.Done);
            Churn.Run("train", "--config", config, "--trees", "5", "--model", folder[$"{form}/m.onnx"], "-q").Expect(ExitCode.Done);
            Churn.Run("score", "--config", config, "--model", folder[$"{form}/m.onnx"], "--out", folder[$"{form}/scores"], "-q").Expect(ExitCode.Done);
        }
        foreach (string name in (string[])["f.parquet", "m.onnx", "scores/part-00000.parquet"])
            Assert.Equal(File.ReadAllBytes(folder[$"parquet/{name}"]), File.ReadAllBytes(folder[$"arrow/{name}"]));
        Assert.Equal(Verdicts(folder["parquet/churn.yaml"]), Verdicts(folder["arrow/churn.yaml"]));
        var found = new Doctor.Diagnosis(Churn.Run("doctor", "--config", folder["arrow/churn.yaml"], "--json").Expect(ExitCode.Done));
        Assert.StartsWith("3,000 rows", found.Found("project.source.customers"), StringComparison.Ordinal);
    }

    private static byte[] Train(string table, TemporaryDirectory folder)
    {
        Churn.Run("train", "--table", table, "--id", "id", "--label", "Churn", "--cv", "2", "--trees", "10", "--model", folder["m.onnx"], "-q").Expect(ExitCode.Done);
        return File.ReadAllBytes(folder["m.onnx"]);
    }

    private static (string?, long, long)[] Verdicts(string config) => [.. Churn.Result("validate", "--config", config).GetProperty("tables").EnumerateArray()
        .Select(table => (table.GetProperty("table").GetString(), table.GetProperty("rows").GetInt64(), table.GetProperty("refused").GetInt64()))];
}
