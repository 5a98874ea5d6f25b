using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class PublishVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<string?> _store;
    private readonly Option<string?> _asOf;
    private readonly Option<string> _out;
    private readonly Option<bool> _dryRun;

    public PublishVerb() : base("publish", "Write one stored date into a SQLite file that answers for single customers at once. Readers see the old file until the new one is whole.")
    {
        Add(_input.Config);
        _store = Add(StoreOptions.Store());
        _asOf = Add(new Option<string?>("--as-of") { Description = "A date of the store. Default: its latest.", HelpName = "DATE" });
        _out = Add(new Option<string>("--out", "-o") { Description = "SQLite file to write or to replace.", DefaultValueFactory = _ => "features.sqlite", HelpName = "FILE" });
        _dryRun = Add(StoreOptions.DryRun("reading features"));
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("the latest date, for the service", "churn features publish --store world/feature-store --out features.sqlite"),
        new("a certain one, of this very plan", "churn features publish --config world/churn.yaml --as-of 2024-11-26 --out november.sqlite"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        ProjectConfig? project = StoreOptions.FindProject(context, _input, _store);
        string folder = StoreOptions.FolderOf(context, _store, project), path = context.Require(_out);
        long? asOf = SharedOptions.Instant(_asOf.Name, context.Get(_asOf));
        StepContext steps = InputOptions.Steps(context);
        bool dryRun = context.Get(_dryRun);
        PublishReport report = dryRun ? StoreReadStep.PlanPublish(project, folder, asOf, path, steps) : StoreReadStep.Publish(project, folder, asOf, path, steps);
        return new VerbResult(new { report.Path, report.AsOf, report.Rows, report.Features, report.PlanHash, DryRun = dryRun, Stages = steps.Stages.Stages }, console =>
        {
            console.WriteLine($"{(dryRun ? "would publish " : "")}{report.Rows:N0} customers x {report.Features} features as of {report.AsOf} in {report.Path}");
            StageTable.Print(console, steps.Stages);
        })
        { Warnings = steps.Warnings };
    }
}
