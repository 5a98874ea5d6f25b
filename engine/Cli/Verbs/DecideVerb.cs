using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class DecideVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<string?> _scores;
    private readonly Option<double?> _value;
    private readonly Option<string?> _valueColumn;
    private readonly Option<double?> _saveRate;
    private readonly Option<double?> _cost;
    private readonly Option<int?> _capacity;
    private readonly Option<double?> _budget;
    private readonly Option<string?> _out;

    public DecideVerb() : base("decide", "Choose whom to contact: highest expected value within capacity and budget, written as action_plan.csv.")
    {
        _scores = Add(new Option<string?>("--scores", "-s") { Description = "Folder that `churn score` filled. Default: `score.out` of the project.", HelpName = "DIR" });
        Add(_input.Config);
        _value = Add(new Option<double?>("--value") { Description = "What a customer is worth. Default: the project's, else 600.", HelpName = "X" });
        _valueColumn = Add(new Option<string?>("--value-column") { Description = "Column of the scores that says what each customer is worth (see `churn score --columns`).", HelpName = "NAME" });
        _saveRate = Add(new Option<double?>("--save-rate") { Description = "Share of contacted churners that stay, 0..1. Default: the project's, else 0.4.", HelpName = "X" });
        _cost = Add(new Option<double?>("--cost") { Description = "Cost of one contact. Default: the project's, else 10.", HelpName = "X" });
        _capacity = Add(new Option<int?>("--capacity") { Description = "Most contacts; 0 is no limit. Default: the project's, else 0.", HelpName = "N" });
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
        var overrides = new DecisionOverrides
        {
            Value = context.Get(_value),
            ValueColumn = context.Get(_valueColumn),
            SaveRate = context.Get(_saveRate),
            Cost = context.Get(_cost),
            Capacity = context.Get(_capacity),
            Budget = context.Get(_budget),
            Out = context.Get(_out),
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
}
