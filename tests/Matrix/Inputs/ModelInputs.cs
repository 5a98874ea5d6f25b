using ChurnEngine.Models;
using ChurnEngine.Models.Onnx;
using Google.Protobuf;

namespace ChurnEngine.Matrix.Tests;

/// <summary>The model file as the command line meets it; tests/engine/Models has every flipped byte and every hostile length.</summary>
internal static class ModelInputs
{
    public static IEnumerable<BadInput> All => [.. Damaged, .. Sealed, .. Misfits, .. CutFiles];

    private static IEnumerable<BadInput> Damaged =>
    [
        Model("an empty file", [], "CE5002"),
        Model("a CSV file", Samples.People.Bytes(), "CE5004"),
        Model("random bytes", CsvTextInputs.RandomBytes(3000), "CE5004"),
        Model("NUL bytes", new byte[1000], "CE5004"),
        Model("a bit of a threshold flipped", Flipped(Samples.TableModel.Length / 2), "CE5006"),
        Model("a bit of the seal flipped", Flipped(Samples.TableModel.Length - 3), "CE5006"),
        Model("a byte added", [.. Samples.TableModel, 0], "CE5005"),
        Model("a copy in text mode, LF to CR LF", [.. Samples.TableModel.SelectMany(b => b == 10 ? new byte[] { 13, 10 } : [b])], "CE500"),
        Model("a model of another tool", new ModelProto { IrVersion = 8, ProducerName = "skl2onnx", Graph = new GraphProto { Name = "g" } }.ToByteArray(), "CE5007") with { Names = ["model.onnx", "skl2onnx"] },
    ];

    private static IEnumerable<BadInput> Sealed =>
    [
        Model("sealed, of a later layout", Resealed(file => Property(file, OnnxNames.FormatKey).Value = "3"), "CE5008"),
        Model("sealed, of a later operator set", Resealed(file => file.OpsetImport[1].Version = 6), "CE5008"),
        Model("sealed, with an unknown operator", Resealed(file => Trees(file).OpType = "NeuralForest"), "CE5008") with { Names = ["model.onnx", "NeuralForest"] },
        Model("sealed, a child beyond the tree", Resealed(file => Ints(file, "nodes_truenodeids")[0] = 1 << 20), "CE5009"),
        Model("sealed, a cycle in a tree", Resealed(file => { Ints(file, "nodes_truenodeids")[0] = 0; Ints(file, "nodes_trueleafs")[0] = 0; }), "CE5009"),
        Model("sealed, a feature beyond the row", Resealed(file => Ints(file, "nodes_featureids")[0] = 99), "CE5009"),
        Model("sealed, without trees", Resealed(file => file.Graph.Node.Clear()), "CE5009"),
        Model("sealed, metadata that is no JSON", Resealed(file => Property(file, OnnxNames.MetadataKey).Value = "{"), "CE5009"),
        Model("sealed, golden rows that are not its own", Resealed(file => Property(file, OnnxNames.GoldenKey).Value = Convert.ToBase64String(new byte[20])), "CE5010"),
        Model("sealed, its graph multiplied by two", Resealed(file => Initializer(file, "calibration_slope").RawData = ByteString.CopyFrom(BitConverter.GetBytes(2.0))), "CE5010"),
        Model("sealed, a node that ONNX Runtime does not know", Resealed(file => file.Graph.Node.Single(n => n.OpType == "Sigmoid").OpType = "Sigmoidal"), "CE5103"),
        Model("sealed, its plan is no plan", Resealed(file => Property(file, OnnxNames.MetadataKey).Value = Property(file, OnnxNames.MetadataKey).Value.Replace("tables", "chairs", StringComparison.Ordinal)), "CE5204") with { Names = ["model.onnx", "plan"] },
    ];

    private static IEnumerable<BadInput> Misfits =>
    [
        Model("a model of events for a plain table", Samples.ProjectModel, "CE5201") with { Names = ["--config"] },
        Model("a model of a plain table for a project", Samples.TableModel, "CE5202") with { CommandLine = Samples.ScoreProjectLine, Names = ["--table"] },
        Model("a model of another plan", Samples.ProjectModel, "CE5003") with
        {
            CommandLine = Samples.ScoreProjectLine,
            Arrange = scene => Put(scene, Samples.ProjectModel, Samples.Plan.Replace("sum(amount)", "mean(amount)", StringComparison.Ordinal)),
            Names = ["plan"],
        },
    ];

    private static IEnumerable<BadInput> CutFiles => Enumerable.Range(1, 9).Select(tenth => Model($"cut at {tenth} tenths", Samples.TableModel.Tenths(tenth), "CE5005"));

    private static BadInput Model(string name, byte[] model, string says) => new()
    {
        Group = "model",
        Name = name,
        CommandLine = Samples.ScoreLine,
        Arrange = scene => Put(scene, model, Samples.Plan),
        Exit = 3,
        Says = says,
        Names = ["CE500".StartsWith(says[..4], StringComparison.Ordinal) ? "model" : ""],
    };

    private static void Put(Scene scene, byte[] model, string plan)
    {
        scene.Write("people.csv", Samples.People);
        scene.Write("customers.csv", Samples.Customers);
        scene.Write("events.csv", Samples.Events);
        scene.Write("churn.yaml", plan);
        scene.Write("model.onnx", model);
    }

    private static byte[] Flipped(int position)
    {
        byte[] bytes = [.. Samples.TableModel];
        bytes[position] ^= 4;
        return bytes;
    }

    private static byte[] Resealed(Action<ModelProto> change)
    {
        ModelProto file = ModelProto.Parser.ParseFrom(Samples.TableModel);
        change(file);
        byte[] bytes = file.ToByteArray();
        FileSeal.Write(bytes);
        return bytes;
    }

    private static StringStringEntryProto Property(ModelProto file, string key) => file.MetadataProps.Single(p => p.Key == key);

    private static NodeProto Trees(ModelProto file) => file.Graph.Node.Single(n => n.Domain == OnnxNames.TreeDomain);

    private static Google.Protobuf.Collections.RepeatedField<long> Ints(ModelProto file, string name) => Trees(file).Attribute.Single(a => a.Name == name).Ints;

    private static TensorProto Initializer(ModelProto file, string name) => file.Graph.Initializer.Single(t => t.Name == name);
}
