using ChurnEngine.Features;
using ChurnEngine.TestKit;
using Npgsql;

namespace ChurnEngine.Cli.Tests.Killed;

/// <summary>
/// SIGKILL before every change of a file and every commit of a job that writes to a database, over the scores of an older job. After each: readers see the older scores
/// or the new ones, whole; the rerun does what is missing, and shows what an undisturbed run shows.
/// </summary>
public sealed class DatabaseKilledTests(KillScene scene, PostgresServer server, ITestOutputHelper output) : IClassFixture<KillScene>, IClassFixture<PostgresServer>
{
    private const string Shown = "SELECT id, probability, risk FROM scores ORDER BY id";

    [Fact]
    public void Sqlite_KilledAtAnyStep_ShowsOneWholeResultAndGoesOn()
    {
        using var temporary = new TemporaryDirectory();
        string older = temporary["older.sqlite"];
        Score(scene.OlderTableModel, "sqlite", older, temporary["older"]).Expect(ExitCode.Done);
        string Database(string folder) => Path.Combine(folder, "crm.sqlite");
        var kill = new KillCase("score --format sqlite", folder => File.Copy(older, Database(folder)), folder => Line(scene.TableModel, "sqlite", Database(folder), Path.Combine(folder, "scores")));
        KillEverywhere(kill, temporary, folder => Query(Database(folder)));
    }

    [Fact]
    public void Postgres_KilledAtAnyStep_ShowsOneWholeResultAndGoesOn()
    {
        using var temporary = new TemporaryDirectory();
        string connection = $"{server.Connection};Search Path=killed";
        int prepared = 0;
        void Prepare(string folder)
        {
            Execute("DROP SCHEMA IF EXISTS killed CASCADE; CREATE SCHEMA killed");
            Score(scene.OlderTableModel, "postgres", connection, temporary[$"older-{prepared++}"]).Expect(ExitCode.Done);
        }
        var kill = new KillCase("score --format postgres", Prepare, folder => Line(scene.TableModel, "postgres", connection, Path.Combine(folder, "scores")));
        KillEverywhere(kill, temporary, _ => Execute($"SET search_path = killed; {Shown}"));
    }

    private void KillEverywhere(KillCase kill, TemporaryDirectory temporary, Func<string, string[]> shown)
    {
        var point = new KillPoint(kill, temporary);
        string work = point.Prepare();
        string[] before = shown(work);
        string[] steps = point.Record(work);
        string[] after = shown(work);
        SortedDictionary<string, string> files = Files(work);
        Assert.NotEqual(before, after);
        Assert.Equal(after.Length, after.Select(row => row.Split('|')[0]).Distinct().Count());
        // The start, each of three parts, and the end.
        Assert.True(steps.Count(step => step.StartsWith("commit ", StringComparison.Ordinal)) >= 5, string.Join('\n', steps));
        int kept = 0;
        for (int step = 0; step < steps.Length; step++)
        {
            string folder = point.Prepare();
            CommandRun run = point.Signal(folder, KillPoint.SigKill, step);
            string when = $"killed before step {step} of {steps.Length}, {steps[step]}";
            Assert.True(run.ExitCode == 128 + KillPoint.SigKill, $"{when}\n{run}");
            string[] now = shown(folder);
            Assert.True(now.SequenceEqual(before) || now.SequenceEqual(after), $"{when}: {now.Length} rows are shown, which are neither the {before.Length} before nor the {after.Length} after");
            kept += Churn.Result([.. kill.Line(folder), "--quiet"]).GetProperty("scoring").GetProperty("parts_kept").GetInt32();
            Assert.True(shown(folder).SequenceEqual(after), $"{when}: the rerun shows something else");
            Assert.Equal(files, Files(folder));
        }
        Assert.True(kept > 0, "no rerun found a part that was done");
        output.WriteLine($"{kill}: {steps.Length} steps, killed before each; {kept} parts were found done");
    }

    // Pages of a SQLite file tell in which order parts came; what it shows is looked at instead.
    private static SortedDictionary<string, string> Files(string folder)
    {
        SortedDictionary<string, string> content = FolderContent.Of(folder);
        foreach (string name in content.Keys.Where(name => name.EndsWith("run.json", StringComparison.Ordinal) || name.EndsWith(".sqlite", StringComparison.Ordinal)).ToArray())
            content[name] = "";
        return content;
    }

    private string[] Line(string model, string format, string database, string folder) =>
        ["score", "--table", scene.Table, "--model", model, "--reasons", "0", "--risk", "low=0,high=0.5", "--where", "probability >= 0.1", "--format", format, "--database", database, "--out", folder];

    private CommandRun Score(string model, string format, string database, string folder) => Churn.Run([.. Line(model, format, database, folder), "--quiet"]);

    private static string[] Query(string path)
    {
        using SqliteDatabase database = SqliteDatabase.OpenForUpdates(path);
        using SqliteStatement statement = database.Prepare(Shown);
        List<string> rows = [];
        while (statement.Step())
            rows.Add($"{statement.Text(0)}|{statement.Number(1):R}|{statement.Text(2)}");
        return [.. rows];
    }

    private string[] Execute(string sql)
    {
        using var connection = new NpgsqlConnection(server.Connection);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        using NpgsqlDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        do
        {
            while (reader.Read())
                rows.Add($"{reader.GetString(0)}|{reader.GetFloat(1):R}|{reader.GetString(2)}");
        }
        while (reader.NextResult());
        return [.. rows];
    }
}
