using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Scoring.Tests.Outputs;

/// <summary>What must hold of scores in any database.</summary>
public abstract class DatabaseOutputTests : IDisposable
{
    private readonly IngestSession _session = new(new IngestOptions());
    private readonly WalkBackend _backend = new(SmallWorld.Model);

    private protected TemporaryDirectory Folder { get; } = new();

    /// <summary>The format under test.</summary>
    private protected abstract OutputFormat Format { get; }

    /// <summary>A database without tables of that name.</summary>
    private protected abstract DatabaseTarget Target { get; }

    /// <summary>Every cell of a query's rows as one text, joined by |.</summary>
    private protected abstract string[] Query(string sql);

    public virtual void Dispose()
    {
        _backend.Dispose();
        _session.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Run_Database_ShowsTheRowsThatFilesHold()
    {
        ScoringOptions options = Options("out") with { Risk = RiskBands.Parse("low=0,high=0.5"), PassThrough = ["plan", "days_since_play"], Reasons = 1 };
        ScoringReport report = Run(new SmallWorld(7, 0, 40), options);
        Run(new SmallWorld(7, 0, 40), options with { OutputDirectory = Folder["files"], Format = OutputFormat.Arrow, Database = null });

        Assert.Equal(["part-00000", "part-00002"], report.Manifest.Parts.Select(part => part.Name));
        Assert.Equal(47, report.Manifest.Rows);
        Assert.Equal(Files(), Query("SELECT customer_id, probability, margin, risk, plan, days_since_play, reason_1 FROM scores ORDER BY customer_id"));
        Assert.Equal([$"{report.Manifest.JobKey}|m-test|47"], Query("SELECT job_key, model, count(*) FROM scores GROUP BY job_key, model"));
        Assert.True(File.Exists(Path.Combine(options.OutputDirectory, "_SUCCESS")));
        Assert.Empty(Directory.GetFiles(options.OutputDirectory, "part-*"));
    }

    [Fact]
    public void Run_FinishedJob_IsANoOp()
    {
        ScoringReport before = Run(new SmallWorld(10, 20), Options("out"));
        var again = new SmallWorld(10, 20);
        ScoringReport report = Run(again, Options("out"));
        Assert.Equal((0, 0, 2), (again.Loads, report.PartsWritten, report.PartsKept));
        Assert.Equal(before.Manifest.Parts, report.Manifest.Parts);
    }

    [Fact]
    public void Run_AnyThreadCount_SameRowsAndHashes()
    {
        ManifestPart[] one = [.. Run(new SmallWorld(100, 200, 3, 50), Options("one"), threads: 1).Manifest.Parts];
        Query("DELETE FROM scores_parts");
        Assert.Equal(one, Run(new SmallWorld(100, 200, 3, 50), Options("four"), threads: 4).Manifest.Parts);
    }

    [Fact]
    public void Run_StoppedInTheMiddle_ShowsNothingAndTheRerunDoesTheRest()
    {
        ScoringOptions options = Options("out") with { Where = "days_since_play > 3" };
        var stopped = new SmallWorld(10, 20, 30) { BeforeLoad = partition => _ = partition == 2 ? throw new OperationCanceledException() : 0 };
        Assert.ThrowsAny<Exception>(() => Run(stopped, options, threads: 1));
        Assert.Equal(["0"], Query("SELECT count(*) FROM scores"));

        var rest = new SmallWorld(10, 20, 30);
        ScoringReport report = Run(rest, options);

        Assert.Equal((1, 1, 2), (rest.Loads, report.PartsWritten, report.PartsKept));
        Assert.Equal(60, report.Manifest.Rows + report.Manifest.LeftOut);
        Assert.Equal([report.Manifest.Rows.ToString(CultureInfo.InvariantCulture)], Query("SELECT count(*) FROM scores"));
    }

    [Fact]
    public void Run_LaterJob_ReplacesTheRowsOfItsCustomersInOneStepAtItsEnd()
    {
        Run(new SmallWorld(10, 20), Options("monday"));
        string[] monday = Shown();
        var seen = new List<string[]>();
        // Half of the same customers, and some new ones.
        var tuesday = new SmallWorld(5, 0, 8) { BeforeLoad = _ => seen.Add(Shown()) };
        ScoringReport report = Run(tuesday, Options("tuesday") with { PassThrough = ["plan"] }, threads: 1);

        Assert.Equal(3, seen.Count);
        Assert.All(seen, shown => Assert.Equal(monday, shown));
        string key = report.Manifest.JobKey;
        Assert.Equal(["13"], Query($"SELECT count(*) FROM scores WHERE job_key = '{key}'"));
        Assert.Equal(["38|38"], Query("SELECT count(*), count(DISTINCT customer_id) FROM scores"));
        Assert.Equal(["25"], Query($"SELECT count(*) FROM scores WHERE job_key <> '{key}' AND plan IS NULL"));
    }

    [Fact]
    public void Run_JobWhoseRowsALaterOneReplaced_IsDoneAgainBesideWhatIsShown()
    {
        ScoringReport first = Run(new SmallWorld(10, 20), Options("first"));
        Run(new SmallWorld(10), Options("second") with { PassThrough = ["plan"] });
        string[] before = Shown();
        var seen = new List<string[]>();
        ScoringReport again = Run(new SmallWorld(10, 20) { BeforeLoad = _ => seen.Add(Shown()) }, Options("first"), threads: 1);

        Assert.All(seen, shown => Assert.Equal(before, shown));
        Assert.Equal((2, 0), (again.PartsWritten, again.PartsKept));
        Assert.Equal(first.Manifest.Parts, again.Manifest.Parts);
        Assert.Equal([$"{first.Manifest.JobKey}|30"], Query("SELECT job_key, count(*) FROM scores GROUP BY job_key"));
        Assert.Equal(["30"], Query("SELECT count(*) FROM scores_rows"));
        Assert.Equal(["1"], Query("SELECT count(*) FROM scores_jobs"));
    }

    [Theory]
    [InlineData("UPDATE scores_rows SET probability = 0.123 WHERE customer_id = 4")]
    [InlineData("UPDATE scores_rows SET plan = NULL WHERE customer_id = 1004")]
    [InlineData("DELETE FROM scores_rows WHERE customer_id = 1")]
    [InlineData("DELETE FROM scores_parts WHERE part = 1")]
    public void Run_RowsChangedByHand_AreFoundAndMadeRight(string change)
    {
        ScoringOptions options = Options("out") with { PassThrough = ["plan"] };
        ScoringReport before = Run(new SmallWorld(10, 20), options);
        string[] shown = Shown();
        Query(change);

        ScoringReport after = Run(new SmallWorld(10, 20), options);

        Assert.True(after.PartsWritten > 0);
        Assert.Equal(before.Manifest.Parts, after.Manifest.Parts);
        Assert.Equal(shown, Shown());
    }

    [Fact]
    public void Run_JobWithFurtherColumns_AddsThemAndOldRowsHaveNone()
    {
        Run(new SmallWorld(3), Options("narrow"));
        Run(new SmallWorld(0, 4), Options("wide") with { PassThrough = ["plan"], Risk = RiskBands.Parse("any=0") });
        Assert.Equal(["3|0", "4|4"], Query("SELECT count(*), count(risk) FROM scores GROUP BY job_key ORDER BY 1"));
        Run(new SmallWorld(0, 0, 2), Options("narrow again"));
        Assert.Equal(["9"], Query("SELECT count(*) FROM scores"));
    }

    [Fact]
    public void Run_TableOfSomebodyElse_IsNotTouched()
    {
        Query("CREATE TABLE scores (film text, stars integer)");
        var error = Assert.Throws<ChurnConfigException>(() => Run(new SmallWorld(3), Options("out")));
        Assert.Equal("CE6014", error.Code.ToString());
        Query("INSERT INTO scores VALUES ('Brazil', 5)");
        Assert.Equal(["Brazil|5"], Query("SELECT * FROM scores"));
        Assert.Equal(3, Run(new SmallWorld(3), Options("out") with { Database = Target with { Table = "churn" } }).Manifest.Rows);
    }

    [Fact]
    public void Run_ColumnOfAnotherType_IsRefused()
    {
        Run(new SmallWorld(3), Options("out"));
        Query("ALTER TABLE scores_rows ADD COLUMN plan integer");
        var error = Assert.Throws<ChurnConfigException>(() => Run(new SmallWorld(3), Options("other") with { PassThrough = ["plan"] }));
        Assert.Equal("CE6014", error.Code.ToString());
        Assert.Contains("'plan'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("it's a \"table\"; DROP TABLE scores")]
    [InlineData("Größe")]
    public void Run_NameThatNeedsQuotes_IsOnlyAName(string table)
    {
        Run(new SmallWorld(3), Options("out") with { Database = Target with { Table = table } });
        Assert.Equal(["3"], Query($"SELECT count(*) FROM \"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
    }

    [Fact]
    public void Run_NoDatabaseNamed_SaysWhichOption()
    {
        var error = Assert.Throws<ChurnConfigException>(() => Run(new SmallWorld(3), Options("out") with { Database = null }));
        Assert.Equal("CE6010", error.Code.ToString());
        error = Assert.Throws<ChurnConfigException>(() => Run(new SmallWorld(3), Options("out") with { Format = OutputFormat.Csv }));
        Assert.Equal("CE6010", error.Code.ToString());
    }

    private protected ScoringOptions Options(string folder) => new() { OutputDirectory = Folder[folder], Format = Format, Database = Target };

    private protected ScoringReport Run(SmallWorld world, ScoringOptions options, int threads = 2) =>
        ScoringJob.Run(world, SmallWorld.Model, _backend, options, new ScoringRun(new JobBudget { Threads = threads }, ArrowFile.OpenSink, null, default));

    private string[] Shown() => Query("SELECT job_key, customer_id, probability, margin FROM scores ORDER BY customer_id");

    private string[] Files()
    {
        List<(long Key, string Line)> lines = [];
        foreach (string part in Directory.GetFiles(Folder["files"], "part-*"))
        {
            using Table table = ArrowFile.ReadTable(part);
            foreach (RecordBatch batch in table.Batches)
            {
                for (int row = 0; row < batch.Length; row++)
                    lines.Add((batch.Values<long>("customer_id")[row], string.Join('|', batch.Schema.Fields.Where(field => field.Name != "as_of").Select(field => CellText.Of(batch[field.Name], row)))));
            }
        }
        return [.. lines.OrderBy(line => line.Key).Select(line => line.Line)];
    }
}
