using System.Security.Cryptography;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.ModelSamples;
using ChurnEngine.TestKit;
using Google.Protobuf;

namespace ChurnEngine.Models.Tests;

public sealed class ModelFileTests
{
    private static readonly ModelShape Mixed = new();

    public static TheoryData<string> ShapeNames => [.. SampleShapes.All.Keys];

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void Decode_DefaultProfile_GivesTheSameModel(string name)
    {
        ChurnModel model = RandomModels.Create(7, SampleShapes.All[name]);
        ChurnModel encoded = ModelFile.Encode(model, RandomModels.Rows(8, model, 100));
        ChurnModel decoded = ModelFile.Decode(encoded.OnnxBytes);

        Assert.Equal(model.Ensemble.BaseMargin, decoded.Ensemble.BaseMargin);
        Assert.Equal(model.Ensemble.FeatureCount, decoded.Ensemble.FeatureCount);
        Assert.Equal(model.Ensemble.Trees.Count, decoded.Ensemble.Trees.Count);
        foreach ((DecisionTree expected, DecisionTree actual) in model.Ensemble.Trees.Zip(decoded.Ensemble.Trees))
            AssertSame(expected, actual);
        Assert.Equal(model.Calibration, decoded.Calibration);
        Assert.Equal(encoded.Golden!.Rows, decoded.Golden!.Rows);
        Assert.Equal(encoded.Golden.Predicted, decoded.Golden.Predicted);
        Assert.Equal(encoded.Golden.Margin, decoded.Golden.Margin);
        Assert.Equal(encoded.Version, decoded.Version);
    }

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void Decode_CompatibleProfile_PredictsTheSameToFloatAccuracy(string name)
    {
        ChurnModel model = RandomModels.Create(17, SampleShapes.All[name]);
        float[] rows = RandomModels.Rows(18, model, 500);
        ChurnModel decoded = ModelFile.Decode(ModelFile.Encode(model, rows, OnnxProfile.Compatible).OnnxBytes);

        Assert.Equal(model.Ensemble.Trees.Select(t => t.NodeCount), decoded.Ensemble.Trees.Select(t => t.NodeCount));
        Assert.Equal(model.Ensemble.Trees.SelectMany(t => t.LeftCategories), decoded.Ensemble.Trees.SelectMany(t => t.LeftCategories));
        Assert.Equal(model.Ensemble.Trees.SelectMany(t => t.LeafCover), decoded.Ensemble.Trees.SelectMany(t => t.LeafCover));
        int width = model.Ensemble.FeatureCount;
        for (int row = 0; row < 500; row++)
        {
            ReadOnlySpan<float> values = rows.AsSpan(row * width, width);
            Assert.Equal(model.Ensemble.Margin(values), decoded.Ensemble.Margin(values), 1e-5);
        }
    }

    [Theory]
    [InlineData(OnnxProfile.Default)]
    [InlineData(OnnxProfile.Compatible)]
    public void Decode_Regression_HasOneOutputAndGivesTheSameValues(OnnxProfile profile)
    {
        ChurnModel model = RandomModels.Regression(27, Mixed, scale: 1000);
        float[] rows = RandomModels.Rows(28, model, 300);
        ChurnModel encoded = ModelFile.Encode(model, rows, profile);
        ChurnModel decoded = ModelFile.Decode(encoded.OnnxBytes);
        Assert.Equal((ModelTask.Regression, 1234.5, encoded.Version), (decoded.Metadata.Task, decoded.Metadata.TrainingMean, decoded.Version));
        Assert.Equal(["value"], Onnx.ModelProto.Parser.ParseFrom(encoded.OnnxBytes.Span).Graph.Output.Select(output => output.Name));
        // The value is the sum of the trees and nothing else.
        Assert.Equal(encoded.Golden!.Margin, encoded.Golden.Predicted);
        Assert.Equal((float)model.Ensemble.Margin(encoded.Golden.Rows.AsSpan(0, 8)), encoded.Golden.Predicted[0]);
        using IModelBackend walk = WalkBackend.Open(decoded);
        Assert.Equal(8, walk.FeatureCount);
    }

