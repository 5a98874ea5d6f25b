using ChurnEngine.Columns;
using ChurnEngine.Models.Onnx;
using ChurnEngine.ModelSamples;
using Google.Protobuf;

namespace ChurnEngine.Models.Tests;

/// <summary>Files made to hurt, most of them with their seal in order: refused, or harmless, in bounded memory.</summary>
public sealed class ModelFileHostileTests
{
    private const long SmallFileMemory = 64L << 20;

    public static TheoryData<string> Profiles => [nameof(OnnxProfile.Default), nameof(OnnxProfile.Compatible)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Decode_EveryByteFlipped_IsRefused(string profile)
    {
        byte[] whole = Small(profile);
        for (int position = 0; position < whole.Length; position++)
        {
            byte[] damaged = [.. whole];
            damaged[position] ^= (byte)(1 << position % 8);
            var fault = Record.Exception(() => ModelFile.Decode(damaged));
            Assert.True(fault is ChurnModelException { Code.Number: 5005 or 5006 }, $"position {position} of {whole.Length}: {fault}");
        }
    }

    // With the seal made anew, the structure alone must hold: a file that still loads must walk without harm.
    [Theory]
    [MemberData(nameof(Profiles))]
    public void Decode_EveryByteFlippedAndSealedAgain_IsRefusedOrHarmless(string profile)
    {
        byte[] whole = Small(profile);
        int refused = 0, loaded = 0;
        for (int position = 0; position < whole.Length - 100; position++)
        {
            foreach (int change in new[] { 1 << position % 8, 0x80, 0xFF })
            {
                byte[] damaged = [.. whole];
                damaged[position] ^= (byte)change;
                FileSeal.Write(damaged);
                long before = GC.GetAllocatedBytesForCurrentThread();
                var fault = Record.Exception(() => Walk(ModelFile.Decode(damaged)));
                Assert.True(fault is null or ChurnModelException, $"position {position} of {whole.Length}, xor {change}: {fault}");
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, SmallFileMemory);
                _ = fault is null ? loaded++ : refused++;
            }
        }
        Assert.True(refused > whole.Length / 2 && loaded > 0, $"{refused} refused, {loaded} loaded");
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Decode_CutAtEveryTenthAndSealedAgain_IsRefused(string profile)
    {
        byte[] whole = Small(profile);
        for (int tenth = 0; tenth < 10; tenth++)
            Refuse(Sealed(whole[..(whole.Length * tenth / 10)]), $"{tenth} tenths");
    }

    public static TheoryData<string, byte[]> Lengths => new()
    {
        { "a graph longer than the file", [0x3A, 0xFF, 0xFF, 0xFF, 0x07] },
        { "a graph of negative length", [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01] },
        { "a varint that never ends", [0x08, .. Enumerable.Repeat((byte)0xFF, 100)] },
        { "a field of number zero", [0x00, 0x01] },
        { "an unknown wire type", [0x0F, 0x01, 0x01] },
        { "an end of a group that never began", [0x0C] },
        { "100,000 groups in one another", [.. Enumerable.Repeat((byte)0x63, 100_000)] },
        { "100,000 messages in one another", Nested(100_000) },
        { "packed numbers longer than the file", Field(7, Field(1, Field(5, [0x42, 0xFF, 0xFF, 0xFF, 0x07]))) },
        { "packed floats of no whole length", Field(7, Field(1, Field(5, [0x3A, 0x03, 1, 2, 3]))) },
        { "packed floats of two gigabytes", Field(7, Field(1, Field(5, [0x3A, 0xFC, 0xFF, 0xFF, 0xFF, 0x07]))) },
        { "a text that is no UTF-8", [0x12, 0x02, 0xC3, 0x28] },
    };

    [Theory]
    [MemberData(nameof(Lengths), DisableDiscoveryEnumeration = true)]
    public void Decode_HostileLength_IsRefused(string name, byte[] body)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuse(body, name);
        Refuse(Sealed(body), name + ", sealed");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, SmallFileMemory);
    }

    public static TheoryData<string> Structures => [.. s_structures.Keys];

    private static readonly Dictionary<string, Action<ModelProto>> s_structures = new()
    {
        { "a child that is its own parent", file => { Ints(file, "nodes_truenodeids")[0] = 0; Ints(file, "nodes_trueleafs")[0] = 0; } },
        { "two nodes that are each other's children", file => { Ints(file, "nodes_truenodeids")[1] = 0; Ints(file, "nodes_trueleafs")[1] = 0; } },
        { "a child below zero", file => Ints(file, "nodes_falsenodeids")[0] = -1 },
        { "a child beyond 64 bits' half", file => Ints(file, "nodes_falsenodeids")[0] = long.MaxValue },
        { "a leaf beyond the leaves", file => { Ints(file, "nodes_falsenodeids")[0] = 1 << 20; Ints(file, "nodes_falseleafs")[0] = 1; } },
        { "no leaf at all", file => { Fill(Ints(file, "nodes_trueleafs"), 0); Fill(Ints(file, "nodes_falseleafs"), 0); } },
        { "a feature below zero", file => Ints(file, "nodes_featureids")[0] = -1 },
        { "a root below zero", file => Ints(file, "tree_roots")[0] = -5 },
        { "roots that go back", file => (Ints(file, "tree_roots")[1], Ints(file, "tree_roots")[2]) = (Ints(file, "tree_roots")[2], Ints(file, "tree_roots")[1]) },
        { "a root beyond the nodes", file => Ints(file, "tree_roots")[^1] = 1 << 24 },
        { "a billion trees announced", file => Replace(file, OnnxNames.ScalarsKey, "\"treeCount\":3", "\"treeCount\":1000000000") },
        { "trees below zero announced", file => Replace(file, OnnxNames.ScalarsKey, "\"treeCount\":3", "\"treeCount\":-3") },
        { "a billion features announced", file => Replace(file, OnnxNames.ScalarsKey, "\"featureCount\":4", "\"featureCount\":1000000000") },
        { "a billion golden rows announced", file => Replace(file, OnnxNames.ScalarsKey, "\"goldenRows\":1", "\"goldenRows\":1000000000") },
        { "features that are null", file => Replace(file, OnnxNames.MetadataKey, "\"features\":[", "\"features\":null,\"x\":[") },
        { "a feature that is null", file => Replace(file, OnnxNames.MetadataKey, "\"features\":[{", "\"features\":[null,{") },
        { "metadata 10,000 brackets deep", file => Property(file, OnnxNames.MetadataKey).Value = new string('[', 10_000) },
        { "a category of two billion", file => Members(file, 2e9) },
        { "a category below zero", file => Members(file, -7) },
        { "an unknown operator", file => Trees(file).OpType = "NeuralForest" },
        { "two operators of trees", file => file.Graph.Node.Add(Trees(file).Clone()) },
        { "an attribute missing", file => Trees(file).Attribute.Remove(Trees(file).Attribute.Single(a => a.Name == "nodes_modes")) },
        { "an attribute of another type", file => Trees(file).Attribute.Single(a => a.Name == "nodes_splits").T.DataType = 1 },
        { "an attribute cut to one value", file => Trees(file).Attribute.Single(a => a.Name == "nodes_modes").T.RawData = ByteString.CopyFrom(0) },
        { "an unknown mode of a node", file => Trees(file).Attribute.Single(a => a.Name == "nodes_modes").T.RawData = ByteString.CopyFrom(Enumerable.Repeat((byte)99, Ints(file, "nodes_featureids").Count).ToArray()) },
    };

    [Theory]
    [MemberData(nameof(Structures))]
    public void Decode_SealedStructureThatIsNone_IsRefused(string name)
    {
        ModelProto file = ModelProto.Parser.ParseFrom(Small(nameof(OnnxProfile.Default)));
        s_structures[name](file);
        byte[] bytes = file.ToByteArray();
        FileSeal.Write(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuse(bytes, name);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, SmallFileMemory);
    }

    [Fact]
    public void Decode_AMillionNodes_IsReadInMemoryOfItsSize()
    {
        byte[] bytes = Grown(nodes: 1_000_000, chain: false);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ChurnModel model = ModelFile.Decode(bytes);
        Assert.Equal(1_000_000, model.Ensemble.Trees[0].NodeCount);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20L * bytes.Length);
    }

    // A chain so deep is a tree, and would overflow the stack of the runtime, which ends the process.
    [Fact]
    public void Decode_AMillionNodesInAChain_IsRefused() => Assert.Equal(5014, Refuse(Grown(nodes: 1_000_000, chain: true), "chain").Code.Number);

    private static byte[] Small(string profile) =>
        ModelFile.Encode(RandomModels.Create(7, new ModelShape { Features = 4, Trees = 3, Leaves = 6, Categories = 5 }), [], Enum.Parse<OnnxProfile>(profile)).OnnxBytes.ToArray();

    private static void Walk(ChurnModel model)
    {
        using var walk = new WalkBackend(model);
        float[] rows = RandomModels.Rows(3, model, 20), probability = new float[20], margin = new float[20];
        walk.Predict(rows, probability, margin);
    }

    private static ChurnModelException Refuse(byte[] bytes, string name)
    {
        var fault = Record.Exception(() => ModelFile.Decode(bytes, "m.onnx"));
        var refused = Assert.IsType<ChurnModelException>(fault);
        Assert.Contains("m.onnx", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.Hint.Length > 0, name);
        return refused;
    }

    // The properties are the end of the file, so a seal can follow anything.
    private static byte[] Sealed(byte[] body)
    {
        byte[] seal = new ModelProto { MetadataProps = { new StringStringEntryProto { Key = OnnxNames.SealKey, Value = FileSeal.Placeholder } } }.ToByteArray();
        byte[] bytes = [.. body, .. seal];
        FileSeal.Write(bytes);
        return bytes;
    }

    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }
        return stream.ToArray();
    }

    // Each level has the length of all below it, so the file is written from its end.
    private static byte[] Nested(int depth)
    {
        var reversed = new List<byte>();
        for (int level = 0; level < depth; level++)
        {
            int length = reversed.Count;
            byte[] head = [0x3A, (byte)(length & 0x7F | 0x80), (byte)(length >> 7 & 0x7F | 0x80), (byte)(length >> 14)];
            Array.Reverse(head);
            reversed.AddRange(head);
        }
        reversed.Reverse();
        return [.. reversed];
    }

    private static byte[] Grown(int nodes, bool chain)
    {
        int[] left = new int[nodes], right = new int[nodes];
        int leaf = 0;
        for (int node = 0; node < nodes; node++)
        {
            int first = chain ? int.MaxValue : 2 * node + 1, second = chain ? node + 1 : 2 * node + 2;
            left[node] = first < nodes ? first : ~leaf++;
            right[node] = second < nodes ? second : ~leaf++;
        }
        var tree = new DecisionTree
        {
            Feature = new int[nodes],
            Threshold = new float[nodes],
            LeftCategories = new CategorySet?[nodes],
            MissingGoesLeft = new bool[nodes],
            Left = left,
            Right = right,
            LeafValue = new double[nodes + 1],
        };
        ChurnModel small = RandomModels.Create(7, new ModelShape { Features = 4, Trees = 1, Leaves = 3, Categories = 0, Covers = false });
        // Written by hand: the engine's own export refuses the chain.
        ModelProto file = ModelProto.Parser.ParseFrom(ModelFile.Encode(small, []).OnnxBytes.Span);
        NodeProto trees = Trees(file);
        NodeProto grown = TreeEnsembleNode.Write(new TreeEnsemble { FeatureCount = 4, BaseMargin = 0, Trees = [tree] }, trees.Input[0], trees.Output[0]);
        file.Graph.Node[file.Graph.Node.IndexOf(trees)] = grown;
        byte[] bytes = file.ToByteArray();
        FileSeal.Write(bytes);
        return bytes;
    }

    private static StringStringEntryProto Property(ModelProto file, string key) => file.MetadataProps.Single(p => p.Key == key);

    private static NodeProto Trees(ModelProto file) => file.Graph.Node.First(n => n.Domain == OnnxNames.TreeDomain);

    private static Google.Protobuf.Collections.RepeatedField<long> Ints(ModelProto file, string name) => Trees(file).Attribute.Single(a => a.Name == name).Ints;

    private static void Fill(Google.Protobuf.Collections.RepeatedField<long> values, long value)
    {
        for (int i = 0; i < values.Count; i++)
            values[i] = value;
    }

    private static void Replace(ModelProto file, string key, string old, string by)
    {
        StringStringEntryProto property = Property(file, key);
        Assert.Contains(old, property.Value, StringComparison.Ordinal);
        property.Value = property.Value.Replace(old, by, StringComparison.Ordinal);
    }

    private static void Members(ModelProto file, double code)
    {
        TensorProto members = Trees(file).Attribute.Single(a => a.Name == "membership_values").T;
        members.RawData = ByteString.CopyFrom([.. BitConverter.GetBytes(code), .. members.RawData.Span[8..]]);
    }
}
