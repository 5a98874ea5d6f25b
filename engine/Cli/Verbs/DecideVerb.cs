using System.CommandLine;
using ChurnEngine.Decisions;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class DecideVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<string?> _scores;
    private readonly Option<double> _value;
    private readonly Option<string?> _valueColumn;
    private readonly Option<double> _saveRate;
    private readonly Option<double> _cost;
    private readonly Option<int> _capacity;
    private readonly Option<double?> _budget;
    private readonly Option<string?> _out;

    public DecideVerb() : base("decide", "Choose whom to contact: highest expected value within capacity and budget, written as action_plan.csv.")
    {
        DecisionOptions defaults = new();
        _scores = Add(new Option<string?>("--scores", "-s") { Description = "Folder that `churn score` filled. Default: `score.out` of the project.", HelpName = "DIR" });
        Add(_input.Config);
        _value = Add(new Option<double>("--value") { Description = "What a customer is worth.", DefaultValueFactory = _ => defaults.Value, HelpName = "X" });
        _valueColumn = Add(new Option<string?>("--value-column") { Description = "Column of the scores that says what each customer is worth (see `churn score --columns`).", HelpName = "NAME" });
        _saveRate = Add(new Option<double>("--save-rate") { Description = "Share of contacted churners that stay, 0..1.", DefaultValueFactory = _ => defaults.SaveRate, HelpName = "X" });
        _cost = Add(new Option<double>("--cost") { Description = "Cost of one contact.", DefaultValueFactory = _ => defaults.Cost, HelpName = "X" });
        _capacity = Add(new Option<int>("--capacity") { Description = "Most contacts; 0 is no limit.", DefaultValueFactory = _ => defaults.Capacity, HelpName = "N" });
        _budget = Add(new Option<double?>("--budget") { Description = "Most to spend.", HelpName = "X" });
        _out = Add(new Option<string?>("--out", "-o") { Description = "File to write. Default: `decisions.out` of the project, else action_plan.csv.", HelpName = "FILE" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("with the project's costs and capacity", "churn decide --config world/churn.yaml"),
        new("without a project", "churn decide --scores scores --value 600 --save-rate 0.3 --cost 10 --capacity 1000"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        bool standsAlone = context.Get(_scores) is not null && context.Get(_input.Config) is null;
        ProjectConfig? project = standsAlone ? null : _input.LoadProject(context);
        DecisionSettings settings = project?.Decisions ?? DecisionSettings.Default;
        T Choose<T>(Option<T> option, T otherwise) => context.Wrote(option) ? context.Require(option) : otherwise;
        settings = settings with
        {
            Options = settings.Options with
            {
                Value = Choose(_value, settings.Options.Value),
                SaveRate = Choose(_saveRate, settings.Options.SaveRate),
                Cost = Choose(_cost, settings.Options.Cost),
                Capacity = Choose(_capacity, settings.Options.Capacity),
                Budget = context.Get(_budget) ?? settings.Options.Budget,
            },
            ValueColumn = context.Get(_valueColumn) ?? settings.ValueColumn,
            Out = context.Get(_out) ?? project?.Resolve(settings.Out) ?? settings.Out,
        };
        StepContext steps = InputOptions.Steps(context);
        DecisionReport report = DecideStep.Run(context.Get(_scores) ?? project!.Resolve(project.Score.Out), settings, steps);
        return new VerbResult(new { Decisions = report, Stages = steps.Stages.Stages }, console =>
        {
            DecisionSummary.Print(console, report);
            StageTable.Print(console, steps.Stages);
        })
        { Warnings = steps.Warnings };
    }
}
