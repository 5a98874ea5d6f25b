using System.CommandLine;
using System.Globalization;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

internal sealed class AuditFairnessVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly RegistryOptions _registry = new();
    private readonly Option<string> _model;
    private readonly Option<string?> _by;
    private readonly Option<string[]> _reference;
    private readonly Option<int?> _capacity;
    private readonly Option<string?> _asOf;
    private readonly Option<double?> _selectionRatio;
    private readonly Option<double?> _recallRatio;
    private readonly Option<double?> _gap;
    private readonly Option<int?> _minRows;
    private readonly Option<string> _backend;

    public AuditFairnessVerb() : base("fairness", "Does the model treat groups of customers alike? Who is flagged, found, flagged in vain, and how far probabilities are from outcomes, by group and with intervals. The column need not be a feature.")
    {
        _model = Add(SharedOptions.Model());
        Add(_registry.Folder);
        Add(_input.Config);
        Add(_input.Table);
        _by = Add(new Option<string?>("--by") { Description = "Columns or features whose values are the groups; TABLE.COLUMN where two tables have one. Default: `fairness.by` of the project.", HelpName = "COLUMN[,COLUMN]" });
        _reference = Add(new Option<string[]>("--reference") { Description = "Group that others are compared with, for each column. Default: `fairness.reference`, else the largest.", HelpName = "COLUMN=GROUP", AllowMultipleArgumentsPerToken = true });
        _capacity = Add(new Option<int?>("--capacity") { Description = "Select the so many most likely to leave. Default: those from the model's thresholds on.", HelpName = "N" });
        _asOf = Add(new Option<string?>("--as-of") { Description = "Snapshot to measure on. Default: the latest whose labels are complete.", HelpName = "DATE" });
        _selectionRatio = Add(new Option<double?>("--min-selection-ratio") { Description = "Exit code 1 when a group's share of flagged customers is less than so many times another's, beyond chance. Default: `fairness.min_selection_ratio`, else 0.8; 0 does not judge.", HelpName = "R" });
        _recallRatio = Add(new Option<double?>("--min-tpr-ratio") { Description = "The same of the share of churners found. Default: `fairness.min_tpr_ratio`, else 0.8.", HelpName = "R" });
        _gap = Add(new Option<double?>("--max-calibration-gap") { Description = "The same when a group's mean probability lies farther from its share of churners. Default: `fairness.max_calibration_gap`, else not judged.", HelpName = "P" });
        _minRows = Add(new Option<int?>("--min-rows") { Description = "Groups of fewer customers are told and not judged. Default: `fairness.min_rows`, else 100.", HelpName = "N" });
        _backend = Add(SharedOptions.Backend());
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("by a column of the customers that is no feature; exit code 1 when a group is treated unlike the others", "churn audit fairness --by gender --model world/model.onnx --config world/churn.yaml"),
        new("of the 500 who would be contacted, against one group, for a report", "churn audit fairness --by region,gender --reference gender=female --capacity 500 --model world/model.onnx --config world/churn.yaml --json"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        string? table = _input.FindTable(context);
        ProjectConfig? project = table is null ? _input.LoadProject(context) : null;
        if (context.Get(_capacity) is < 1 and var capacity)
            throw CliErrors.BadOption(_capacity.Name, "a whole number, 1 and up", capacity.ToString(CultureInfo.InvariantCulture));
        StepContext steps = InputOptions.Steps(context);
        var request = new FairnessRequest
        {
            By = context.Get(_by)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray(),
            Reference = References(context),
            LeastSelectionRatio = context.Get(_selectionRatio),
            LeastTruePositiveRatio = context.Get(_recallRatio),
            MostCalibrationGap = context.Get(_gap),
            LeastRows = context.Get(_minRows),
            AsOf = SharedOptions.Instant(_asOf.Name, context.Get(_asOf)),
            Capacity = context.Get(_capacity),
        };
        FairnessAuditReport report = FairnessStep.Run(project, table, new ModelChoice(_registry.ModelPath(context, _model, project), SharedOptions.OpenBackend(context.Require(_backend))), request, steps);
        return new VerbResult(new { report.Passed, report.Version, report.Design, report.Columns, Stages = steps.Stages.Stages }, console => FairnessTables.Print(console, report))
        {
            ExitCode = report.Passed ? ExitCode.Done : ExitCode.GateSaidNo,
            Warnings = steps.Warnings,
        };
    }

    private Dictionary<string, string> References(VerbContext context)
    {
        var references = new Dictionary<string, string>();
        foreach (string text in context.Get(_reference) ?? [])
        {
            string[] sides = text.Split('=', 2, StringSplitOptions.TrimEntries);
            if (sides.Length != 2)
                throw CliErrors.BadOption(_reference.Name, "COLUMN=GROUP", text);
            references[sides[0]] = sides[1];
        }
        return references;
    }
}