    [Theory]
    [InlineData(OnnxProfile.Default)]
    [InlineData(OnnxProfile.Compatible)]
    public void Decode_RegressionBehindExp_GivesTheSameValues(OnnxProfile profile)
    {
        ChurnModel model = RandomModels.Regression(27, Mixed, scale: 3, OutputLink.Exp);
        float[] rows = RandomModels.Rows(28, model, 300);
        ChurnModel encoded = ModelFile.Encode(model, rows, profile), decoded = ModelFile.Decode(encoded.OnnxBytes);
        Assert.Equal((ModelTask.Regression, OutputLink.Exp), (decoded.Metadata.Task, decoded.Metadata.Link));
        Assert.Single(Onnx.ModelProto.Parser.ParseFrom(encoded.OnnxBytes.Span).Graph.Node, node => node.OpType == "Exp");
        Assert.Equal(encoded.Golden!.Margin, encoded.Golden.Predicted);
        Assert.Equal((float)Math.Exp(model.Ensemble.Margin(encoded.Golden.Rows.AsSpan(0, 8))), encoded.Golden.Predicted[0]);
        Assert.All(encoded.Golden.Predicted, value => Assert.True(value > 0));
        using IModelBackend walk = WalkBackend.Open(decoded);
        // Off by a ten-thousandth, and refused.
        float[] wrong = [.. encoded.Golden.Predicted];
        wrong[Array.IndexOf(wrong, wrong.Max())] *= 1.0005f;
        ChurnModel other = new() { Predictor = decoded.Ensemble, Metadata = decoded.Metadata, Golden = encoded.Golden with { Predicted = wrong } };
        Assert.Equal(5010, Assert.Throws<ChurnModelException>(() => WalkBackend.Open(other)).Code.Number);
    }

    [Theory]
    [InlineData(ModelTask.Classification, OutputLink.Exp)]
    [InlineData(ModelTask.Classification, OutputLink.Sigmoid)]
    [InlineData(ModelTask.Regression, OutputLink.Sigmoid)]
    public void Encode_LinkThatTheTaskHasNot_IsACallersBug(ModelTask task, OutputLink link)
    {
        ChurnModel model = RandomModels.Create(3, Mixed);
        Assert.Throws<ArgumentException>(() => ModelFile.Encode(WithMetadata(model, model.Metadata with { Task = task, Link = link }), []));
    }

    // A whole file of the other kind, its metadata changed and sealed again.
    [Theory]
    [InlineData(OutputLink.Identity, "\"task\":\"Regression\",", "\"task\":\"Regression\",\"link\":\"Exp\",")]
    [InlineData(OutputLink.Exp, "\"link\":\"Exp\",", "")]
    [InlineData(OutputLink.Exp, "\"link\":\"Exp\",", "\"link\":\"Sigmoid\",")]
    public void Decode_LinkThatTheGraphDoesNotCompute_IsRefused(OutputLink link, string written, string claimed)
    {
        ChurnModel encoded = ModelFile.Encode(RandomModels.Regression(27, Mixed, scale: 3, link), []);
        Onnx.ModelProto file = Onnx.ModelProto.Parser.ParseFrom(encoded.OnnxBytes.Span);
        Onnx.StringStringEntryProto metadata = file.MetadataProps.Single(property => property.Key == "churn.metadata");
        Assert.Contains(written, metadata.Value, StringComparison.Ordinal);
        metadata.Value = metadata.Value.Replace(written, claimed, StringComparison.Ordinal);
        file.MetadataProps.Single(property => property.Key == "churn.sha256").Value = FileSeal.Placeholder;
        byte[] bytes = file.ToByteArray();
        FileSeal.Write(bytes);
        Assert.Equal(5009, Assert.Throws<ChurnModelException>(() => ModelFile.Decode(bytes)).Code.Number);
    }

