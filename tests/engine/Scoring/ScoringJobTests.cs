using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Scoring.Tests;

public sealed class ScoringJobTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly IngestSession _session = new(new IngestOptions());
    private readonly WalkBackend _backend = new(SmallWorld.Model);

    public void Dispose()
    {
        _backend.Dispose();
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Run_Partitions_WritesEveryRowOnceWithTheWalksProbability()
    {
        ScoringReport report = Run(new SmallWorld(7, 0, 40));

        Assert.Equal(47, report.Manifest.Rows);
        Assert.Equal(["part-00000.parquet", "part-00002.parquet"], report.Manifest.Parts.Select(part => part.Name));
        Assert.True(File.Exists(Path.Combine(Out, "_SUCCESS")));
        var seen = new Dictionary<long, float>();
        foreach (RecordBatch batch in Read())
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                    seen.Add(batch.Values<long>("customer_id")[row], batch.Values<float>("probability")[row]);
            }
        }
        var world = new SmallWorld(7, 0, 40);
        Assert.Equal(47, seen.Count);
        foreach (int partition in new[] { 0, 2 })
        {
            using ScoringPartition rows = world.Load(partition);
            for (int row = 0; row < rows.Matrix.RowCount; row++)
            {
                double margin = SmallWorld.Model.Ensemble.Margin(rows.Matrix.Row(row));
                Assert.Equal((float)(1 / (1 + Math.Exp(-margin))), seen[partition * 1000 + row]);
            }
        }
    }

    [Fact]
    public void Run_AnyThreadCount_SameBytes()
    {
        string[] hashes = [.. new[] { 1, 3 }.Select(threads =>
        {
            string directory = _folder[$"threads-{threads}"];
            return string.Join(' ', Run(new SmallWorld(100, 200, 3), directory, threads).Manifest.Parts.Select(part => part.Sha256));
        })];
        Assert.Equal(hashes[0], hashes[1]);
    }

    [Fact]
    public void Run_FinishedJob_ComputesNothing()
    {
        Run(new SmallWorld(10, 20));
        var again = new SmallWorld(10, 20);

        ScoringReport report = Run(again);

        Assert.Equal(0, again.Loads);
        Assert.Equal((0, 2), (report.PartsWritten, report.PartsKept));
    }

    [Fact]
    public void Run_StoppedInTheMiddle_LeavesNoSuccessAndTheRerunDoesTheRest()
    {
        var stopped = new SmallWorld(10, 20, 30) { BeforeLoad = partition => _ = partition == 2 ? throw new OperationCanceledException() : 0 };
        Assert.ThrowsAny<Exception>(() => Run(stopped, threads: 1));
        Assert.False(File.Exists(Path.Combine(Out, "_SUCCESS")));
        Assert.Empty(Directory.GetFiles(Out, ".*"));
        string kept = Path.Combine(Out, "part-00000.parquet");
        DateTime written = File.GetLastWriteTimeUtc(kept);

        ScoringReport report = Run(new SmallWorld(10, 20, 30));

        Assert.Equal((1, 2), (report.PartsWritten, report.PartsKept));
        Assert.Equal(60, report.Manifest.Rows);
        Assert.Equal(written, File.GetLastWriteTimeUtc(kept));
        Assert.Equal(Run(new SmallWorld(10, 20, 30), _folder["fresh"]).Manifest.Parts, report.Manifest.Parts);
    }

    [Fact]
    public void Run_DamagedPart_IsWrittenAgain()
    {
        ManifestPart[] before = [.. Run(new SmallWorld(10, 20)).Manifest.Parts];
        string part = Path.Combine(Out, before[1].Name);
        byte[] bytes = File.ReadAllBytes(part);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(part, bytes);

        Assert.Equal(before, Run(new SmallWorld(10, 20)).Manifest.Parts);
    }

    [Fact]
    public void Run_FolderOfAnotherJob_IsRefusedUnlessOverwrite()
    {
        Run(new SmallWorld(10));
        var other = new ScoringOptions { OutputDirectory = Out, Reasons = 1 };
        var error = Assert.Throws<ChurnConfigException>(() => Run(new SmallWorld(10), other));
        Assert.Equal("CE6001", error.Code.ToString());
        Assert.Contains("--overwrite", error.Hint, StringComparison.Ordinal);

        Assert.Contains("reason_1", Run(new SmallWorld(10), other with { Overwrite = true }).Manifest.Columns);
    }

    [Fact]
    public void Run_FolderWithStrangersFile_IsNeverTouched()
    {
        string file = _folder.Write("out/thesis.txt", "ten years of work");
        Assert.Throws<ChurnConfigException>(() => Run(new SmallWorld(10), new ScoringOptions { OutputDirectory = Out, Overwrite = true }));
        Assert.Equal("ten years of work", File.ReadAllText(file));
    }

    [Fact]
    public void Run_FolderInUse_IsRefusedAsTransientAndTheOtherRunIsNotDisturbed()
    {
        var outer = new SmallWorld(10)
        {
            BeforeLoad = _ => Assert.Equal("CE6005", Assert.Throws<ChurnTransientException>(() => Run(new SmallWorld(10))).Code.ToString()),
        };
        Assert.Equal(10, Run(outer, threads: 1).Manifest.Rows);
    }

    [Fact]
    public void Run_KilledBeforeTheJobWasNamed_StartsAgain()
    {
        _folder.Write("out/.lock", "");
        _folder.Write("out/.job.json.77-1.partial", "{");
        _folder.Write("out/.part-00000.parquet.77-2.partial", "half");

        Assert.Equal(10, Run(new SmallWorld(10)).Manifest.Rows);
        Assert.Empty(Directory.GetFiles(Out, ".*"));
    }

    [Fact]
    public void Run_OtherFeatures_NamesTheFirstThatDiffers()
    {
        var source = new SmallWorld(10) { Features = [SmallWorld.Infos[0], new FeatureInfo { Name = "age" }] };
        var error = Assert.Throws<ChurnModelException>(() => Run(source));
        Assert.Equal(("plan", "age"), (error.Expected, error.Actual));
    }

    [Fact]
    public void Run_ReasonsAndColumns_OnlyFlaggedCustomersGetReasons()
    {
        var options = new ScoringOptions { OutputDirectory = Out, Reasons = 2, ReasonsFrom = 0.5, PassThrough = ["plan", "days_since_play"] };
        Run(new SmallWorld(30), options);

        foreach (RecordBatch batch in Read("plan", "reason_1"))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                {
                    Assert.Equal(batch.Values<float>("probability")[row] < 0.5f, batch["reason_1"].IsNull(row));
                    string? plan = ((Utf8Column)batch["plan"]).GetString(row);
                    Assert.Equal((row % 3) switch { 0 => null, 1 => "free", _ => "paid" }, plan);
                }
            }
        }
    }

    [Fact]
    public void Run_UnknownColumn_SuggestsTheNearest()
    {
        var error = Assert.Throws<ChurnConfigException>(() => Run(new SmallWorld(10), new ScoringOptions { OutputDirectory = Out, PassThrough = ["paln"] }));
        Assert.Equal("did you mean 'plan'?", error.Hint);
    }

    private string Out => _folder["out"];

    private ScoringReport Run(SmallWorld world, string? directory = null, int threads = 2) =>
        Run(world, new ScoringOptions { OutputDirectory = directory ?? Out }, threads);

    private ScoringReport Run(SmallWorld world, ScoringOptions options, int threads = 2) =>
        ScoringJob.Run(world, SmallWorld.Model, _backend, options, new ScoringRun(new JobBudget { Threads = threads }, _session.OpenParquet, null, default));

    private IEnumerable<RecordBatch> Read(params string[] texts)
    {
        var contract = new TableContract
        {
            Columns =
            [
                new("customer_id", ColumnType.Int64, NotNull: true),
                new("probability", ColumnType.Float32, NotNull: true),
                .. texts.Select(name => new ColumnContract(name, ColumnType.Utf8)),
            ],
        };
        return _session.Read(new TableSource { Name = "scores", Path = Path.Combine(Out, "part-*.parquet") }, contract, default);
    }
}
