using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.ModelSamples;

namespace ChurnEngine.OnnxBackend.Tests;

/// <summary>Counts native buffers of the whole process, so it runs alone.</summary>
[CollectionDefinition(nameof(NativeMemoryTests), DisableParallelization = true)]
[Collection(nameof(NativeMemoryTests))]
public sealed class NativeMemoryTests
{
    [Fact]
    public void Dispose_AfterCallersOfManySizes_FreesTheirMemory()
    {
        ChurnModel model = ModelFile.Encode(RandomModels.Create(98, new ModelShape()), []);
        float[] rows = RandomModels.Rows(99, model, 3000);
        long before = NativeLedger.LiveBytes;
        IModelBackend backend = OnnxModelBackend.Open(model);
        Parallel.For(1, 100, count => Outputs.Of(backend, rows[..(count * 30 * backend.FeatureCount)]));
        backend.Dispose();
        Assert.Equal(before, NativeLedger.LiveBytes);
    }
}
