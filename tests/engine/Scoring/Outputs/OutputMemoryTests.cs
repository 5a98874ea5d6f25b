using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Scoring.Tests.Outputs;

/// <summary>Watches the process-wide count of native buffers; nothing else may run beside it.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NativeMemoryGroup
{
    public const string Name = "native memory";
}

[Collection(NativeMemoryGroup.Name)]
public class OutputMemoryTests
{
    [Theory]
    [InlineData(OutputFormat.Parquet)]
    [InlineData(OutputFormat.Arrow)]
    [InlineData(OutputFormat.Csv)]
    [InlineData(OutputFormat.Sqlite)]
    public void Run_ManyJobs_LeaveNoNativeBuffer(OutputFormat format)
    {
        using var folder = new TemporaryDirectory();
        using var backend = new WalkBackend(SmallWorld.Model);
        using var session = new IngestSession(new IngestOptions());
        OpenBatchSink open = format switch { OutputFormat.Arrow => ArrowFile.OpenSink, OutputFormat.Csv => session.OpenCsv, _ => session.OpenParquet };
        long before = NativeLedger.LiveBuffers;
        for (int i = 0; i < 25; i++)
        {
            var options = new ScoringOptions
            {
                OutputDirectory = folder[$"{i}"],
                Format = format,
                Database = format.IsFile() ? null : new DatabaseTarget(folder["crm.sqlite"], "scores"),
                Where = i % 2 == 0 ? null : $"days_since_play > {i % 4}",
                Risk = RiskBands.Parse(RiskBands.Example),
                PassThrough = ["plan"],
                Reasons = 1,
            };
            ScoringJob.Run(new SmallWorld(5, 30), SmallWorld.Model, backend, options, new ScoringRun(new JobBudget { Threads = 2 }, open, null, default));
            Assert.Equal(before, NativeLedger.LiveBuffers);
        }
    }
}
