namespace ChurnEngine.Models;

/// <summary>The names that files and readers agree on.</summary>
internal static class OnnxNames
{
    public const string Producer = "ChurnEngine";
    public const string TreeDomain = "ai.onnx.ml";

    public const string Features = "features";
    public const string Probability = "probability";
    public const string Margin = "margin";

    /// <summary>The output of a model that is no classifier.</summary>
    public const string Value = "value";

    /// <summary>The operator between the sum of the trees and the value of a model whose link it is.</summary>
    public const string ExpOperator = "Exp";

    /// <summary>The outputs of a model, in their order.</summary>
    public static string[] Outputs(ModelTask task) => task == ModelTask.Regression ? [Value] : [Probability, Margin];

    /// <summary>Keys of the metadata properties, in the order in which they are written.</summary>
    public const string FormatKey = "churn.format";
    public const string ProfileKey = "churn.profile";
    public const string MetadataKey = "churn.metadata";
    public const string ScalarsKey = "churn.scalars";
    public const string LeafCoversKey = "churn.leaf_covers";
    public const string GoldenKey = "churn.golden";
    public const string SealKey = "churn.sha256";

    /// <summary>Versions of the metadata layout that can be read; a reader refuses what it does not know.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["1", "2"];

    /// <summary>The oldest version that says all of a model: 2 came with calibrations other than a sigmoid and thresholds by segment, which a reader of 1 would not see.</summary>
    public static string FormatOf(ChurnModel model) => model.Calibration is SigmoidCalibration && model.Metadata.ThresholdRule?.Feature is null ? "1" : "2";
}
