using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class VerifyRegistryVerb : RegistryVerb
{
    private readonly Option<string> _backend;
    private readonly Option<string> _device;

    public VerifyRegistryVerb() : base("verify", "Look at every file of the registry: the log's chain of hashes, each version's bytes, each model's seal and golden rows, each alias. Changes nothing. Exit code 1 when something is wrong.")
    {
        _backend = Add(SharedOptions.Backend());
        _device = Add(SharedOptions.Device());
    }

    protected override IReadOnlyList<Example> Examples => [new("is the registry whole?", "churn models verify --registry world/registry")];

    protected override VerbResult Run(VerbContext context)
    {
        ProjectConfig? project = RegistryOptions.FindProject(context, Input);
        StepContext steps = InputOptions.Steps(context);
        RegistryVerifyReport report = RegistryStep.Verify(Registry.Place(context, project), SharedOptions.OpenBackend(context, (_backend, _device), project?.Score, steps.Warn));
        return new VerbResult(report, console =>
        {
            console.WriteLine($"{report.Proved} of {report.Versions} versions are whole and proved themselves; {report.Lines} lines of the audit log; {(report.Problems.Count == 0 ? "nothing is wrong" : $"{report.Problems.Count} problems")}");
            foreach (ProblemRow problem in report.Problems)
                console.WriteLine($"  {problem.What}: {problem.Problem}. Hint: {problem.Hint}");
        })
        {
            ExitCode = report.Problems.Count == 0 ? ExitCode.Done : ExitCode.GateSaidNo,
            Warnings = steps.Warnings,
        };
    }
}
