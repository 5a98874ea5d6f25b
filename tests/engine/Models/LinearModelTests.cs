using ChurnEngine.Columns;
using ChurnEngine.Models.Onnx;
using ChurnEngine.ModelSamples;
using Google.Protobuf;

namespace ChurnEngine.Models.Tests;

public sealed class LinearModelTests
{
    public static TheoryData<string> Shapes => [.. RandomLinearModels.Shapes.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Decode_DefaultProfile_GivesTheSameModel(string shape)
    {
        ChurnModel model = RandomLinearModels.Create(7, shape);
        ChurnModel encoded = ModelFile.Encode(model, RandomLinearModels.Rows(8, model, 100));
        ChurnModel decoded = ModelFile.Decode(encoded.OnnxBytes);
        LinearModel expected = (LinearModel)model.Predictor, actual = Assert.IsType<LinearModel>(decoded.Predictor);
        Assert.Equal(expected.BaseMargin, actual.BaseMargin);
        Assert.Equal(expected.FeatureCount, actual.FeatureCount);
        foreach ((LinearTerm a, LinearTerm b) in expected.Terms.Zip(actual.Terms))
        {
            Assert.Equal((a.Kind, a.Coefficient, a.Mean, a.PresentEffect, a.MissingEffect, a.OtherEffect), (b.Kind, b.Coefficient, b.Mean, b.PresentEffect, b.MissingEffect, b.OtherEffect));
            Assert.Equal(a.CategoryEffects, b.CategoryEffects);
        }
        Assert.Equal(model.Metadata.Coefficients, decoded.Metadata.Coefficients);
        Assert.Equal(encoded.Golden!.Margin, decoded.Golden!.Margin);
        Assert.Equal(encoded.Version, decoded.Version);
        Assert.Equal(encoded.OnnxBytes.ToArray(), ModelFile.Encode(decoded, RandomLinearModels.Rows(8, model, 100)).OnnxBytes.ToArray());
        using (WalkBackend.Open(decoded))
        {
        }
        Assert.Throws<InvalidOperationException>(() => decoded.Ensemble);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Decode_CompatibleProfile_PredictsTheSameToFloatAccuracy(string shape)
    {
        ChurnModel model = RandomLinearModels.Create(17, shape);
        ChurnModel decoded = ModelFile.Decode(ModelFile.Encode(model, [], OnnxProfile.Compatible).OnnxBytes);
        float[] rows = RandomLinearModels.Rows(18, model, 300);
        int width = model.Predictor.FeatureCount;
        for (int row = 0; row < 300; row++)
        {
            double expected = model.Predictor.Margin(rows.AsSpan(row * width, width));
            Assert.Equal(expected, decoded.Predictor.Margin(rows.AsSpan(row * width, width)), 1e-5 * (1 + rows.AsSpan(row * width, width).ToArray().Where(float.IsFinite).Sum(value => Math.Abs((double)value)) / 50));
        }
    }

    [Theory]
    [InlineData(OnnxProfile.Default)]
    [InlineData(OnnxProfile.Compatible)]
    public void Encode_LinearModel_NeedsTheMainDomainAlone(OnnxProfile profile)
    {
        ModelProto file = ModelProto.Parser.ParseFrom(ModelFile.Encode(RandomLinearModels.Create(3, "mixed"), [], profile).OnnxBytes.Span);
        Assert.Equal([""], file.OpsetImport.Select(opset => opset.Domain));
        // What ONNX Runtime has for CPU and for CUDA, in float and double (its docs/OperatorKernels.md).
        Assert.Subset(new HashSet<string> { "Add", "Cast", "Floor", "Gather", "IsNaN", "MatMul", "Max", "Min", "Mul", "Sigmoid", "Sub", "Where" }, file.Graph.Node.Select(node => node.OpType).ToHashSet());
    }

    [Fact]
    public void Effect_AnyValue_IsAsSaid()
    {
        var number = new LinearTerm { Kind = FeatureKind.Numeric, Mean = 2, Coefficient = 3, PresentEffect = 0.5, MissingEffect = -7 };
        Assert.Equal(3 * (5 - 2) + 0.5, number.Effect(5));
        Assert.All((float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity], value => Assert.Equal(-7, number.Effect(value)));
        Assert.True(double.IsFinite(number.Effect(float.MinValue)));
        var category = new LinearTerm { Kind = FeatureKind.Categorical, CategoryEffects = [10, 20], OtherEffect = 30, MissingEffect = 40 };
        (float, double)[] expected = [(0, 10), (-0f, 10), (0.9f, 10), (1, 20), (1.999f, 20), (2, 30), (-0.1f, 30), (-1, 30), (1e30f, 30), (float.NaN, 40), (float.PositiveInfinity, 40)];
        Assert.All(expected, pair => Assert.Equal(pair.Item2, category.Effect(pair.Item1)));
    }

    [Fact]
    public void Predict_Walk_IsTheDefinitionAndAllocatesNothing()
    {
        ChurnModel model = RandomLinearModels.Create(5, "mixed");
        float[] rows = RandomLinearModels.Rows(6, model, 700), probability = new float[700], margin = new float[700];
        using var walk = new WalkBackend(model);
        walk.Predict(rows, probability, margin);
        for (int row = 0; row < 700; row++)
        {
            double expected = model.Predictor.BaseMargin;
            for (int feature = 0; feature < 9; feature++)
                expected += ((LinearModel)model.Predictor).Terms[feature].Effect(rows[row * 9 + feature]);
            Assert.Equal((float)expected, margin[row]);
            Assert.Equal((float)model.Calibration.Probability(expected), probability[row]);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        walk.Predict(rows, probability, margin);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Explain_AnyRow_AddsUpToTheMargin()
    {
        ChurnModel model = RandomLinearModels.Create(9, "mixed");
        float[] rows = RandomLinearModels.Rows(10, model, 200);
        IExplainer shap = model.Predictor.CreateExplainer();
        double[] contributions = new double[rows.Length];
        shap.Explain(rows, contributions);
        for (int row = 0; row < 200; row++)
            Assert.Equal(model.Predictor.Margin(rows.AsSpan(row * 9, 9)), shap.ExpectedMargin + contributions.AsSpan(row * 9, 9).ToArray().Sum(), 1e-9);
        Assert.Throws<ArgumentException>(() => shap.Explain(new float[9], new double[8]));
        Assert.Throws<ArgumentException>(() => shap.Explain(new float[8], new double[8]));
    }

    [Fact]
    public void Encode_ModelThatDoesNotFit_IsTheCallersBug()
    {
        ChurnModel good = RandomLinearModels.Create(1, "one number");
        LinearTerm number = new() { Kind = FeatureKind.Numeric };
        LinearModel[] bad =
        [
            new() { BaseMargin = 0, Terms = [] },
            new() { BaseMargin = 0, Terms = [number, number] },
            new() { BaseMargin = double.NaN, Terms = [number] },
            new() { BaseMargin = 0, Terms = [new() { Kind = FeatureKind.Categorical }] },
            new() { BaseMargin = 0, Terms = [new() { Kind = FeatureKind.Numeric, CategoryEffects = [1] }] },
            new() { BaseMargin = 0, Terms = [new() { Kind = FeatureKind.Numeric, Coefficient = double.PositiveInfinity }] },
        ];
        Assert.All(bad, model => Assert.Throws<ArgumentException>(() => ModelFile.Encode(new ChurnModel { Predictor = model, Metadata = good.Metadata }, [])));
    }

    [Theory]
    [InlineData(OnnxProfile.Default)]
    [InlineData(OnnxProfile.Compatible)]
    public void Decode_EveryByteFlippedAndSealedAgain_IsRefusedOrHarmless(OnnxProfile profile)
    {
        byte[] whole = ModelFile.Encode(RandomLinearModels.Create(2, "mixed"), [], profile).OnnxBytes.ToArray();
        int refused = 0, loaded = 0;
        float[] rows = new float[9], probability = new float[1], margin = new float[1];
        for (int position = 0; position < whole.Length - 100; position++)
        {
            foreach (int change in (int[])[1 << position % 8, 0x80, 0xFF])
            {
                byte[] damaged = [.. whole];
                damaged[position] ^= (byte)change;
                FileSeal.Write(damaged);
                Exception? fault = Record.Exception(() =>
                {
                    using var walk = new WalkBackend(ModelFile.Decode(damaged));
                    walk.Predict(rows, probability, margin);
                });
                Assert.True(fault is null or ChurnModelException, $"position {position} of {whole.Length}, xor {change}: {fault}");
                _ = fault is null ? loaded++ : refused++;
            }
        }
        Assert.True(refused > whole.Length / 2 && loaded > 0, $"{refused} refused, {loaded} loaded");
    }

    public static TheoryData<string> Structures => [.. s_structures.Keys];

    private static readonly Dictionary<string, Action<GraphProto>> s_structures = new()
    {
        ["a column beyond the features"] = graph => Put(graph, "numeric_columns", 0, 9L),
        ["a column below zero"] = graph => Put(graph, "category_columns", 0, -1L),
        ["a column twice"] = graph => Put(graph, "numeric_columns", 0, 2L),
        ["two billion categories"] = graph => Put(graph, "category_counts", 0, 2e9),
        ["categories below zero"] = graph => Put(graph, "category_counts", 0, -2.0),
        ["categories without a number"] = graph => Put(graph, "category_counts", 0, double.NaN),
        ["a coefficient without a number"] = graph => Put(graph, "coefficients", 0, double.NaN),
        ["no means"] = graph => graph.Initializer.Remove(Find(graph, "means")),
        ["means of another type"] = graph => Find(graph, "means").DataType = 7,
        ["half a coefficient"] = graph => Find(graph, "coefficients").RawData = ByteString.CopyFrom(1, 2, 3),
    };

    [Theory]
    [MemberData(nameof(Structures))]
    public void Decode_SealedStructureThatIsNone_IsRefused(string name)
    {
        ModelProto file = ModelProto.Parser.ParseFrom(ModelFile.Encode(RandomLinearModels.Create(2, "mixed"), []).OnnxBytes.Span);
        s_structures[name](file.Graph);
        byte[] bytes = file.ToByteArray();
        FileSeal.Write(bytes);
        Assert.Equal(5009, Assert.Throws<ChurnModelException>(() => ModelFile.Decode(bytes)).Code.Number);
    }

    private static TensorProto Find(GraphProto graph, string name) => graph.Initializer.Single(tensor => tensor.Name == name);

    private static void Put<T>(GraphProto graph, string name, int index, T value) where T : unmanaged
    {
        TensorProto tensor = Find(graph, name);
        T[] values = OnnxValues.ReadVector<T>(tensor);
        values[index] = value;
        tensor.RawData = OnnxValues.Vector<T>(name, values).RawData;
    }
}
