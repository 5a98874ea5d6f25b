using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class MaterialiseVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<string?> _store;
    private readonly Option<string?> _asOf;
    private readonly Option<bool> _overwrite;
    private readonly Option<bool> _dryRun;

    public MaterialiseVerb() : base("materialise", "Store the features of everybody at risk as of one date. A date is there whole or not at all; one that is there stays.")
    {
        Command.Aliases.Add("materialize");
        Add(_input.Config);
        Add(_input.Grouped);
        _store = Add(StoreOptions.Store());
        _asOf = Add(new Option<string?>("--as-of") { Description = "Instant, ISO 8601, UTC where no zone is given. Default: `score.as_of` of the project, else the end of the data.", HelpName = "DATE" });
        _overwrite = Add(new Option<bool>("--overwrite") { Description = "Compute the date anew when it is there; the old one stays until the new one is whole." });
        _dryRun = Add(StoreOptions.DryRun("reading the data"));
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("tonight's features into the project's store", "churn features materialise --config world/churn.yaml --as-of 2024-12-26"),
        new("would that be new?", "churn features materialise --config world/churn.yaml --as-of 2024-12-26 --dry-run --json"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        ProjectConfig project = _input.LoadProject(context);
        var request = new MaterialiseRequest
        {
            Store = context.Get(_store),
            AsOf = SharedOptions.Instant(_asOf.Name, context.Get(_asOf)) is { } asOf ? [asOf] : [],
            Overwrite = context.Get(_overwrite),
        };
        if (context.Get(_dryRun))
            return StoreOptions.Planned(MaterialiseStep.Plan(project, request));
        StepContext steps = _input.TableSteps(context);
        return StoreOptions.Filled(MaterialiseStep.Run(project, request, steps), steps);
    }
}
