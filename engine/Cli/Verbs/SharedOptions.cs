using System.CommandLine;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.OnnxBackend;

namespace ChurnEngine.Cli;

/// <summary>Options and their readings that several verbs share.</summary>
internal static class SharedOptions
{
    public static Option<string> Model() => new("--model", "-m") { Description = "Model file.", DefaultValueFactory = _ => "model.onnx", HelpName = "FILE" };

    public static Option<string> Backend()
    {
        var option = new Option<string>("--backend") { Description = "What runs the model: onnx (ONNX Runtime), simd (our own vectors, the fastest for trees) or walk (the scalar form, the definition).", DefaultValueFactory = _ => "onnx", HelpName = "NAME" };
        option.AcceptOnlyFromAmong("onnx", "simd", "walk");
        return option;
    }

    public static OpenModelBackend OpenBackend(string name) => name switch
    {
        "simd" => SimdBackend.Open,
        "walk" => model => new WalkBackend(model),
        _ => OnnxModelBackend.Open,
    };

    /// <summary>Reads an instant option; null stays null.</summary>
    public static long? Instant(string option, string? text)
    {
        if (text is null)
            return null;
        return InstantText.TryParse(text, out long micros) ? micros : throw CliErrors.BadOption(option, "an instant such as 2024-12-31 or 2024-12-31T06:00:00Z", text);
    }
}
