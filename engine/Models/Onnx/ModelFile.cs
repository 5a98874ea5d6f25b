using System.Security.Cryptography;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Models.Onnx;
using Google.Protobuf;

namespace ChurnEngine.Models;

/// <summary>Writes a model as one ONNX file and reads it back. The same model gives the same bytes.</summary>
public static class ModelFile
{
    /// <summary>Writes a model to a file, which appears whole or not at all.</summary>
    /// <param name="model">Predictor, calibration and metadata; its golden rows are chosen anew.</param>
    /// <param name="path">File to write; one that is there is replaced.</param>
    /// <param name="goldenSource">[N, F] rows that the model should prove itself with later; up to 64 are kept. N may be 0.</param>
    /// <param name="profile">Which operators to use.</param>
    /// <returns>The model with <see cref="ChurnModel.Golden"/>, <see cref="ChurnModel.OnnxBytes"/> and <see cref="ChurnModel.Version"/> filled.</returns>
    /// <remarks>Memory: a few times the size of the file. Errors: <see cref="ArgumentException"/> when predictor and features do not fit together;
    /// <see cref="ChurnModelException"/> CE5014 when a tree is too deep for the runtimes; <see cref="ChurnConfigException"/> CE5013 when the file cannot be written.</remarks>
    public static ChurnModel Save(ChurnModel model, string path, FeatureMatrix goldenSource, OnnxProfile profile = OnnxProfile.Default)
    {
        ArgumentNullException.ThrowIfNull(goldenSource);
        return Save(model, path, GoldenChoice.Thin(goldenSource), profile);
    }

    /// <summary>Writes a model to a file, which appears whole or not at all.</summary>
    /// <param name="model">Predictor, calibration and metadata; its golden rows are chosen anew.</param>
    /// <param name="path">File to write; one that is there is replaced.</param>
    /// <param name="goldenRows">[N * F] row-major rows to choose golden rows from; those of a loaded model, for example. N may be 0.</param>
    /// <param name="profile">Which operators to use.</param>
    /// <returns>The model with <see cref="ChurnModel.Golden"/>, <see cref="ChurnModel.OnnxBytes"/> and <see cref="ChurnModel.Version"/> filled.</returns>
    /// <remarks>Errors: as the other form.</remarks>
    public static ChurnModel Save(ChurnModel model, string path, ReadOnlySpan<float> goldenRows, OnnxProfile profile = OnnxProfile.Default)
    {
        ChurnModel encoded = Encode(model, goldenRows, profile);
        WholeFile.Write(path, encoded.OnnxBytes);
        return encoded;
    }

    /// <summary>Throws when a model could not be written there; to be asked before a long training, not after it.</summary>
    /// <param name="path">File to be written.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE5013.</remarks>
    public static void CheckWritable(string path) => WholeFile.Probe(path);

