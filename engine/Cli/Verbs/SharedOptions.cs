using System.CommandLine;
using ChurnEngine.Columns;
using ChurnEngine.Models;
using ChurnEngine.OnnxBackend;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>Options and their readings that several verbs share.</summary>
internal static class SharedOptions
{
    public static Option<string> Model() => new("--model", "-m") { Description = "Model file; or production, staging, champion, challenger or a version of the registry.", DefaultValueFactory = _ => "model.onnx", HelpName = "FILE" };

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

    public static Option<string> Device()
    {
        var option = new Option<string>("--device")
        {
            Description = "Where ONNX Runtime runs the model: cpu, cuda (an NVIDIA GPU, in a build with -p:Gpu=true), or auto, which takes the GPU when it can be had. `churn doctor` says which that is, and why. Default: `score.device` of the project, else auto.",
            DefaultValueFactory = _ => "auto",
            HelpName = "NAME",
        };
        option.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        return option;
    }

    /// <summary>What opens the backend that the options name, on the device that they or the project name.</summary>
    /// <param name="context">The verb's.</param>
    /// <param name="options">The two options.</param>
    /// <param name="project">The project's settings; null for a plain table.</param>
    /// <param name="warn">Told why a GPU is not used that could have been.</param>
    public static OpenModelBackend OpenBackend(VerbContext context, (Option<string> Backend, Option<string> Device) options, ScoreSettings? project, Action<string> warn)
    {
        string name = context.Require(options.Backend), device = context.Wrote(options.Device) ? context.Require(options.Device) : (project ?? ScoreSettings.Default).Device;
        if (name == "onnx")
            return model => OnnxModelBackend.Open(model, Enum.Parse<OnnxDevice>(device, ignoreCase: true), warn);
        return context.Wrote(options.Device) && device == "cuda" ? throw CliErrors.BadCommandLine($"--device cuda belongs to --backend onnx: {name} runs on the processor") : OpenBackend(name);
    }

    /// <summary>Reads an instant option; null stays null.</summary>
    public static long? Instant(string option, string? text)
    {
        if (text is null)
            return null;
        return InstantText.TryParse(text, out long micros) ? micros : throw CliErrors.BadOption(option, "an instant such as 2024-12-31 or 2024-12-31T06:00:00Z", text);
    }
}
