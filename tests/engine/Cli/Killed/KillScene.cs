using System.Globalization;
using System.Text;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests.Killed;

/// <summary>What the killed verbs start from: a small project with a bad row in it, a model, scores, and a plain table of three partitions. Made once; each test copies what it needs.</summary>
public sealed class KillScene : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public KillScene()
    {
        Churn.Run("generate", "--customers", "300", "--months", "10", "--out", Project, "--quiet").Expect(ExitCode.Done);
        ReplaceSupportByCsv();
        Churn.Run("train", "--config", Path.Combine(Project, "churn.yaml"), "--trees", "5", "--model", Model, "--quiet").Expect(ExitCode.Done);
        File.WriteAllText(_folder["rows.csv"], PlainRows.Csv(400));
        File.WriteAllText(Table, PlainRows.Csv(40_000));
        foreach ((string model, string trees) in new[] { (TableModel, "5"), (OlderTableModel, "3") })
            Churn.Run("train", "--table", _folder["rows.csv"], "--id", "id", "--label", "Churn", "--cv", "0", "--trees", trees, "--model", model, "--quiet").Expect(ExitCode.Done);
        Churn.Run("score", "--table", Table, "--model", TableModel, "--reasons", "0", "--out", Scores, "--quiet").Expect(ExitCode.Done);
        foreach (string slice in new[] { "0/2", "1/2" })
            Churn.Run("score", "--table", Table, "--model", TableModel, "--reasons", "0", "--partition", slice, "--out", Slices, "--quiet").Expect(ExitCode.Done);
        Churn.Run("features", "backfill", "--config", Path.Combine(Project, "churn.yaml"), "--from", "2024-04-01", "--to", "2024-05-01", "--every", "1mo", "--store", Store, "--quiet").Expect(ExitCode.Done);
        File.WriteAllText(_folder["more.csv"], PlainRows.Csv(60_000));
        Churn.Run("score", "--table", _folder["more.csv"], "--model", OlderTableModel, "--reasons", "0", "--out", OlderScores, "--quiet").Expect(ExitCode.Done);
    }

    /// <summary>A folder with churn.yaml; a train, features or validate of it finds one bad row.</summary>
    public string Project => _folder["project"];

    public string Model => _folder["model.onnx"];

    /// <summary>40,000 rows.</summary>
    public string Table => _folder["table.csv"];

    public string TableModel => _folder["table.onnx"];

    public string OlderTableModel => _folder["older.onnx"];

    /// <summary>Of <see cref="Table"/>: three parts.</summary>
    public string Scores => _folder["scores"];

    /// <summary>The same, by two slices, not finished.</summary>
    public string Slices => _folder["slices"];

    /// <summary>Of another table and model: four parts.</summary>
    public string OlderScores => _folder["older-scores"];

    /// <summary>Features of <see cref="Project"/> on two dates.</summary>
    public string Store => _folder["store"];

    public void Dispose() => _folder.Dispose();

    private void ReplaceSupportByCsv()
    {
        var text = new StringBuilder("customer_id,event_at,ingested_at,ticket_kind\n");
        for (int row = 0; row < 300; row++)
        {
            DateTime at = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(row * 20);
            text.Append(CultureInfo.InvariantCulture, $"{row % 90},{(row == 7 ? "some day" : at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture))},{at.AddMinutes(5):yyyy-MM-ddTHH:mm:ssZ},billing\n");
        }
        File.WriteAllText(Path.Combine(Project, "support.csv"), text.ToString());
        File.Delete(Path.Combine(Project, "support.parquet"));
        FolderContent.Edit(Path.Combine(Project, "churn.yaml"), "support.parquet", "support.csv");
    }
}
