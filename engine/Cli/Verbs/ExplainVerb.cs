using System.CommandLine;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class ExplainVerb : Verb
{
    private const int MostBackground = 100_000;
    private readonly InputOptions _input = new();
    private readonly Option<string> _model;
    private readonly Option<int?> _top;
    private readonly Option<string?> _customer;
    private readonly Option<string?> _store;
    private readonly Option<string?> _asOf;
    private readonly Option<int> _background;
    private readonly Option<int> _interactions;
    private readonly Option<bool> _counterfactual;
    private readonly Option<double?> _target;
    private readonly Option<string?> _actionable;
    private readonly Option<string> _backend;
    private readonly RegistryOptions _registry = new();

    public ExplainVerb() : base("explain", "Say what a model has learnt (gain and splits of each feature of trees, coefficients of logistic regression), or, with --customer, why one customer's prediction is what it is: exact SHAP values.")
    {
        _model = Add(SharedOptions.Model());
        Add(_registry.Folder);
        _top = Add(new Option<int?>("--top") { Description = "Only so many lines, the largest first. Default: all.", HelpName = "N" });
        _customer = Add(new Option<string?>("--customer") { Description = "Explain this customer's prediction: a bar for each reason. Reads the project, or what --table or --store name.", HelpName = "ID" });
        Add(_input.Config);
        Add(_input.Table);
        Add(_input.Grouped);
        _store = Add(new Option<string?>("--store") { Description = "With --customer: take the features from a date of this offline store; without --as-of the latest.", HelpName = "DIR" });
        _asOf = Add(new Option<string?>("--as-of") { Description = "With --customer: the instant. Default: `score.as_of` of the project, else the end of the data.", HelpName = "DATE" });
        _background = Add(new Option<int>("--background") { Description = "With --customer: let so many other customers stand in for what is not known (interventional values). Default: 0, the training rows do, by the covers of the trees.", DefaultValueFactory = _ => 0, HelpName = "N" });
        _interactions = Add(new Option<int>("--interactions") { Description = "With --customer: list so many pairs of features by what they do together beyond each alone.", DefaultValueFactory = _ => 0, HelpName = "N" });
        _counterfactual = Add(new Option<bool>("--counterfactual") { Description = "With --customer: find the smallest change of features that can be acted on, fewest first, which brings the probability below --target." });
        _target = Add(new Option<double?>("--target") { Description = "With --counterfactual: probability to come below. Default: the threshold from which this customer is flagged.", HelpName = "P" });
        _actionable = Add(new Option<string?>("--actionable") { Description = "With --counterfactual: features that can be changed, each perhaps in one direction. Default: `actionable` of the project.", HelpName = "NAME[:increase|decrease],..." });
        _backend = Add(SharedOptions.Backend());
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("the model in this folder", "churn explain"),
        new("its ten largest, for a program", "churn explain --model world/model.onnx --top 10 --json"),
        new("why customer 42 may leave, and which facts act together", "churn explain --customer 42 --config world/churn.yaml --model world/model.onnx --interactions 5"),
        new("what would have to be otherwise for customer 42 not to be flagged", "churn explain --customer 42 --config world/churn.yaml --model world/model.onnx --counterfactual --actionable plays_30d:increase,tickets_30d:decrease,plan"),
        new("one row of a plain table, against 200 others", "churn explain --customer 7590-VHVEG --table telco.csv --background 200"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        int most = context.Get(_top) ?? int.MaxValue;
        if (most < 1)
            throw CliErrors.BadOption("--top", "1 and up", $"{most}");
        return context.Get(_customer) is { } customer ? OfCustomer(context, customer, most) : OfModel(context, most);
    }

    private VerbResult OfModel(VerbContext context, int most)
    {
        Option[] asked = [_input.Config, _input.Table, _input.Grouped, _store, _asOf, _background, _interactions, _counterfactual, _target, _actionable, _backend];
        if (asked.FirstOrDefault(context.Wrote) is { } data)
            throw CliErrors.BadCommandLine($"{data.Name} belongs to --customer: what a model has learnt is told without data");
        ModelExplanation learnt = ExplainModelStep.Run(_registry.ModelPath(context, _model, null));
        ModelExplanation shown = learnt with { Importance = [.. learnt.Importance.Take(most)], Coefficients = [.. learnt.Coefficients.Take(most)] };
        return new VerbResult(shown, console =>
        {
            console.WriteLine($"{learnt.Version}: {(learnt.Algorithm.Length == 0 ? "" : $"{learnt.Algorithm}, ")}{learnt.Features} features");
            if (learnt.Importance.Count == 0 && learnt.Coefficients.Count == 0)
                console.WriteLine("the model was trained by an engine that kept neither importance nor coefficients");
            LearntTable.Print(console, learnt, most);
            if (learnt.Coefficients.Count > 0)
                console.WriteLine("coefficient: log-odds for one unit more, or for that level; per deviation: for one standard deviation more, by which they are ordered");
        });
    }

    private VerbResult OfCustomer(VerbContext context, string customer, int most)
    {
        if (context.Require(_background) is < 0 or > MostBackground)
            throw CliErrors.BadOption("--background", $"0 to {MostBackground:N0}", $"{context.Require(_background)}");
        if (context.Require(_interactions) < 0)
            throw CliErrors.BadOption("--interactions", "0 and up", $"{context.Require(_interactions)}");
        (ScoreInput input, ProjectConfig? project) = _input.FindScored(context, _store);
        StepContext steps = _input.TableSteps(context);
        bool isAsked = context.Get(_counterfactual);
        if (!isAsked && new Option[] { _target, _actionable }.FirstOrDefault(context.Wrote) is { } stray)
            throw CliErrors.BadCommandLine($"{stray.Name} belongs to --counterfactual");
        var question = new CustomerQuestion(customer)
        {
            Counterfactual = isAsked ? CounterfactualQuestion.Of(context.Get(_actionable), context.Get(_target), project) : null,
            AsOf = SharedOptions.Instant(_asOf.Name, context.Get(_asOf)) ?? project?.Score.AsOf,
            Background = context.Require(_background),
            Pairs = context.Require(_interactions),
        };
        CustomerExplanation why = ExplainCustomerStep.Run(input, new ModelChoice(_registry.ModelPath(context, _model, project), SharedOptions.OpenBackend(context.Require(_backend))), question, steps);
        return new VerbResult(why with { Features = [.. why.Features.Take(most)], Reasons = [.. why.Reasons.Take(most)] }, console =>
        {
            console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{customer}: {why.Predicted:0.0000}{(why.AsOf is null ? "" : $" as of {why.AsOf}")}, by {why.Version}"));
            EffectTable.Print(console, why, most);
        })
        { Warnings = steps.Warnings };
    }
}