    /// <summary>Makes the bytes of a model file.</summary>
    /// <param name="model">Predictor, calibration and metadata.</param>
    /// <param name="goldenRows">[N * F] row-major rows to choose golden rows from. N may be 0: a row in which all is missing is always among them.</param>
    /// <param name="profile">Which operators to use.</param>
    /// <returns>The model with <see cref="ChurnModel.Golden"/>, <see cref="ChurnModel.OnnxBytes"/> and <see cref="ChurnModel.Version"/> filled.</returns>
    /// <remarks>Errors: <see cref="ArgumentException"/> when predictor, features and rows do not fit together;
    /// <see cref="ChurnModelException"/> CE5014 when a tree is too deep for the runtimes.</remarks>
    public static ChurnModel Encode(ChurnModel model, ReadOnlySpan<float> goldenRows, OnnxProfile profile = OnnxProfile.Default)
    {
        ArgumentNullException.ThrowIfNull(model);
        IPredictorCodec codec = PredictorCodecs.Of(model.Predictor);
        int featureCount = model.Predictor.FeatureCount;
        if (codec.FirstFault(model.Predictor, model.Metadata.Features) is { } fault)
            throw new ArgumentException($"the model cannot be exported: {fault}", nameof(model));
        if (model.Calibration.FirstFault() is { } uncalibrated)
            throw new ArgumentException($"the model cannot be exported: {uncalibrated}", nameof(model));
        if (model.Metadata.Features.Count != featureCount)
            throw new ArgumentException($"metadata names {model.Metadata.Features.Count} features, the model reads {featureCount}", nameof(model));
        if (model.Metadata.Link != OutputLink.Identity && (model.Metadata.Task != ModelTask.Regression || model.Metadata.Link != OutputLink.Exp))
            throw new ArgumentException($"a {model.Metadata.Task} has no link {model.Metadata.Link}", nameof(model));
        if (goldenRows.Length % featureCount != 0)
            throw new ArgumentException($"{goldenRows.Length} values are not whole rows of {featureCount} features", nameof(goldenRows));
        codec.CheckLimits(model, profile, null);

        ChurnModel proven = With(model, Expect(model, GoldenChoice.Choose(goldenRows, featureCount)), default);
        ModelProto file = OnnxGraph.Write(model, profile);
        ModelProperties.Write(file.MetadataProps, proven, profile);
        byte[] bytes = file.ToByteArray();
        FileSeal.Write(bytes);
        return With(proven, proven.Golden!, bytes);
    }

    /// <summary>Reads a model file and checks that it is whole.</summary>
    /// <param name="path">A file that <see cref="Save(ChurnModel, string, FeatureMatrix, OnnxProfile)"/> wrote.</param>
    /// <remarks>Errors: <see cref="ChurnModelException"/> CE5001 (not there), CE5012 (unreadable) and those of <see cref="Decode"/>.</remarks>
    public static ChurnModel Load(string path) => Decode(WholeFile.Read(path), path);

    /// <summary>Reads a model from the bytes of its file and checks that they are whole.</summary>
    /// <param name="bytes">The whole file; kept, not copied.</param>
    /// <param name="source">What errors call it.</param>
    /// <returns>The model. In the default profile its predictor equals the one exported; in the compatible profile leaf values and coefficients went through float.</returns>
    /// <remarks>Errors: <see cref="ChurnModelException"/> CE5002 (empty), CE5004 (no ONNX), CE5005 (cut), CE5006 (damaged), CE5007 (of another tool),
    /// CE5008 (version), CE5009 (contradicts itself).</remarks>
    public static ChurnModel Decode(ReadOnlyMemory<byte> bytes, string source = "model")
    {
        ModelProto file = Parse(bytes.Span, source);
        try
        {
            return Read(file, bytes, source);
        }
        catch (Exception fault) when (fault is InvalidDataException or ArgumentException or IndexOutOfRangeException or OverflowException
            or FormatException or JsonException or KeyNotFoundException or NotSupportedException or InvalidOperationException)
        {
            throw ModelErrors.Inconsistent(source, fault.Message, fault);
        }
    }

    private static ModelProto Parse(ReadOnlySpan<byte> bytes, string source)
    {
        if (bytes.IsEmpty)
            throw ModelErrors.Empty(source);
        if (FileSeal.IsPresent(bytes))
        {
            (string stated, string actual) = FileSeal.Read(bytes);
            if (stated != actual)
                throw ModelErrors.Damaged(source, stated, actual);
        }
        else if (LooksLikeOurs(bytes))
        {
            throw ModelErrors.CutShort(source, bytes.Length);
        }
        if (!WireCheck.LengthsFit(bytes))
            throw ModelErrors.NotOnnx(source, null);
        try
        {
            ModelProto file = ModelProto.Parser.ParseFrom(bytes);
            if (file.Graph is null)
                throw ModelErrors.NotOnnx(source, null);
            return file.MetadataProps.Any(p => p.Key == OnnxNames.SealKey) ? file : throw ModelErrors.Foreign(source, file.ProducerName);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw ModelErrors.NotOnnx(source, fault);
        }
    }

