using ChurnEngine.Columns;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli.Doctor;

/// <summary>A model file, by opening it: its seal, and its golden rows in ONNX Runtime.</summary>
internal sealed class ModelProbe(string path) : IProbe
{
    public string Topic => $"model {path}";

    public Need Serves => Need.Model;

    public IEnumerable<Finding> Look()
    {
        Finding finding;
        try
        {
            ModelInspection model = InspectStep.Model(new ModelChoice(path, SharedOptions.OpenBackend("onnx")));
            finding = new Finding("model.proof", "model", Standing.Good, $"{model.Version}, {model.Features} features; its seal is whole, and {model.GoldenRows} golden rows reproduce in ONNX Runtime");
        }
        catch (ChurnException fault)
        {
            finding = new Finding("model.proof", "model", Standing.Missing, (ErrorReport.Of(fault) with { Hint = "" }).ToLine()) { Hint = fault.Hint };
        }
        return [finding with { Needs = Need.Model }];
    }
}
