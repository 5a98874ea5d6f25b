using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Scoring.Tests.Outputs;

/// <summary>Which rows are written, and the forms of files they are written in.</summary>
public sealed class RowsAndFilesTests : IDisposable
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
    public void Run_EachFileFormat_HoldsTheSameRows()
    {
        var world = new SmallWorld(7, 0, 40);
        string[] parquet = Rows(Run(world, Options("parquet") with { Risk = RiskBands.Parse("low=0,high=0.5"), PassThrough = ["plan"], Reasons = 1, ReasonsFrom = 0.5 }));
        Assert.Equal(47, parquet.Length);
        foreach (OutputFormat format in new[] { OutputFormat.Arrow, OutputFormat.Csv })
        {
            ScoringReport report = Run(world, Options(format.NameOf()) with { Format = format, Risk = RiskBands.Parse("low=0,high=0.5"), PassThrough = ["plan"], Reasons = 1, ReasonsFrom = 0.5 });
            Assert.Equal([$"part-00000.{format.NameOf()}", $"part-00002.{format.NameOf()}"], report.Manifest.Parts.Select(part => part.Name));
            Assert.Equal(format.NameOf(), report.Manifest.Format);
            Assert.Equal(parquet, Rows(report));
        }
    }

    [Fact]
    public void Run_Csv_WritesInstantsInUtcShortestNumbersAndNothingForANull()
    {
        Run(new SmallWorld(4), Options("csv") with { Format = OutputFormat.Csv, PassThrough = ["plan", "days_since_play"] });
        string[] lines = File.ReadAllLines(_folder["csv/part-00000.csv"]);
        Assert.Equal("customer_id,as_of,probability,margin,plan,days_since_play", lines[0]);
        string[] first = lines[1].Split(',');
        Assert.Equal(["0", "2023-11-14T22:13:20.000000Z", "", ""], [first[0], first[1], first[4], first[5]]);
        float margin = (float)SmallWorld.Model.Ensemble.Margin([float.NaN, float.NaN]);
        Assert.Equal(margin, float.Parse(first[3], CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(OutputFormat.Parquet)]
    [InlineData(OutputFormat.Arrow)]
    [InlineData(OutputFormat.Csv)]
    public void Run_AnyThreadCount_SameBytes(OutputFormat format)
    {
        string[] hashes = [.. new[] { 1, 3 }.Select(threads => string.Join(' ',
            Run(new SmallWorld(100, 200, 3), Options($"{threads}") with { Format = format, Where = "days_since_play < 90", Risk = RiskBands.Parse(RiskBands.Example) }, threads).Manifest.Parts))];
        Assert.Equal(hashes[0], hashes[1]);
    }

    [Fact]
    public void Run_AnotherFormatWithOverwrite_LeavesNoPartOfTheOld()
    {
        Run(new SmallWorld(10, 20, 30), Options("out"));
        Run(new SmallWorld(10, 20), Options("out") with { Format = OutputFormat.Csv, Overwrite = true });
        Assert.Equal(["part-00000.csv", "part-00001.csv"], Directory.GetFiles(_folder["out"], "part-*").Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Run_TwoDamagedParts_BothAreWrittenAgain()
    {
        ManifestPart[] before = [.. Run(new SmallWorld(10, 20, 30), Options("out") with { Format = OutputFormat.Arrow }).Manifest.Parts];
        foreach (ManifestPart part in before.Take(2))
            File.AppendAllText(_folder[$"out/{part.Name}"], "x");

        ScoringReport again = Run(new SmallWorld(10, 20, 30), Options("out") with { Format = OutputFormat.Arrow });

        Assert.Equal((2, 1), (again.PartsWritten, again.PartsKept));
        Assert.Equal(before, again.Manifest.Parts);
    }

    [Fact]
    public void Run_Where_WritesTheRowsThatMeetItAndCountsTheOthers()
    {
        string[] all = Rows(Run(new SmallWorld(50, 60), Options("all") with { PassThrough = ["plan", "days_since_play"] }));
        ScoringReport report = Run(new SmallWorld(50, 60), Options("some") with { PassThrough = ["plan", "days_since_play"], Where = "probability >= 0.5 and (plan != free or days_since_play > 40)" });

        string[] expected = [.. all.Where(line => line.Split('|') is var c && float.Parse(c[2], CultureInfo.InvariantCulture) >= 0.5
            && ((c[4] != "" && c[4] != "free") || (c[5] != "" && float.Parse(c[5], CultureInfo.InvariantCulture) > 40)))];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Rows(report));
        Assert.Equal(110, report.Manifest.Rows + report.Manifest.LeftOut);
        Assert.Equal(expected.Length, report.Manifest.Rows);
    }

    [Fact]
    public void Run_WhereThatNobodyMeets_WritesNoPartAndSaysSo()
    {
        ScoringReport report = Run(new SmallWorld(5, 0, 6), Options("none") with { Where = "probability > 1" });
        Assert.Empty(report.Manifest.Parts);
        Assert.Equal((0L, 11L), (report.Manifest.Rows, report.Manifest.LeftOut));
        Assert.Empty(Rows(report));
        Assert.Equal(0, Run(new SmallWorld(5, 0, 6), Options("none") with { Where = "probability > 1" }).PartsWritten);
    }

    [Fact]
    public void Run_StoppedWithWhere_TheRerunCountsTheSame()
    {
        ScoringOptions options = Options("out") with { Where = "days_since_play > 12", Reasons = 1 };
        var stopped = new SmallWorld(30, 20, 40) { BeforeLoad = partition => _ = partition == 2 ? throw new OperationCanceledException() : 0 };
        Assert.ThrowsAny<Exception>(() => Run(stopped, options, threads: 1));

        ScoringReport report = Run(new SmallWorld(30, 20, 40), options);

        Assert.Equal((1, 2), (report.PartsWritten, report.PartsKept));
        Assert.Equal(Run(new SmallWorld(30, 20, 40), Options("fresh") with { Where = "days_since_play > 12", Reasons = 1 }).Manifest.Parts, report.Manifest.Parts);
    }

    [Fact]
    public void Key_ConditionWrittenInTwoWays_IsTheSame_AndOfAnotherConditionIsNot()
    {
        string[] keys = [.. new[] { "probability>=0.5 AND days_since_play<3", "(probability >= 0.50) and days_since_play < 3", "probability >= 0.5 and days_since_play < 4" }
            .Select((where, i) => Run(new SmallWorld(3), Options($"{i}") with { Where = where }).Manifest.JobKey)];
        Assert.Equal(keys[0], keys[1]);
        Assert.NotEqual(keys[0], keys[2]);
    }

    [Theory]
    [InlineData("tenure > 3", "CE3002", "tenure")]
    [InlineData("probability >", "CE3001", "missing")]
    [InlineData("plan = gold", "CE3002", "gold")]
    public void Run_ConditionThatCannotBeRead_SaysSo(string where, string code, string said)
    {
        var error = Assert.ThrowsAny<ChurnConfigException>(() => Run(new SmallWorld(3), Options("out") with { Where = where }));
        Assert.Equal(code, error.Code.ToString());
        Assert.StartsWith("--where: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void Run_FeatureCalledLikeAScore_CannotStandBesideIt()
    {
        var options = Options("out") with { PassThrough = ["probability"] };
        var world = new SmallWorld(3) { Features = [new FeatureInfo { Name = "probability" }, SmallWorld.Infos[1]] };
        var model = new ChurnModel { Predictor = SmallWorld.Model.Predictor, Metadata = new ModelMetadata { Features = world.Features, PlanHash = new string('a', 64) }, Version = "m-test" };
        var error = Assert.Throws<ChurnConfigException>(() => ScoringJob.Run(world, model, _backend, options, Budget(OutputFormat.Parquet, 1)));
        Assert.Equal("CE6008", error.Code.ToString());
    }

    private ScoringOptions Options(string folder) => new() { OutputDirectory = _folder[folder] };

    private ScoringReport Run(SmallWorld world, ScoringOptions options, int threads = 2) => ScoringJob.Run(world, SmallWorld.Model, _backend, options, Budget(options.Format, threads));

    private ScoringRun Budget(OutputFormat format, int threads)
    {
        OpenBatchSink open = format switch { OutputFormat.Arrow => ArrowFile.OpenSink, OutputFormat.Csv => _session.OpenCsv, _ => _session.OpenParquet };
        return new ScoringRun(new JobBudget { Threads = threads }, open, null, default);
    }

    // Every row as text, by Ingest: parts in order, rows in order.
    private string[] Rows(ScoringReport report)
    {
        string directory = Path.GetDirectoryName(Directory.GetFiles(_folder.Path, "manifest.json", SearchOption.AllDirectories).Single(file => Manifest.TryRead(Path.GetDirectoryName(file)!)!.JobKey == report.Manifest.JobKey))!;
        if (report.Manifest.Rows == 0)
            return [];
        var source = new TableSource { Name = "scores", Path = Path.Combine(directory, $"part-*.{report.Manifest.Format}"), Format = Enum.Parse<FileFormat>(report.Manifest.Format, ignoreCase: true) };
        ColumnType TypeOf(string name) => name switch { "customer_id" => ColumnType.Int64, "as_of" => ColumnType.TimestampMicros, "probability" or "margin" or "days_since_play" => ColumnType.Float32, _ => ColumnType.Utf8 };
        var contract = new TableContract { Columns = [.. report.Manifest.Columns.Select(name => new ColumnContract(name, TypeOf(name)))] };
        List<string> lines = [];
        foreach (RecordBatch batch in _session.Read(source, contract, default))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                    lines.Add(string.Join('|', batch.Columns.Select(column => CellText.Of(column, row))));
            }
        }
        return [.. lines];
    }
}