    [Fact]
    public void Open_RegressionOffByLittle_IsRefused()
    {
        ChurnModel saved = ModelFile.Encode(RandomModels.Regression(27, Mixed, scale: 1000), []);
        float[] wrong = [.. saved.Golden!.Predicted];
        float largest = wrong.Max(Math.Abs);
        Assert.InRange(largest, 100, 2000);
        wrong[^1] += largest * 1e-4f;
        ChurnModel other = new() { Predictor = saved.Ensemble, Metadata = saved.Metadata, Golden = saved.Golden with { Predicted = wrong } };
        ChurnModelException fault = Assert.Throws<ChurnModelException>(() => WalkBackend.Open(other));
        Assert.Equal(5010, fault.Code.Number);
        Assert.StartsWith("value ", fault.Actual, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_Classifier_SaysNothingOfTasks() =>
        Assert.DoesNotContain("task", System.Text.Encoding.UTF8.GetString(ModelFile.Encode(RandomModels.Create(3, Mixed), []).OnnxBytes.Span), StringComparison.Ordinal);

    [Theory]
    [InlineData(OnnxProfile.Default)]
    [InlineData(OnnxProfile.Compatible)]
    public void Encode_Twice_GivesTheSameBytes(OnnxProfile profile)
    {
        ChurnModel model = RandomModels.Create(3, Mixed);
        float[] rows = RandomModels.Rows(4, model, 50);
        byte[] first = ModelFile.Encode(model, rows, profile).OnnxBytes.ToArray();
        Assert.Equal(first, ModelFile.Encode(model, rows, profile).OnnxBytes.ToArray());
        ChurnModel decoded = ModelFile.Decode(first);
        if (profile == OnnxProfile.Default)
            Assert.Equal(first, ModelFile.Encode(decoded, rows, profile).OnnxBytes.ToArray());
    }

    [Fact]
    public void Encode_DictionariesFilledInAnotherOrder_GivesTheSameBytes()
    {
        ChurnModel model = RandomModels.Create(3, Mixed);
        ChurnModel a = WithMetadata(model, model.Metadata with { Metrics = new Dictionary<string, double> { ["a"] = 1, ["b"] = 2 } });
        ChurnModel b = WithMetadata(model, model.Metadata with { Metrics = new Dictionary<string, double> { ["b"] = 2, ["a"] = 1 } });
        Assert.Equal(ModelFile.Encode(a, []).Version, ModelFile.Encode(b, []).Version);
    }

    [Fact]
    public void Decode_FullMetadata_ComesBackToTheLastBit()
    {
        ChurnModel model = RandomModels.Create(5, Mixed);
        ModelMetadata metadata = model.Metadata with
        {
            ModelName = "kündigung \"a\"",
            Plan = "entity: id\nfeatures: []\n",
            PlanHash = "9f3c",
            TrainingAsOf = [1_700_000_000_000_000, long.MinValue],
            TrainingRows = long.MaxValue,
            TrainingPositiveRate = 0.1 + 0.2,
            Metrics = new Dictionary<string, double> { ["test.roc_auc"] = 1.0 / 3, ["nan"] = double.NaN, ["-inf"] = double.NegativeInfinity, ["tiny"] = double.Epsilon },
            Threshold = Math.PI / 10,
            CalibrationMethod = "platt",
            TrainerOptions = new Dictionary<string, string> { ["trees"] = "200" },
            Distributions = [new([0.1f, float.MaxValue, float.PositiveInfinity], [0.1, 0.2, 1.0 / 3, 0], 0.25)],
        };
        ModelMetadata decoded = ModelFile.Decode(ModelFile.Encode(WithMetadata(model, metadata), []).OnnxBytes).Metadata;

        var options = new JsonSerializerOptions { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };
        Assert.Equal(metadata.Metrics.OrderBy(p => p.Key, StringComparer.Ordinal), decoded.Metrics);
        Assert.Equal(
            JsonSerializer.Serialize(metadata with { Metrics = new Dictionary<string, double>() }, options),
            JsonSerializer.Serialize(decoded with { Metrics = new Dictionary<string, double>() }, options));
    }

    [Fact]
    public void Encode_AnyModel_EndsWithTheHashOfTheRest()
    {
        byte[] file = ModelFile.Encode(RandomModels.Create(1, Mixed), []).OnnxBytes.ToArray();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file.AsSpan()[..^64])), System.Text.Encoding.ASCII.GetString(file, file.Length - 64, 64));
    }

    [Fact]
    public void Encode_EnsembleThatDoesNotFit_IsTheCallersBug()
    {
        ChurnModel model = RandomModels.Create(1, Mixed);
        Assert.Throws<ArgumentException>(() => ModelFile.Encode(WithMetadata(model, model.Metadata with { Features = [] }), []));
        Assert.Throws<ArgumentException>(() => ModelFile.Encode(model, new float[3]));
    }

    [Theory]
    [InlineData(OnnxProfile.Default, 1002, 0)]
    [InlineData(OnnxProfile.Compatible, 2, 5000)]
    public void Encode_PathThatNoRuntimeSurvives_IsRefused(OnnxProfile profile, int leaves, int categories)
    {
        var tree = new DecisionTree
        {
            Feature = new int[leaves - 1],
            Threshold = [.. Enumerable.Repeat(categories > 0 ? float.NaN : 1f, leaves - 1)],
            LeftCategories = [.. Enumerable.Repeat(categories > 0 ? new CategorySet(Enumerable.Range(0, categories)) : null, leaves - 1)],
            MissingGoesLeft = new bool[leaves - 1],
            Left = [.. Enumerable.Range(0, leaves - 1).Select(i => ~i)],
            Right = [.. Enumerable.Range(1, leaves - 1).Select(i => i < leaves - 1 ? i : ~i)],
            LeafValue = new double[leaves],
        };
        var model = new ChurnModel
        {
            Predictor = new TreeEnsemble { FeatureCount = 1, BaseMargin = 0, Trees = [tree] },
            Metadata = new ModelMetadata { Features = [new FeatureInfo { Name = "x" }] },
        };
        Assert.Equal(5014, Assert.Throws<ChurnModelException>(() => ModelFile.Encode(model, [], profile)).Code.Number);
    }

    [Fact]
    public void Save_ThenLoad_GivesTheSameModelAndLeavesNoTemporaryFile()
    {
        using var folder = new TemporaryDirectory();
        ChurnModel model = RandomModels.Create(2, Mixed);
        using FeatureMatrix matrix = FeatureMatrix.Allocate(model.Metadata.Features, 40);
        RandomModels.Rows(3, model, 40).CopyTo(matrix.Rows(0, 40));
        File.WriteAllText(folder["model.onnx"], "an older file");

        ChurnModel saved = ModelFile.Save(model, folder["model.onnx"], matrix);
        ChurnModel loaded = ModelFile.Load(folder["model.onnx"]);

        Assert.Equal(saved.Version, loaded.Version);
        Assert.StartsWith("m-", saved.Version, StringComparison.Ordinal);
        Assert.Equal(14, saved.Version.Length);
        Assert.Equal(saved.OnnxBytes.ToArray(), File.ReadAllBytes(folder["model.onnx"]));
        Assert.Equal(["model.onnx"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        using var walk = new WalkBackend(loaded);
        ModelProof.Check(loaded, walk);
    }

    [Fact]
    public void Save_WhereAFileStandsInTheWay_SaysSo()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("no", "a file, not a folder");
        ChurnModel model = RandomModels.Create(2, Mixed);
        var fault = Assert.Throws<ChurnConfigException>(() => ModelFile.Save(model, folder["no/model.onnx"], ReadOnlySpan<float>.Empty));
        Assert.Equal(5013, fault.Code.Number);
        Assert.Contains("no/model.onnx", fault.Describe(), StringComparison.Ordinal);
    }

    private static void AssertSame(DecisionTree expected, DecisionTree actual)
    {
        Assert.Equal(expected.Feature, actual.Feature);
        Assert.Equal(expected.Threshold.Select(BitConverter.SingleToInt32Bits), actual.Threshold.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(expected.LeftCategories, actual.LeftCategories);
        Assert.Equal(expected.MissingGoesLeft, actual.MissingGoesLeft);
        Assert.Equal(expected.Left, actual.Left);
        Assert.Equal(expected.Right, actual.Right);
        Assert.Equal(expected.LeafValue, actual.LeafValue);
        Assert.Equal(expected.LeafCover, actual.LeafCover);
    }

    private static ChurnModel WithMetadata(ChurnModel model, ModelMetadata metadata) =>
        new() { Predictor = model.Ensemble, Calibration = model.Calibration, Metadata = metadata };
}
