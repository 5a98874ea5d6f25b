using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChurnEngine.Columns;
using ChurnEngine.Models.Onnx;
using Google.Protobuf.Collections;

namespace ChurnEngine.Models;

/// <summary>The numbers that the graph cannot hold, or holds only in float in the compatible profile.</summary>
internal sealed record ModelScalars
{
    public required int FeatureCount { get; init; }
    public required int TreeCount { get; init; }
    public required int GoldenRows { get; init; }
    public required double BaseMargin { get; init; }
    public required double CalibrationSlope { get; init; }
    public required double CalibrationIntercept { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BetaScalars? Beta { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IsotonicScalars? Isotonic { get; init; }

    /// <summary>The calibration that they say.</summary>
    /// <remarks>Errors: <see cref="ArgumentException"/> where knots and log-odds are not as many.</remarks>
    public Calibration ToCalibration() => Beta is { } beta ? new BetaCalibration(beta.A, beta.B, beta.C)
        : Isotonic is { } knots ? new IsotonicCalibration(knots.Margins, knots.LogOdds, knots.TailSlope)
        : new SigmoidCalibration(CalibrationSlope, CalibrationIntercept);
}

/// <summary>Writes and reads the metadata properties of the file. JSON for what people read, base64 of little-endian values for arrays.</summary>
internal static class ModelProperties
{
    public static void Write(RepeatedField<StringStringEntryProto> properties, ChurnModel model, OnnxProfile profile)
    {
        GoldenRows golden = model.Golden!;
        IPredictorCodec codec = PredictorCodecs.Of(model.Predictor);
        var scalars = new ModelScalars
        {
            FeatureCount = model.Predictor.FeatureCount,
            TreeCount = codec.TreeCount(model.Predictor),
            GoldenRows = golden.Predicted.Length,
            BaseMargin = model.Predictor.BaseMargin,
            CalibrationSlope = (model.Calibration as SigmoidCalibration)?.Slope ?? 1,
            CalibrationIntercept = (model.Calibration as SigmoidCalibration)?.Intercept ?? 0,
            Beta = model.Calibration is BetaCalibration beta ? new BetaScalars(beta.A, beta.B, beta.C) : null,
            Isotonic = model.Calibration is IsotonicCalibration knots ? new IsotonicScalars(knots.Margins.ToArray(), knots.KnotLogOdds.ToArray(), knots.TailSlope) : null,
        };
        Add(OnnxNames.FormatKey, OnnxNames.FormatOf(model));
        Add(OnnxNames.ProfileKey, profile == OnnxProfile.Default ? "default" : "compatible");
        Add(OnnxNames.MetadataKey, JsonSerializer.Serialize(Sorted(model.Metadata), ModelJson.Default.ModelMetadata));
        Add(OnnxNames.ScalarsKey, JsonSerializer.Serialize(scalars, ModelJson.Default.ModelScalars));
        foreach ((string key, string value) in codec.Properties(model.Predictor))
            Add(key, value);
        Add(OnnxNames.GoldenKey, Base64<float>([.. golden.Rows, .. golden.Predicted, .. golden.Margin]));
        Add(OnnxNames.SealKey, FileSeal.Placeholder);

        void Add(string key, string value) => properties.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    /// <summary>The value of a property.</summary>
    /// <remarks>Errors: <see cref="InvalidDataException"/> when it is not there.</remarks>
    public static string Find(ModelProto file, string key) =>
        file.MetadataProps.FirstOrDefault(p => p.Key == key)?.Value ?? throw new InvalidDataException($"property {key} is missing");

    public static ModelMetadata ReadMetadata(ModelProto file)
    {
        ModelMetadata metadata = JsonSerializer.Deserialize(Find(file, OnnxNames.MetadataKey), ModelJson.Default.ModelMetadata) ?? throw new InvalidDataException("no metadata");
        // The generated reader gives null, and not the default, for a property that the file lacks, and lets null pass as an item.
        var defaults = new ModelMetadata();
        metadata = metadata with
        {
            ModelName = metadata.ModelName ?? defaults.ModelName,
            EngineVersion = metadata.EngineVersion ?? defaults.EngineVersion,
            Plan = metadata.Plan ?? defaults.Plan,
            PlanHash = metadata.PlanHash ?? defaults.PlanHash,
            Features = [.. (metadata.Features ?? []).Select(Whole)],
            TrainingAsOf = metadata.TrainingAsOf ?? [],
            Metrics = metadata.Metrics ?? defaults.Metrics,
            CalibrationMethod = metadata.CalibrationMethod ?? defaults.CalibrationMethod,
            TrainerOptions = metadata.TrainerOptions ?? defaults.TrainerOptions,
            Distributions = metadata.Distributions ?? [],
            Importance = metadata.Importance ?? [],
            Coefficients = metadata.Coefficients ?? [],
            Calibration = metadata.Calibration?.Whole(),
            ThresholdRule = metadata.ThresholdRule?.Whole(),
            LearningCurve = metadata.LearningCurve?.Whole(),
            Fairness = metadata.Fairness is { } groups ? [.. groups.Select(record => record.Whole())] : null,
        };
        if (!metadata.Coefficients.All(c => c is { Feature: not null, Level: not null }))
            throw new InvalidDataException("a coefficient lacks its feature or level");
        if (metadata.Scores is { } scores && (scores is not { UpperEdges: not null, Shares: not null, Rows: > 0 } || scores.Shares.Length != scores.UpperEdges.Length + 1))
            throw new InvalidDataException("the distribution of the scores lacks its edges, shares or rows");
        return metadata.Distributions.All(d => d is { UpperEdges: not null, Shares: not null }) ? metadata : throw new InvalidDataException("a distribution lacks its edges or shares");
    }

    private static FeatureInfo Whole(FeatureInfo? feature) => feature is { Name: not null } && feature.Categories?.Contains(null!) != true
        ? feature with { Unit = feature.Unit ?? "", Family = feature.Family ?? "", Categories = feature.Categories ?? [] }
        : throw new InvalidDataException("a feature or one of its categories has no name");

    public static ModelScalars ReadScalars(ModelProto file) =>
        JsonSerializer.Deserialize(Find(file, OnnxNames.ScalarsKey), ModelJson.Default.ModelScalars) ?? throw new InvalidDataException("no scalars");

    public static GoldenRows ReadGolden(ModelProto file, ModelScalars scalars)
    {
        float[] values = FromBase64<float>(Find(file, OnnxNames.GoldenKey));
        int rows = scalars.GoldenRows;
        int inputs = checked(rows * scalars.FeatureCount);
        if (rows < 0 || values.Length != inputs + 2L * rows)
            throw new InvalidDataException($"{values.Length} golden values for {rows} rows");
        return new(values[..inputs], values[inputs..^rows], values[^rows..]);
    }

    /// <summary>The leaf covers of all trees, as <see cref="WithCovers"/> reads them.</summary>
    public static string CoversOf(TreeEnsemble ensemble) => Base64<double>([.. ensemble.Trees.SelectMany(CoverOrNone)]);

    /// <summary>Gives each tree its leaf covers; a NaN in the place of the first says that the tree has none.</summary>
    public static DecisionTree[] WithCovers(ModelProto file, DecisionTree[] trees)
    {
        double[] covers = FromBase64<double>(Find(file, OnnxNames.LeafCoversKey));
        int next = 0;
        return [.. trees.Select(tree =>
        {
            bool none = double.IsNaN(covers[next]);
            int start = next;
            next += none ? 1 : tree.LeafCount;
            return none ? tree : WithCover(tree, covers[start..next]);
        })];
    }

    private static IEnumerable<double> CoverOrNone(DecisionTree tree) => tree.LeafCover.Length == 0 ? [double.NaN] : tree.LeafCover;

    private static DecisionTree WithCover(DecisionTree tree, double[] cover) => new()
    {
        Feature = tree.Feature,
        Threshold = tree.Threshold,
        LeftCategories = tree.LeftCategories,
        MissingGoesLeft = tree.MissingGoesLeft,
        Left = tree.Left,
        Right = tree.Right,
        LeafValue = tree.LeafValue,
        LeafCover = cover,
    };

    // A dictionary remembers the order of insertion; the file must not.
    private static ModelMetadata Sorted(ModelMetadata metadata) => metadata with
    {
        Metrics = new SortedDictionary<string, double>(metadata.Metrics.ToDictionary(), StringComparer.Ordinal),
        TrainerOptions = new SortedDictionary<string, string>(metadata.TrainerOptions.ToDictionary(), StringComparer.Ordinal),
    };

    private static string Base64<T>(ReadOnlySpan<T> values) where T : unmanaged => Convert.ToBase64String(MemoryMarshal.AsBytes(values));

    private static T[] FromBase64<T>(string text) where T : unmanaged => MemoryMarshal.Cast<byte, T>(Convert.FromBase64String(text)).ToArray();
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ModelMetadata))]
[JsonSerializable(typeof(ModelScalars))]
internal sealed partial class ModelJson : JsonSerializerContext;
