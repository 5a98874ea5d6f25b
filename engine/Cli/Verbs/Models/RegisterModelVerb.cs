using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class RegisterModelVerb : RegistryVerb
{
    private readonly Argument<string> _file;

    public RegisterModelVerb() : base("register", "Take a model file into the registry; one that is there already stays as it is. `churn train --register` does so by itself.") =>
        _file = Add(new Argument<string>("file") { Description = "The ONNX file that `churn train` wrote.", HelpName = "FILE" });

    protected override IReadOnlyList<Example> Examples => [new("a model that was trained before there was a registry", "churn models register world/model.onnx --registry world/registry")];

    protected override VerbResult Run(VerbContext context)
    {
        StepContext steps = InputOptions.Steps(context);
        RegistrationReport report = RegistryStep.Register(Place(context), context.Require(_file), null, steps);
        return new VerbResult(report, console => console.WriteLine($"{report.Version} {(report.IsNew ? "is now" : "was already")} in {report.Registry}")) { Warnings = steps.Warnings };
    }
}
