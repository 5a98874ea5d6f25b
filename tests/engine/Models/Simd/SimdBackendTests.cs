using ChurnEngine.Columns;
using ChurnEngine.ModelSamples;

namespace ChurnEngine.Models.Tests;

public sealed class SimdBackendTests
{
    private static readonly ChurnModel Model = RandomModels.Create(31, new ModelShape { Trees = 60, Leaves = 31 });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(1023)]
    [InlineData(3000)]
    public void Predict_AnyNumberOfRows_HasTheBitsOfTheWalk(int count) => AssertSame(Model, RandomModels.Rows(32, Model, count));

    [Theory]
    [InlineData(OutputLink.Identity)]
    [InlineData(OutputLink.Exp)]
    [InlineData(OutputLink.Sigmoid)]
    public void Predict_Regression_HasTheBitsOfTheWalk(OutputLink link)
    {
        ChurnModel model = RandomModels.Regression(33, new ModelShape(), 3, link);
        AssertSame(model, RandomModels.Rows(34, model, 700));
    }

    [Fact]
    public void Predict_LinearModel_HasTheBitsOfTheWalk()
    {
        ChurnModel model = RandomLinearModels.Create(35, "mixed");
        AssertSame(model, RandomLinearModels.Rows(36, model, 700));
    }

    [Fact]
    public void Predict_Again_AllocatesNothing()
    {
        float[] rows = RandomModels.Rows(37, Model, 3000);
        float[] probability = new float[3000], margin = new float[3000];
        using var simd = new SimdBackend(Model);
        simd.Predict(rows, probability, margin);
        long before = GC.GetAllocatedBytesForCurrentThread();
        simd.Predict(rows, probability, margin);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Predict_ManyCallersAtOnce_GetWhatOneGets()
    {
        float[] rows = RandomModels.Rows(38, Model, 20_000);
        float[] expected = new float[20_000], probability = new float[20_000], margin = new float[20_000];
        using var simd = new SimdBackend(Model);
        simd.Predict(rows, expected, margin);
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, part =>
            simd.Predict(rows.AsSpan(part * 100 * simd.FeatureCount, 100 * simd.FeatureCount), probability.AsSpan(part * 100, 100), margin.AsSpan(part * 100, 100)));
        Assert.Equal(expected, probability);
    }

    [Fact]
    public void Open_GoldenRows_AreChecked()
    {
        ChurnModel saved = ModelFile.Encode(Model, RandomModels.Rows(39, Model, 100));
        using (IModelBackend simd = SimdBackend.Open(saved))
            Assert.Equal("simd", simd.Name);
        float[] wrong = [.. saved.Golden!.Predicted];
        wrong[5] += 1e-4f;
        var other = new ChurnModel { Predictor = saved.Predictor, Calibration = saved.Calibration, Metadata = saved.Metadata, Golden = saved.Golden with { Predicted = wrong } };
        ChurnModelException fault = Assert.Throws<ChurnModelException>(() => SimdBackend.Open(other));
        Assert.Equal(5010, fault.Code.Number);
        Assert.Contains("'simd'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_LengthsThatDoNotFit_Throws()
    {
        using var simd = new SimdBackend(Model);
        Assert.Throws<ArgumentException>(() => simd.Predict(new float[7], new float[1], new float[1]));
        Assert.Throws<ArgumentException>(() => simd.Predict(new float[8], new float[1], new float[2]));
    }

    private static void AssertSame(ChurnModel model, float[] rows)
    {
        int count = rows.Length / model.Predictor.FeatureCount;
        float[] probability = new float[count], margin = new float[count], expectedProbability = new float[count], expectedMargin = new float[count];
        using var simd = new SimdBackend(model);
        using var walk = new WalkBackend(model);
        simd.Predict(rows, probability, margin);
        walk.Predict(rows, expectedProbability, expectedMargin);
        Assert.Equal(Bits(expectedMargin), Bits(margin));
        Assert.Equal(Bits(expectedProbability), Bits(probability));
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
