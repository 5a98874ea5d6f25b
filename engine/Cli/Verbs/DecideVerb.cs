using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class DecideVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<string?> _scores;
    private readonly Option<double?> _value;
    private readonly Option<string?> _valueColumn;
    private readonly Option<string?> _values;
    private readonly Option<double?> _saveRate;
    private readonly Option<double?> _cost;
    private readonly Option<int?> _capacity;
    private readonly Option<double?> _budget;
    private readonly Option<int?> _days;
    private readonly Option<string?> _date;
    private readonly Option<double?> _control;
    private readonly Option<string?> _out;
    private readonly Option<string?> _listing;
    private readonly Option<string?> _whatIf;
    private readonly Option<bool> _allowUncalibrated;
    private readonly Option<bool> _dryRun;
    private readonly Option<string?> _outcomes;
    private readonly Option<string?> _plan;
    private readonly Option<string> _key;

    public DecideVerb() : base("decide", "Choose whom to contact with which offer: the most expected value within capacity and budget, written as action_plan.csv. With --outcomes, measure what a plan achieved.")
    {
        _scores = Add(new Option<string?>("--scores", "-s") { Description = "Folder that `churn score` filled. Default: `score.out` of the project.", HelpName = "DIR" });
        Add(_input.Config);
        _value = Add(new Option<double?>("--value") { Description = "What a customer is worth. Default: the project's, else 600.", HelpName = "X" });
        _valueColumn = Add(new Option<string?>("--value-column") { Description = "Column of the scores that says what each customer is worth (see `churn score --columns`).", HelpName = "NAME" });
        _values = Add(new Option<string?>("--values") { Description = "Folder of scores of a value model, which say what each customer is worth: `churn score` with a model whose label is a `target`.", HelpName = "DIR" });
        _saveRate = Add(new Option<double?>("--save-rate") { Description = "Share of contacted churners that stay, 0..1. Default: the project's, else 0.4. Not beside `offers` of the project.", HelpName = "X" });
        _cost = Add(new Option<double?>("--cost") { Description = "Cost of one contact. Default: the project's, else 10. Not beside `offers` of the project.", HelpName = "X" });
        _capacity = Add(new Option<int?>("--capacity") { Description = "Most contacts a day; 0 is no limit. Default: the project's, else 0.", HelpName = "N" });
        _budget = Add(new Option<double?>("--budget") { Description = "Most to spend on all days together.", HelpName = "X" });
        _days = Add(new Option<int?>("--days") { Description = "Days to spread the contacts over; who loses most by waiting comes first. Default: the project's, else 1.", HelpName = "N" });
        _date = Add(new Option<string?>("--date") { Description = "The first day of the plan. Default: the project's, else the instant of the scores.", HelpName = "DATE" });
        _control = Add(new Option<double?>("--control") { Description = "Share of customers left alone at random, always the same ones, so that the effect can be measured. Default: the project's, else 0.", HelpName = "X" });
        _out = Add(new Option<string?>("--out", "-o") { Description = "File to write; .parquet is Parquet, all else CSV. Default: `decisions.out` of the project, else action_plan.csv. Beside it: FILE.record.json, and FILE.holdout with --control.", HelpName = "FILE" });
        _listing = Add(new Option<string?>("--listing") { Description = "Also write what was decided about every customer, and why; .parquet is Parquet, all else CSV.", HelpName = "FILE" });
        _whatIf = Add(new Option<string?>("--what-if") { Description = "Also compute the value of the best plan against budget and against capacity, and draw both into this folder.", HelpName = "DIR" });
        _allowUncalibrated = Add(new Option<bool>("--allow-uncalibrated") { Description = "Decide on probabilities that are not calibrated; the plan's record says so." });
        _dryRun = Add(new Option<bool>("--dry-run") { Description = "Decide, print what it comes to, and write nothing." });
        _outcomes = Add(new Option<string?>("--outcomes") { Description = "Table of what became of the customers of --plan: customer_id, churned or stayed, and revenue if known. Nothing is decided then.", HelpName = "FILE" });
        _plan = Add(new Option<string?>("--plan") { Description = "The plan that --outcomes is about; its hold-out lies beside it. Default: `decisions.out` of the project, else action_plan.csv.", HelpName = "FILE" });
        _key = Add(new Option<string>("--key") { Description = "Column of --outcomes with the customer.", DefaultValueFactory = _ => "customer_id", HelpName = "NAME" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("with the project's offers, costs and capacity", "churn decide --config world/churn.yaml"),
        new("without a project", "churn decide --scores scores --value 600 --save-rate 0.3 --cost 10 --capacity 1000"),
        new("a week's plan that leaves one in ten alone, with the reason for every choice", "churn decide --scores scores --days 5 --capacity 200 --control 0.1 --listing decisions.parquet"),
        new("what would more budget be worth?", "churn decide --config world/churn.yaml --dry-run --what-if curves --json"),
        new("a month later: did it work?", "churn decide --outcomes outcomes.csv --plan action_plan.csv"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        if (context.Get(_outcomes) is { } outcomes)
            return Measure(outcomes, context);
        if (context.Get(_plan) is not null || context.Wrote(_key))
            throw CliErrors.BadCommandLine("--plan and --key belong to --outcomes");
        bool standsAlone = context.Get(_scores) is not null && context.Get(_input.Config) is null;
        ProjectConfig? project = standsAlone ? null : _input.LoadProject(context);
        var overrides = new DecisionOverrides
        {
            Value = context.Get(_value),
            ValueColumn = context.Get(_valueColumn),
            Values = context.Get(_values),
            SaveRate = context.Get(_saveRate),
            Cost = context.Get(_cost),
            Capacity = context.Get(_capacity),
            Budget = context.Get(_budget),
            Days = context.Get(_days),
            Date = SharedOptions.Instant(_date.Name, context.Get(_date)),
            ControlShare = context.Get(_control),
            Out = context.Get(_out),
            Listing = context.Get(_listing),
            WhatIf = context.Get(_whatIf),
            AllowUncalibrated = context.Get(_allowUncalibrated),
            DryRun = context.Get(_dryRun),
        };
        StepContext steps = InputOptions.Steps(context);
        DecisionReport report = DecideStep.Run(context.Get(_scores), project, overrides, steps);
        return new VerbResult(new { Decisions = report, Stages = steps.Stages.Stages }, console =>
        {
            DecisionSummary.Print(console, report);
            StageTable.Print(console, steps.Stages);
        })
        { Warnings = steps.Warnings };
    }

    private VerbResult Measure(string outcomes, VerbContext context)
    {
        if (Command.Options.FirstOrDefault(option => option != _outcomes && option != _plan && option != _key && option != _input.Config && context.Wrote(option)) is { } other)
            throw CliErrors.BadCommandLine($"{other.Name} decides, and --outcomes measures what was decided");
        string? config = context.Get(_input.Config) ?? (context.Get(_plan) is null && File.Exists(InputOptions.DefaultConfig) ? InputOptions.DefaultConfig : null);
        ProjectConfig? project = config is null ? null : ProjectConfig.Load(config);
        StepContext steps = InputOptions.Steps(context);
        OutcomeReport report = OutcomeStep.Run(outcomes, context.Get(_plan) ?? project?.Resolve(project.Decisions.Out) ?? DecisionSettings.Default.Out, context.Require(_key), steps);
        return new VerbResult(new { Outcomes = report }, console => OutcomeSummary.Print(console, report)) { Warnings = steps.Warnings };
    }
}
