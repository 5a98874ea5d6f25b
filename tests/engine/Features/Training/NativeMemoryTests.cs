using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests;

/// <summary>Tests that look at the process-wide ledger run alone.</summary>
[CollectionDefinition(nameof(NativeMemoryTests), DisableParallelization = true)]
[Collection(nameof(NativeMemoryTests))]
public class NativeMemoryTests
{
    [Fact]
    public void Dispose_AllThatWasMade_LeavesNoBuffer()
    {
        var world = new World { Customers = [new(1, 0, Plan: "gold")], Events = [new(1, 1, "play"), new(1, 300, "cancel")], TextKeys = true };
        FeaturePlan plan = World.Plan("  - { name: plan, from: customers, value: category(plan) }");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = NativeLedger.LeakedBuffers;
        using (CustomerData data = world.Load(plan))
        using (TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [World.At(90)] }, CancellationToken.None))
        {
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(before, NativeLedger.LeakedBuffers);
    }
}
