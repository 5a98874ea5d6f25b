using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class BackfillVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<string?> _store;
    private readonly Option<string> _from;
    private readonly Option<string> _to;
    private readonly Option<string> _every;
    private readonly Option<bool> _overwrite;
    private readonly Option<bool> _dryRun;

    public BackfillVerb() : base("backfill", "Store the features of a range of dates. Only what is missing is computed, so a run that was cut short goes on where it stopped.")
    {
        Add(_input.Config);
        Add(_input.Grouped);
        _store = Add(StoreOptions.Store());
        _from = Add(new Option<string>("--from") { Description = "First date.", Required = true, HelpName = "DATE" });
        _to = Add(new Option<string>("--to") { Description = "Last date, included when a step meets it.", Required = true, HelpName = "DATE" });
        _every = Add(new Option<string>("--every") { Description = "Step: days, hours or months of the calendar, such as 30d, 12h, 1mo.", DefaultValueFactory = _ => "1d", HelpName = "STEP" });
        _overwrite = Add(new Option<bool>("--overwrite") { Description = "Compute dates anew that are there." });
        _dryRun = Add(StoreOptions.DryRun("reading the data"));
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("every thirty days of the year, as a model of months is trained", "churn features backfill --config world/churn.yaml --from 2024-03-31 --to 2024-11-26 --every 30d"),
        new("the first of each month into a store elsewhere", "churn features backfill --config world/churn.yaml --from 2024-04-01 --to 2024-12-01 --every 1mo --store /data/features"),
        new("what is missing?", "churn features backfill --config world/churn.yaml --from 2024-04-01 --to 2024-12-01 --every 7d --dry-run"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        ProjectConfig project = _input.LoadProject(context);
        long from = SharedOptions.Instant(_from.Name, context.Require(_from))!.Value;
        long to = SharedOptions.Instant(_to.Name, context.Require(_to))!.Value;
        var request = new MaterialiseRequest
        {
            Store = context.Get(_store),
            AsOf = MaterialiseStep.DatesBetween(from, to, context.Require(_every)),
            Overwrite = context.Get(_overwrite),
        };
        if (context.Get(_dryRun))
            return StoreOptions.Planned(MaterialiseStep.Plan(project, request));
        StepContext steps = _input.TableSteps(context);
        return StoreOptions.Filled(MaterialiseStep.Run(project, request, steps), steps);
    }
}
