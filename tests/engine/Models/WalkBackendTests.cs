using ChurnEngine.Columns;
using ChurnEngine.ModelSamples;

namespace ChurnEngine.Models.Tests;

public sealed class WalkBackendTests
{
    private static readonly ChurnModel Model = RandomModels.Create(21, new ModelShape());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(700)]
    public void Predict_AnyNumberOfRows_IsTheDefinition(int count)
    {
        float[] rows = RandomModels.Rows(22, Model, count);
        float[] probability = new float[count];
        float[] margin = new float[count];
        using var walk = new WalkBackend(Model);
        walk.Predict(rows, probability, margin);
        for (int row = 0; row < count; row++)
        {
            double expected = Model.Ensemble.Margin(rows.AsSpan(row * 8, 8));
            Assert.Equal((float)expected, margin[row]);
            Assert.Equal((float)Model.Calibration.Probability(expected), probability[row]);
        }
    }

    [Fact]
    public void Predict_Again_AllocatesNothing()
    {
        float[] rows = RandomModels.Rows(22, Model, 300);
        float[] probability = new float[300];
        float[] margin = new float[300];
        using var walk = new WalkBackend(Model);
        walk.Predict(rows, probability, margin);
        long before = GC.GetAllocatedBytesForCurrentThread();
        walk.Predict(rows, probability, margin);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Predict_LengthsThatDoNotFit_Throws()
    {
        using var walk = new WalkBackend(Model);
        Assert.Throws<ArgumentException>(() => walk.Predict(new float[7], new float[1], new float[1]));
        Assert.Throws<ArgumentException>(() => walk.Predict(new float[8], new float[1], new float[2]));
    }

    [Fact]
    public void Open_GoldenRowsThatDoNotReproduce_NamesRowAndValues()
    {
        ChurnModel saved = ModelFile.Encode(Model, RandomModels.Rows(23, Model, 100));
        using (WalkBackend.Open(saved))
        {
        }
        float[] wrong = [.. saved.Golden!.Predicted];
        wrong[5] += 1e-4f;
        var fault = Assert.Throws<ChurnModelException>(() => WalkBackend.Open(With(saved, saved.Golden with { Predicted = wrong })));
        Assert.Equal(5010, fault.Code.Number);
        Assert.Contains("golden row 5", fault.Message, StringComparison.Ordinal);
        Assert.Contains(wrong[5].ToString("R", System.Globalization.CultureInfo.InvariantCulture), fault.Expected, StringComparison.Ordinal);

        wrong[5] = float.NaN;
        Assert.Throws<ChurnModelException>(() => WalkBackend.Open(With(saved, saved.Golden with { Predicted = wrong })));
        Assert.Equal(5011, Assert.Throws<ChurnModelException>(() => WalkBackend.Open(Model)).Code.Number);
    }

    private static ChurnModel With(ChurnModel model, GoldenRows golden) =>
        new() { Predictor = model.Ensemble, Calibration = model.Calibration, Metadata = model.Metadata, Golden = golden };
}
