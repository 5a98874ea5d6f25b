using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.ModelSamples;

namespace ChurnEngine.OnnxBackend.Tests;

public sealed class OnnxModelBackendTests
{
    private const float Tolerance = 1e-6f;

    public static TheoryData<string, OnnxProfile> Cases
    {
        get
        {
            var cases = new TheoryData<string, OnnxProfile>();
            foreach (string name in SampleShapes.All.Keys)
            {
                cases.Add(name, OnnxProfile.Default);
                cases.Add(name, OnnxProfile.Compatible);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Predict_AnyModel_EqualsTheWalk(string shape, OnnxProfile profile)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            ChurnModel model = RandomModels.Create(seed, SampleShapes.All[shape]);
            float[] rows = RandomModels.Rows(seed + 100, model, 2000);
            Outputs expected = Outputs.Of(new WalkBackend(model), rows);
            using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows, profile));
            Outputs actual = Outputs.Of(backend, rows);

            expected.AssertNear(actual, Tolerance, $"{shape}, seed {seed}");
            // In double every sum keeps its order, so not even the last bit may differ.
            if (profile == OnnxProfile.Default)
                Assert.Equal(expected.Margin, actual.Margin);
        }
    }

    [Theory]
    [InlineData(OnnxProfile.Default, 1e-4f)]
    [InlineData(OnnxProfile.Compatible, 1e-2f)]
    public void Predict_Regression_GivesTheValueOfTheWalk(OnnxProfile profile, float tolerance)
    {
        ChurnModel model = RandomModels.Regression(21, SampleShapes.All["numeric and categorical"], scale: 1000);
        float[] rows = RandomModels.Rows(22, model, 10_000);
        using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows, profile));
        Outputs actual = Outputs.Of(backend, rows), expected = Outputs.Of(new WalkBackend(model), rows);
        expected.AssertNear(actual, tolerance, profile.ToString());
        Assert.Equal(actual.Probability, actual.Margin);
        Assert.Contains(expected.Probability, value => Math.Abs(value) > 100);
    }

    [Theory]
    [InlineData(OnnxProfile.Default, 1e-6f)]
    [InlineData(OnnxProfile.Compatible, 1e-4f)]
    public void Predict_RegressionBehindExp_GivesTheValueOfTheWalk(OnnxProfile profile, float tolerance)
    {
        ChurnModel model = RandomModels.Regression(21, SampleShapes.All["numeric and categorical"], scale: 5, OutputLink.Exp);
        float[] rows = RandomModels.Rows(22, model, 10_000);
        using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows, profile));
        Outputs actual = Outputs.Of(backend, rows), expected = Outputs.Of(new WalkBackend(model), rows);
        Assert.Equal(actual.Probability, actual.Margin);
        Assert.InRange(expected.Probability.Max() / expected.Probability.Min(), 100, float.MaxValue);
        for (int row = 0; row < 10_000; row++)
            Assert.Equal(1, actual.Probability[row] / expected.Probability[row], tolerance);
    }

    [Fact]
    public void Predict_AnyBatchSize_GivesTheSameBits()
    {
        ChurnModel model = RandomModels.Create(31, new ModelShape { Trees = 100 });
        float[] rows = RandomModels.Rows(32, model, 20_000);
        using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows));
        Outputs whole = Outputs.Of(backend, rows);
        Outputs.Of(new WalkBackend(model), rows).AssertNear(whole, Tolerance, "20,000 rows");

        foreach (int batch in (int[])[1, 7, 128, 1000, 8192, 8193])
        {
            int covered = batch == 1 ? 500 : 20_000;
            float[] probability = new float[covered];
            float[] margin = new float[covered];
            for (int start = 0; start < covered; start += batch)
            {
                int count = Math.Min(batch, covered - start);
                backend.Predict(rows.AsSpan(start * 8, count * 8), probability.AsSpan(start, count), margin.AsSpan(start, count));
            }
            Assert.Equal(whole.Probability[..covered], probability);
            Assert.Equal(whole.Margin[..covered], margin);
        }
        backend.Predict([], [], []);
    }

    [Fact]
    public void Predict_FourCallersAtOnce_GivesTheSameBits()
    {
        ChurnModel model = RandomModels.Create(41, new ModelShape { Trees = 100 });
        float[] rows = RandomModels.Rows(42, model, 20_000);
        using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows));
        Outputs whole = Outputs.Of(backend, rows);

        Outputs[] fromThreads = new Outputs[4];
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(() => fromThreads[i] = Outputs.Of(backend, rows)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        foreach (Outputs outputs in fromThreads)
        {
            Assert.Equal(whole.Probability, outputs.Probability);
            Assert.Equal(whole.Margin, outputs.Margin);
        }
    }

    [Fact]
    public void Predict_OutputsInsideALargerBuffer_TouchesNothingElse()
    {
        ChurnModel model = RandomModels.Create(51, new ModelShape());
        float[] rows = RandomModels.Rows(52, model, 9000);
        using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows));
        float[] probability = new float[9002];
        float[] margin = new float[9002];
        probability.AsSpan().Fill(-7);
        margin.AsSpan().Fill(-7);
        backend.Predict(rows, probability.AsSpan(1, 9000), margin.AsSpan(1, 9000));
        Assert.Equal([-7, -7, -7, -7], [probability[0], probability[^1], margin[0], margin[^1]]);
        Assert.Equal(Outputs.Of(backend, rows).Probability, probability[1..^1]);
    }

    // Facts-onnx 14: earlier runtimes copied the true branch once for every member and died.
    [Fact]
    public void Open_HundredThousandMembershipValues_LoadsAndAgrees()
    {
        var shape = new ModelShape { Trees = 40, Leaves = 31, Features = 9, Categories = 2000, SetSize = 600 };
        ChurnModel model = RandomModels.Create(61, shape);
        Assert.InRange(model.Ensemble.Trees.Sum(t => t.LeftCategories.Sum(s => s?.Codes.Count ?? 0)), 80_000, 200_000);
        float[] rows = RandomModels.Rows(62, model, 1000);
        using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows));
        Outputs.Of(new WalkBackend(model), rows).AssertNear(Outputs.Of(backend, rows), Tolerance, "100,000 membership values");
    }

    [Fact]
    public void Open_SetOfAHundredThousandCodes_LoadsAndAgrees()
    {
        ChurnModel model = RandomModels.Create(66, new ModelShape { Trees = 2, Leaves = 4, Features = 2, Categories = 200_000, SetSize = 150_000 });
        float[] rows = RandomModels.Rows(67, model, 1000);
        using IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, rows));
        Outputs.Of(new WalkBackend(model), rows).AssertNear(Outputs.Of(backend, rows), Tolerance, "a set of 100,000 codes");
    }

    // The deepest that may be exported must load on a thread with a small stack, since a stack overflow ends the process.
    [Theory]
    [InlineData(OnnxProfile.Default)]
    [InlineData(OnnxProfile.Compatible)]
    public void Open_DeepestTreeAllowed_LoadsOnASmallStack(OnnxProfile profile)
    {
        ChurnModel model = RandomModels.Create(71, new ModelShape { Trees = 1, Leaves = 1001, Chain = true, Categories = 0 });
        ChurnModel encoded = ModelFile.Encode(model, RandomModels.Rows(72, model, 64), profile);
        var thread = new Thread(() => OnnxModelBackend.Open(encoded).Dispose(), maxStackSize: 1_500_000);
        thread.Start();
        thread.Join();
    }

    // A runtime unrolls a set to a test a code, one below the other: the path is as long as its sets together.
    [Theory]
    [InlineData(50)]
    [InlineData(500)]
    public void Open_DeepestTreeOfSets_LoadsOnASmallStack(int setSize)
    {
        ChurnModel model = RandomModels.Create(73, new ModelShape { Trees = 1, Leaves = 1001, Chain = true, Features = 2, Categories = 2000, SetSize = setSize });
        ChurnModel encoded = ModelFile.Encode(model, RandomModels.Rows(74, model, 64));
        var thread = new Thread(() => OnnxModelBackend.Open(encoded).Dispose(), maxStackSize: 1_500_000);
        thread.Start();
        thread.Join();
    }

    [Fact]
    public void Open_LoadedFile_ServesWhatWasSaved()
    {
        ChurnModel model = RandomModels.Create(81, new ModelShape());
        float[] rows = RandomModels.Rows(82, model, 100);
        byte[] file = ModelFile.Encode(model, rows).OnnxBytes.ToArray();
        byte[] padded = [0, .. file, 0];
        using IModelBackend whole = OnnxModelBackend.Open(ModelFile.Decode(file));
        using IModelBackend slice = OnnxModelBackend.Open(ModelFile.Decode(padded.AsMemory(1, file.Length)));
        Assert.Equal(Outputs.Of(whole, rows).Probability, Outputs.Of(slice, rows).Probability);
        Assert.Equal("onnx", whole.Name);
        Assert.Equal(8, whole.FeatureCount);
    }

    [Fact]
    public void Open_GoldenRowsThatDoNotReproduce_Refuses()
    {
        ChurnModel model = RandomModels.Create(91, new ModelShape());
        ChurnModel saved = ModelFile.Encode(model, RandomModels.Rows(92, model, 100));
        float[] wrong = [.. saved.Golden!.Predicted];
        wrong[3] += 2e-6f;
        var fault = Assert.Throws<ChurnModelException>(() => OnnxModelBackend.Open(With(saved, saved.Ensemble, saved.OnnxBytes, saved.Golden with { Predicted = wrong })));
        Assert.Equal(5010, fault.Code.Number);
        Assert.Contains("golden row 3", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'onnx'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhatTheRuntimeCannotServe_IsAModelError()
    {
        ChurnModel model = RandomModels.Create(93, new ModelShape());
        ChurnModel saved = ModelFile.Encode(model, []);
        ChurnModel wide = ModelFile.Encode(RandomModels.Create(94, new ModelShape { Features = 9 }), []);
        Assert.Equal(5101, Code(model));
        Assert.Equal(5103, Code(With(saved, saved.Ensemble, "no model"u8.ToArray(), saved.Golden!)));
        Assert.Equal(5104, Code(With(saved, saved.Ensemble, wide.OnnxBytes, saved.Golden!)));

        static int Code(ChurnModel broken) => Assert.Throws<ChurnModelException>(() => OnnxModelBackend.Open(broken)).Code.Number;
    }

    [Fact]
    public void Dispose_Twice_IsSafeAndPredictAfterwardsThrows()
    {
        ChurnModel model = RandomModels.Create(95, new ModelShape());
        IModelBackend backend = OnnxModelBackend.Open(ModelFile.Encode(model, []));
        Assert.Throws<ArgumentException>(() => backend.Predict(new float[7], new float[1], new float[1]));
        backend.Dispose();
        backend.Dispose();
        Assert.Throws<ObjectDisposedException>(() => backend.Predict(new float[8], new float[1], new float[1]));
    }

    [Fact]
    public void RuntimeVersion_Here_IsAVersion() => Assert.True(Version.Parse(OnnxModelBackend.RuntimeVersion) >= new Version(1, 20));

    private static ChurnModel With(ChurnModel model, TreeEnsemble ensemble, ReadOnlyMemory<byte> bytes, GoldenRows golden) => new()
    {
        Predictor = ensemble,
        Calibration = model.Calibration,
        Metadata = model.Metadata,
        Golden = golden,
        OnnxBytes = bytes,
        Version = model.Version,
    };
}
