using ChurnEngine.Columns;
using ChurnEngine.Models.Onnx;

namespace ChurnEngine.Models;

/// <summary>Writes one kind of predictor into the graph, as nodes from the features to a sum without the base margin, and reads it back.</summary>
internal interface IPredictorCodec
{
    /// <summary>True for a predictor of this kind.</summary>
    bool Writes(IPredictor predictor);

    /// <summary>True for a file with a predictor of this kind.</summary>
    bool IsIn(ModelProto file);

    /// <summary>Trees of it, for the file's scalars; 0 where it has none.</summary>
    int TreeCount(IPredictor predictor);

    /// <summary>Version of the operators for trees that the nodes need; null when they need none.</summary>
    long? TreeOpset(OnnxProfile profile);

    /// <summary>The first thing wrong with it; null when every row has a margin.</summary>
    string? FirstFault(IPredictor predictor, IReadOnlyList<FeatureInfo> features);

    /// <summary>Throws when runtimes would not survive loading it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="profile">How it is written.</param>
    /// <param name="source">The file that it was read from; null before an export.</param>
    void CheckLimits(ChurnModel model, OnnxProfile profile, string? source);

    /// <summary>Adds the nodes.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="predictor">What.</param>
    /// <param name="profile">Double where default, float where compatible.</param>
    /// <param name="input">[N, F] features, in the type of the profile.</param>
    /// <param name="output">What to call the [N, 1] sum.</param>
    void Write(GraphProto graph, IPredictor predictor, OnnxProfile profile, string input, string output);

    /// <summary>What the graph cannot hold, as properties.</summary>
    IEnumerable<(string Key, string Value)> Properties(IPredictor predictor);

    /// <summary>Reads what <see cref="Write"/> and <see cref="Properties"/> wrote.</summary>
    /// <remarks>Errors: <see cref="InvalidDataException"/> and those of arrays that do not fit together; <see cref="ChurnModelException"/> CE5008.</remarks>
    IPredictor Read(ModelProto file, ModelScalars scalars, string source);
}

/// <summary>The kinds of predictor there are.</summary>
internal static class PredictorCodecs
{
    private static readonly IPredictorCodec[] s_all = [new StackCodec(), new TreeCodec(), new LinearCodec()];

    public static IPredictorCodec Of(IPredictor predictor) =>
        s_all.FirstOrDefault(codec => codec.Writes(predictor)) ?? throw new ArgumentException($"{predictor.GetType().Name} has no codec", nameof(predictor));

    public static IPredictorCodec In(ModelProto file) =>
        s_all.FirstOrDefault(codec => codec.IsIn(file)) ?? throw new InvalidDataException("the graph has neither trees nor a linear form");
}
