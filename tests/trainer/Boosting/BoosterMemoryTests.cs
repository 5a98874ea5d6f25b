using ChurnEngine.Columns;

namespace ChurnEngine.Trainer.Tests;

// The ledger counts for the whole process, so nothing else may run beside these.
[CollectionDefinition(nameof(BoosterMemoryTests), DisableParallelization = true)]
[Collection(nameof(BoosterMemoryTests))]
public class BoosterMemoryTests
{
    // Matrices that other tests left to the finalizer must not go while this one counts.
    public BoosterMemoryTests()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Fit_AnyThreads_TakesItsMemoryBeforeTheFirstTreesAndGivesItBack(int threads)
    {
        (LabelledRows rows, _) = TestRows.Churn(50_000, seed: 1);
        using FeatureMatrix matrix = rows.Matrix;
        long before = NativeLedger.LiveBytes;
        var live = new List<(long Native, long Managed)>();
        var progress = new Probe(() => live.Add((NativeLedger.LiveBytes - before, GC.GetTotalAllocatedBytes(precise: true))));
        Booster.Fit(rows, null, new BoosterOptions { Trees = 60, Threads = threads }, progress);
        Assert.Equal(before, NativeLedger.LiveBytes);
        // Up to 16 bytes of bins a row, 8 for margins, 8 for gradients, 8 for the partition; then a histogram for each open leaf, and tables for each thread.
        Assert.InRange(live[^1].Native, 50_000 * 32, 50_000 * 40 + (31 + 2 * threads) * 8 * 256 * 24 + 65_536);
        Assert.Equal(live[^1].Native, live[30].Native);
        Assert.InRange((live[^1].Managed - live[30].Managed) / 29, 1, 400_000);
    }

    [Fact]
    public void Fit_CancelledWhileBinning_LeaksNothing()
    {
        (LabelledRows rows, _) = TestRows.Churn(50_000, seed: 1);
        using FeatureMatrix matrix = rows.Matrix;
        long before = NativeLedger.LiveBuffers;
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Booster.Fit(rows, null, new BoosterOptions(), null, source.Token));
        Assert.Equal(before, NativeLedger.LiveBuffers);
    }

    [Fact]
    public void Fit_Refused_SendsItsThreadsHome()
    {
        using FeatureMatrix matrix = FeatureMatrix.Allocate([.. Enumerable.Range(0, 32).Select(i => TestRows.Numeric($"c{i}"))], 20_000);
        matrix.Rows(0, 20_000).Fill(1);
        var rows = new LabelledRows(matrix, Enumerable.Range(0, 20_000).Select(i => i % 2f).ToArray());
        int before = Threads();
        for (int i = 0; i < 20; i++)
            Assert.Equal(4002, Assert.Throws<ChurnDataException>(() => Booster.Fit(rows, null, new BoosterOptions { Threads = 2 })).Code.Number);
        Assert.True(SpinWait.SpinUntil(() => Threads() < before + 10, TimeSpan.FromMinutes(2)), $"{before} threads before, {Threads()} after");

        static int Threads()
        {
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return process.Threads.Count;
        }
    }

    private sealed class Probe(Action look) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => look();
    }
}