    // The first bytes say who wrote the file, however much of its end is lost.
    private static bool LooksLikeOurs(ReadOnlySpan<byte> bytes) =>
        bytes[0] == 0x08 && bytes[..Math.Min(bytes.Length, 32)].IndexOf("ChurnEngine"u8) >= 0;

    private static ChurnModel Read(ModelProto file, ReadOnlyMemory<byte> bytes, string source)
    {
        string format = ModelProperties.Find(file, OnnxNames.FormatKey);
        if (!OnnxNames.Formats.Contains(format))
            throw ModelErrors.WrongVersion(source, $"layout {string.Join(" or ", OnnxNames.Formats)}", $"layout {format}");
        ModelScalars scalars = ModelProperties.ReadScalars(file);
        ModelMetadata metadata = ModelProperties.ReadMetadata(file);
        // Before anything is made that long: a number in the file is only a claim.
        if (metadata.Features.Count != scalars.FeatureCount)
            throw ModelErrors.Inconsistent(source, $"it names {metadata.Features.Count} features and reads {scalars.FeatureCount}");
        IPredictorCodec codec = PredictorCodecs.In(file);
        IPredictor predictor = codec.Read(file, scalars, source);
        if (codec.FirstFault(predictor, metadata.Features) is { } fault)
            throw ModelErrors.Inconsistent(source, fault);
        var model = new ChurnModel
        {
            Predictor = predictor,
            Calibration = scalars.ToCalibration(),
            Metadata = metadata,
        };
        if (model.Calibration.FirstFault() is { } uncalibrated)
            throw ModelErrors.Inconsistent(source, uncalibrated);
        string outputs = string.Join(", ", file.Graph.Output.Select(output => output.Name));
        if (outputs != string.Join(", ", OnnxNames.Outputs(metadata.Task)))
            throw ModelErrors.Inconsistent(source, $"it says that it is a {metadata.Task.ToString().ToLowerInvariant()} and gives {outputs}");
        if (file.Graph.Node.Any(node => node.OpType == OnnxNames.ExpOperator) != (metadata.Link == OutputLink.Exp))
            throw ModelErrors.Inconsistent(source, $"it says that its link is {metadata.Link.ToString().ToLowerInvariant()}, and its graph computes another");
        if (metadata.Link != OutputLink.Identity && metadata.Task != ModelTask.Regression || metadata.Link == OutputLink.Sigmoid)
            throw ModelErrors.Inconsistent(source, $"a {metadata.Task.ToString().ToLowerInvariant()} has no link {metadata.Link.ToString().ToLowerInvariant()}");
        codec.CheckLimits(model, ModelProperties.Find(file, OnnxNames.ProfileKey) == "compatible" ? OnnxProfile.Compatible : OnnxProfile.Default, source);
        return With(model, ModelProperties.ReadGolden(file, scalars), bytes);
    }

    private static GoldenRows Expect(ChurnModel model, float[] rows)
    {
        int rowCount = rows.Length / model.Predictor.FeatureCount;
        var golden = new GoldenRows(rows, new float[rowCount], new float[rowCount]);
        using var walk = new WalkBackend(model);
        walk.Predict(rows, golden.Predicted, golden.Margin);
        return golden;
    }

    private static ChurnModel With(ChurnModel model, GoldenRows golden, ReadOnlyMemory<byte> bytes) => new()
    {
        Predictor = model.Predictor,
        Calibration = model.Calibration,
        Metadata = model.Metadata,
        Golden = golden,
        OnnxBytes = bytes,
        Version = bytes.IsEmpty ? "" : $"m-{Convert.ToHexStringLower(SHA256.HashData(bytes.Span))[..12]}",
    };
}
