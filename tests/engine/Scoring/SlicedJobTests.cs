using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Scoring.Tests;

public sealed class SlicedJobTests : IDisposable
{
    private static readonly int[] s_partitions = [7, 0, 40, 3, 12, 1, 0, 25];
    private readonly TemporaryDirectory _folder = new();
    private readonly IngestSession _session = new(new IngestOptions());
    private readonly WalkBackend _backend = new(SmallWorld.Model);

    public void Dispose()
    {
        _backend.Dispose();
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20)]
    public void Finish_AfterAllSlices_IsTheUndividedJob(int count)
    {
        string whole = _folder["whole"], sliced = _folder["sliced"];
        Run(new SmallWorld(s_partitions), whole, Slice.Whole);
        for (int index = count - 1; index >= 0; index--)
            Run(new SmallWorld(s_partitions), sliced, new Slice(index, count));
        Assert.False(File.Exists(Path.Combine(sliced, "_SUCCESS")));

        ScoringJob.Finish(sliced, default);

        Assert.Equal(Files(whole), Files(sliced));
    }

    [Fact]
    public void Run_Slice_LoadsItsPartitionsAlone()
    {
        var loaded = new List<int>();
        Run(new SmallWorld(s_partitions) { BeforeLoad = loaded.Add }, _folder["out"], new Slice(1, 4), threads: 1);
        Assert.Equal([2, 3], loaded);
    }

    [Fact]
    public void Run_SliceAgain_ComputesNothing()
    {
        Run(new SmallWorld(s_partitions), _folder["out"], new Slice(1, 4));
        var again = new SmallWorld(s_partitions);

        ScoringReport report = Run(again, _folder["out"], new Slice(1, 4));

        Assert.Equal((0, 0, 2), (again.Loads, report.PartsWritten, report.PartsKept));
    }

    [Fact]
    public void Finish_SliceMissing_SaysWhichPartitionsAndStaysResumable()
    {
        Run(new SmallWorld(s_partitions), _folder["out"], new Slice(0, 2));

        var error = Assert.Throws<ChurnPartialException>(() => ScoringJob.Finish(_folder["out"], default));
        Assert.Equal(("CE6031", "without 4, 5, 6, 7"), (error.Code.ToString(), error.Actual));

        Run(new SmallWorld(s_partitions), _folder["out"], new Slice(1, 2));
        Assert.Equal(88, ScoringJob.Finish(_folder["out"], default).Rows);
    }

    [Fact]
    public void Finish_DamagedPart_IsCountedAsMissing()
    {
        Run(new SmallWorld(s_partitions), _folder["out"], new Slice(0, 2));
        Run(new SmallWorld(s_partitions), _folder["out"], new Slice(1, 2));
        string part = Path.Combine(_folder["out"], "part-00002.parquet");
        byte[] bytes = File.ReadAllBytes(part);
        bytes[^20] ^= 1;
        File.WriteAllBytes(part, bytes);

        var error = Assert.Throws<ChurnPartialException>(() => ScoringJob.Finish(_folder["out"], default));
        Assert.Equal("without 2", error.Actual);
    }

    [Fact]
    public void Finish_FinishedJob_IsLeftAlone_AndAStrangersFolderIsRefused()
    {
        Run(new SmallWorld(s_partitions), _folder["out"], Slice.Whole);
        Assert.Equal(88, ScoringJob.Finish(_folder["out"], default).Rows);

        Directory.CreateDirectory(_folder["empty"]);
        Assert.Equal("CE6030", Assert.Throws<ChurnConfigException>(() => ScoringJob.Finish(_folder["empty"], default)).Code.ToString());
        Assert.Equal("CE6030", Assert.Throws<ChurnConfigException>(() => ScoringJob.Finish(_folder["absent"], default)).Code.ToString());
    }

    [Fact]
    public void Run_WhileASliceWorks_OtherSlicesMayAndTheWholeJobMayNot()
    {
        bool asked = false;
        var outer = new SmallWorld(s_partitions)
        {
            BeforeLoad = _ =>
            {
                if (asked)
                    return;
                asked = true;
                Run(new SmallWorld(s_partitions), _folder["out"], new Slice(1, 2));
                Assert.Equal("CE6005", Assert.Throws<ChurnTransientException>(() => Run(new SmallWorld(s_partitions), _folder["out"], new Slice(0, 2))).Code.ToString());
                Assert.Equal("CE6005", Assert.Throws<ChurnTransientException>(() => Run(new SmallWorld(s_partitions), _folder["out"], Slice.Whole)).Code.ToString());
                Assert.Equal("CE6005", Assert.Throws<ChurnTransientException>(() => ScoringJob.Finish(_folder["out"], default)).Code.ToString());
            },
        };

        Run(outer, _folder["out"], new Slice(0, 2), threads: 1);

        Assert.Equal(88, ScoringJob.Finish(_folder["out"], default).Rows);
        Assert.Empty(Directory.GetFiles(_folder["out"], ".*"));
    }

    [Fact]
    public void Run_SliceOfAnotherJobOverAFinishedOne_LeavesTheOldResultUntilItIsWhole()
    {
        Run(new SmallWorld(s_partitions), _folder["out"], Slice.Whole);
        string[] before = Files(_folder["out"]);
        var other = new ScoringOptions { OutputDirectory = _folder["out"], PassThrough = ["plan"], Overwrite = true, Slice = new Slice(0, 2) };
        Run(new SmallWorld(s_partitions), other);
        Assert.Equal(before, Files(_folder["out"]));
        Run(new SmallWorld(s_partitions), other with { Slice = new Slice(1, 2) });

        Manifest manifest = ScoringJob.Finish(_folder["out"], default);

        Assert.Contains("plan", manifest.Columns);
        Assert.False(Directory.Exists(Path.Combine(_folder["out"], ".next")));
    }

    [Fact]
    public void Verify_FinishedJob_FindsNothing_AndFindsWhatWasChanged()
    {
        ScoringOptions options = Options(_folder["out"], Slice.Whole);
        Run(new SmallWorld(s_partitions), options);
        VerificationReport report = Verify(new SmallWorld(s_partitions), options);
        Assert.Equal((6, 88L), (report.Parts, report.Rows));
        Assert.Empty(report.Problems);

        string part = Path.Combine(_folder["out"], "part-00002.parquet");
        byte[] bytes = File.ReadAllBytes(part);
        bytes[40] ^= 1;
        File.WriteAllBytes(part, bytes);
        File.Delete(Path.Combine(_folder["out"], "part-00003.parquet"));
        File.Copy(Path.Combine(_folder["out"], "part-00004.parquet"), Path.Combine(_folder["out"], "part-00006.parquet"));
        Assert.Equal(["part-00002.parquet", "part-00003.parquet", "part-00006.parquet"], Verify(new SmallWorld(s_partitions), options).Problems.Select(problem => problem.Name));
    }

    [Fact]
    public void Verify_DataThatGivesOtherScores_SaysWhichPart()
    {
        ScoringOptions options = Options(_folder["out"], Slice.Whole);
        Run(new SmallWorld(s_partitions), options);
        // The same numbers of customers, so the same job by its inputs' names; the rows of partition 0 are one other customer's.
        var changed = new SmallWorld(s_partitions) { FirstKey = 5 };

        PartProblem[] problems = [.. Verify(changed, options).Problems];

        Assert.Equal(6, problems.Length);
        Assert.All(problems, problem => Assert.Contains("different", problem.Problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_OtherOptions_NamesWhatDiffers()
    {
        ScoringOptions options = Options(_folder["out"], Slice.Whole);
        Run(new SmallWorld(s_partitions), options);

        var error = Assert.Throws<ChurnConfigException>(() => Verify(new SmallWorld(s_partitions), options with { PassThrough = ["plan"] }));
        Assert.Equal(("CE6033", "other columns"), (error.Code.ToString(), error.Actual));
        Assert.Equal("CE6032", Assert.Throws<ChurnConfigException>(() => Verify(new SmallWorld(s_partitions), options with { OutputDirectory = _folder["empty"] })).Code.ToString());
    }

    [Fact]
    public void Run_PartitionThatLosesARow_EndsAsABug()
    {
        var lossy = new SmallWorld(s_partitions) { Claimed = 89 };
        Assert.Contains("rows in are not rows out", Assert.Throws<InvalidOperationException>(() => Run(lossy, _folder["out"], Slice.Whole)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder["out"], "_SUCCESS")));
    }

    [Fact]
    public void Run_PartOfAFinishedJobDamaged_OnlyThatOneIsComputed()
    {
        Run(new SmallWorld(s_partitions), _folder["out"], Slice.Whole);
        string[] before = Files(_folder["out"]);
        File.Delete(Path.Combine(_folder["out"], "part-00004.parquet"));
        var again = new SmallWorld(s_partitions);

        ScoringReport report = Run(again, _folder["out"], Slice.Whole);

        Assert.Equal((1, 1, 5), (again.Loads, report.PartsWritten, report.PartsKept));
        Assert.Equal(before, Files(_folder["out"]));
    }

    [Fact]
    public void Run_WriterFails_TheErrorIsItsOwnAndNothingHalfIsLeft()
    {
        var run = new ScoringRun(new JobBudget { Threads = 2 }, (path, schema) => path.EndsWith("00002.parquet", StringComparison.Ordinal) ? throw new IOException("No space left on device") : _session.OpenParquet(path, schema), null, default);
        var error = Assert.Throws<ChurnConfigException>(() => ScoringJob.Run(new SmallWorld(s_partitions), SmallWorld.Model, _backend, Options(_folder["out"], Slice.Whole), run));
        Assert.Equal("CE6009", error.Code.ToString());
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder["out"], "_SUCCESS")));

        Assert.Equal(88, Run(new SmallWorld(s_partitions), _folder["out"], Slice.Whole).Manifest.Rows);
    }

    private static ScoringOptions Options(string directory, Slice slice) => new() { OutputDirectory = directory, Slice = slice };

    private ScoringReport Run(SmallWorld world, string directory, Slice slice, int threads = 2) => Run(world, Options(directory, slice), threads);

    private ScoringReport Run(SmallWorld world, ScoringOptions options, int threads = 2) =>
        ScoringJob.Run(world, SmallWorld.Model, _backend, options, new ScoringRun(new JobBudget { Threads = threads }, _session.OpenParquet, null, default));

    private VerificationReport Verify(SmallWorld world, ScoringOptions options) =>
        ScoringJob.Verify(world, SmallWorld.Model, _backend, options, new ScoringRun(new JobBudget { Threads = 2 }, _session.OpenParquet, null, default));

    // Name and content of every file, hidden ones too.
    private static string[] Files(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*", new EnumerationOptions { AttributesToSkip = 0 }).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {OutputFolder.HashFile(file)}")];
}
