using ChurnEngine.Columns;
using ChurnEngine.Models.Onnx;
using ChurnEngine.ModelSamples;
using ChurnEngine.TestKit;
using Google.Protobuf;

namespace ChurnEngine.Models.Tests;

public sealed class ModelFileDamageTests
{
    private static readonly byte[] Whole = ModelFile.Encode(RandomModels.Create(11, new ModelShape()), []).OnnxBytes.ToArray();

    [Fact]
    public void Decode_AnyByteFlipped_IsRefused()
    {
        const int Seed = 20261121;
        var random = new Random(Seed);
        int[] positions = [.. Enumerable.Range(0, 40), .. Enumerable.Range(Whole.Length - 100, 100), .. Enumerable.Range(0, 400).Select(_ => random.Next(Whole.Length))];
        foreach (int position in positions)
        {
            byte[] damaged = [.. Whole];
            damaged[position] ^= (byte)(1 << random.Next(8));
            var fault = Record.Exception(() => ModelFile.Decode(damaged));
            Assert.True(fault is ChurnModelException { Code.Number: 5005 or 5006 }, $"seed {Seed}, position {position} of {Whole.Length}: {fault}");
        }
    }

    [Fact]
    public void Decode_CutAnywhere_IsRefused()
    {
        for (int tenth = 1; tenth < 10; tenth++)
            AssertRefused(5005, Whole[..(Whole.Length * tenth / 10)], "cut short");
        AssertRefused(5005, Whole[..^1], "cut short");
        AssertRefused(5005, [.. Whole, 0], "cut short");
        foreach (int length in (int[])[1, 2, 5, 10, 15])
            Assert.Throws<ChurnModelException>(() => ModelFile.Decode(Whole.AsMemory(0, length)));
    }

    [Fact]
    public void Decode_NotAModel_SaysWhatItIs()
    {
        AssertRefused(5002, [], "is empty");
        AssertRefused(5004, "customer_id,churned\n1,0\n"u8.ToArray(), "not an ONNX model");
        AssertRefused(5004, new byte[1000], "not an ONNX model");
        AssertRefused(5007, new ModelProto { IrVersion = 8, ProducerName = "skl2onnx", Graph = new GraphProto { Name = "g" } }.ToByteArray(), "of another tool");
    }

    [Fact]
    public void Decode_WrongVersion_IsNamed()
    {
        AssertRefused(5008, Resealed(file => file.OpsetImport.Single(o => o.Domain == OnnxNames.TreeDomain).Version = 6), "a version this engine cannot read");
        AssertRefused(5008, Resealed(file => Property(file, OnnxNames.FormatKey).Value = "3"), "a version this engine cannot read");
    }

    [Theory]
    [InlineData(OnnxNames.GoldenKey, "AAAA")]
    [InlineData(OnnxNames.GoldenKey, "no base64")]
    [InlineData(OnnxNames.LeafCoversKey, "")]
    [InlineData(OnnxNames.MetadataKey, "{")]
    [InlineData(OnnxNames.MetadataKey, "null")]
    [InlineData(OnnxNames.ScalarsKey, "{}")]
    public void Decode_SealedNonsense_IsAContradiction(string key, string value) =>
        AssertRefused(5009, Resealed(file => Property(file, key).Value = value), "contradicts itself");

    [Fact]
    public void Decode_SealedTreesThatDoNotFit_IsAContradiction()
    {
        AssertRefused(5009, Resealed(file => Attribute(file, "nodes_truenodeids").Ints[0] = 1 << 20), "contradicts itself");
        AssertRefused(5009, Resealed(file => Attribute(file, "nodes_featureids").Ints[0] = 99), "contradicts itself");
        AssertRefused(5009, Resealed(file => Attribute(file, "tree_roots").Ints.RemoveAt(0)), "contradicts itself");
        AssertRefused(5009, Resealed(file => file.Graph.Node.Clear()), "contradicts itself");
    }

    [Fact]
    public void Load_NoFileOrAFolder_SaysSo()
    {
        using var folder = new TemporaryDirectory();
        Assert.Equal(5001, Assert.Throws<ChurnModelException>(() => ModelFile.Load(folder["absent.onnx"])).Code.Number);
        Assert.Equal(5001, Assert.Throws<ChurnModelException>(() => ModelFile.Load(folder["no/absent.onnx"])).Code.Number);
        Assert.Equal(5012, Assert.Throws<ChurnModelException>(() => ModelFile.Load(folder.Path)).Code.Number);
        File.WriteAllBytes(folder["cut.onnx"], Whole[..500]);
        var cut = Assert.Throws<ChurnModelException>(() => ModelFile.Load(folder["cut.onnx"]));
        Assert.Contains("cut.onnx", cut.Describe(), StringComparison.Ordinal);
    }

    private static void AssertRefused(int code, byte[] bytes, string message)
    {
        var fault = Assert.Throws<ChurnModelException>(() => ModelFile.Decode(bytes, "m.onnx"));
        Assert.Equal(code, fault.Code.Number);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Contains("m.onnx", fault.Message, StringComparison.Ordinal);
        Assert.NotEmpty(fault.Hint);
    }

    private static byte[] Resealed(Action<ModelProto> change)
    {
        ModelProto file = ModelProto.Parser.ParseFrom(Whole);
        change(file);
        byte[] bytes = file.ToByteArray();
        FileSeal.Write(bytes);
        return bytes;
    }

    private static StringStringEntryProto Property(ModelProto file, string key) => file.MetadataProps.Single(p => p.Key == key);

    private static AttributeProto Attribute(ModelProto file, string name) =>
        file.Graph.Node.Single(n => n.Domain == OnnxNames.TreeDomain).Attribute.Single(a => a.Name == name);
}
