using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ChurnEngine.Models.Onnx;
using Google.Protobuf;

namespace ChurnEngine.Models;

/// <summary>Makes and reads attributes and tensors. A reader that does not find what it asks for throws <see cref="InvalidDataException"/>.</summary>
internal static class OnnxValues
{
    public static AttributeProto Int(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    public static AttributeProto Ints(string name, IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Floats(string name, IEnumerable<float> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Floats };
        attribute.Floats.AddRange(values);
        return attribute;
    }

    public static AttributeProto Texts(string name, IEnumerable<string> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Strings };
        attribute.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return attribute;
    }

    public static AttributeProto Tensor<T>(string name, ReadOnlySpan<T> values) where T : unmanaged =>
        new() { Name = name, T = Vector(name, values), Type = AttributeProto.Types.AttributeType.Tensor };

    /// <summary>A tensor of one dimension.</summary>
    public static TensorProto Vector<T>(string name, ReadOnlySpan<T> values) where T : unmanaged => new()
    {
        Name = name,
        DataType = (int)TypeOf<T>(),
        Dims = { values.Length },
        RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
    };

    public static long ReadInt(NodeProto node, string name) => Find(node, name).I;

    public static IReadOnlyList<long> ReadInts(NodeProto node, string name) => Find(node, name).Ints;

    public static IReadOnlyList<float> ReadFloats(NodeProto node, string name) => Find(node, name).Floats;

    public static string[] ReadTexts(NodeProto node, string name) => [.. Find(node, name).Strings.Select(s => s.ToString(Encoding.UTF8))];

    /// <summary>The values of a tensor attribute, or none when the attribute is absent.</summary>
    public static T[] ReadOptionalTensor<T>(NodeProto node, string name) where T : unmanaged =>
        node.Attribute.Any(a => a.Name == name) ? ReadTensor<T>(node, name) : [];

    public static T[] ReadTensor<T>(NodeProto node, string name) where T : unmanaged
    {
        TensorProto? tensor = Find(node, name).T;
        return tensor is not null && Holds<T>(tensor) ? Values<T>(tensor) : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"attribute {name} of {node.OpType} is not a {TypeOf<T>()} tensor"));
    }

    /// <summary>The values of a constant of the graph.</summary>
    public static T[] ReadVector<T>(TensorProto tensor) where T : unmanaged =>
        Holds<T>(tensor) ? Values<T>(tensor) : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"constant {tensor.Name} is not a {TypeOf<T>()} tensor"));

    private static bool Holds<T>(TensorProto tensor) where T : unmanaged => tensor.DataType == (int)TypeOf<T>() && tensor.RawData.Length % Marshal.SizeOf<T>() == 0;

    private static T[] Values<T>(TensorProto tensor) where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.RawData.Span).ToArray();

    private static AttributeProto Find(NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(a => a.Name == name) ?? throw new InvalidDataException($"{node.OpType} has no attribute {name}");

    private static TensorProto.Types.DataType TypeOf<T>() => default(T) switch
    {
        float => TensorProto.Types.DataType.Float,
        double => TensorProto.Types.DataType.Double,
        byte => TensorProto.Types.DataType.Uint8,
        int => TensorProto.Types.DataType.Int32,
        long => TensorProto.Types.DataType.Int64,
        _ => throw new NotSupportedException(typeof(T).Name),
    };
}
