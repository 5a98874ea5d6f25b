using System.CommandLine;
using ChurnEngine.Models;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class TrainVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly Option<string?> _label;
    private readonly Option<string> _task;
    private readonly Option<string?> _id;
    private readonly Option<string[]> _drop;
    private readonly Option<string?> _model;
    private readonly Option<string?> _compatible;
    private readonly Option<int> _folds;
    private readonly Option<string?> _continueFrom;
    private readonly Option<string?> _algorithm;
    private readonly Option<string?> _trace;
    private readonly Option<string?> _allowLeakage;
    private readonly Option<string[]> _allowPersonal;
    private readonly TrackingOptions _tracking = new();
    private readonly BoosterFlags _booster;
    private readonly LogisticFlags _logistic;
    private readonly CalibrationFlags _calibration;
    private readonly DesignFlags _design;

    public TrainVerb() : base("train", "Train a model, measure it on data it has not seen, and write it as one ONNX file.")
    {
        Add(_input.Config);
        Add(_input.Table);
        Add(_input.Grouped);
        _label = Add(new Option<string?>("--label") { Description = "With --table: column that says who churned, of two values; or the number to predict, with --task regression.", HelpName = "COLUMN" });
        _task = Add(new Option<string>("--task") { Description = "With --table: what to learn of the label, classification or regression. A project's label says it.", DefaultValueFactory = _ => "classification", HelpName = "TASK" });
        _task.AcceptOnlyFromAmong("classification", "regression");
        _id = Add(new Option<string?>("--id") { Description = "With --table: column that identifies a customer; never a feature.", HelpName = "COLUMN" });
        _drop = Add(new Option<string[]>("--drop") { Description = "With --table: columns to leave out, such as those that tell the label.", HelpName = "COLUMN", AllowMultipleArgumentsPerToken = true });
        _model = Add(new Option<string?>("--model", "-m") { Description = $"File to write. Default: `train.model` of the project, else model.onnx.", HelpName = "FILE" });
        _compatible = Add(new Option<string?>("--compatible") { Description = "Write a second file for runtimes that know ONNX-ML opset 3 only; its probabilities are float32.", HelpName = "FILE" });
        _folds = Add(new Option<int>("--cv") { Description = "With --table: folds to measure with, stratified by the classes; 0 holds out a fifth instead.", DefaultValueFactory = _ => 5, HelpName = "K" });
        _continueFrom = Add(new Option<string?>("--continue-from") { Description = "With a project: model to go on from. Its trees stay, --trees counts the new ones; plan and objective must be those it was trained with.", HelpName = "FILE" });
        _algorithm = Add(new Option<string?>("--algorithm") { Description = "What trains: boosting (a sum of trees), forest or extra_trees (a mean of trees), logistic (regression with elastic net), stack (a weighted sum of these), recent_historical (of a project: boosters of all rows and of the latest). Default: `train.algorithm` of the project, else boosting.", HelpName = "NAME" });
        _algorithm.AcceptOnlyFromAmong([.. AlgorithmNames.All]);
        _trace = Add(new Option<string?>("--trace") { Description = "File for every split of the last training, a line of JSON each: tree, node, feature, threshold, gain, rows and sums of both sides, microseconds.", HelpName = "FILE" });
        _allowLeakage = Add(new Option<string?>("--allow-leakage") { Description = "Train in spite of a leakage alarm; the reason is kept in the model.", HelpName = "REASON" });
        _allowPersonal = Add(new Option<string[]>("--allow-personal") { Description = "Features or columns that look like personal data and may be used: an e-mail address stops training, a protected attribute such as age warns. Kept in the model.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true });
        foreach (Option option in _tracking.All)
            Add(option);
        _booster = new BoosterFlags(option => Command.Options.Add(option));
        _logistic = new LogisticFlags(option => Command.Options.Add(option));
        _calibration = new CalibrationFlags(option => Command.Options.Add(option));
        _design = new DesignFlags(option => Command.Options.Add(option));
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("a project: snapshots by time, the last one tests", "churn train --config world/churn.yaml"),
        new("a plain table, no YAML", "churn train --table telco.csv --label Churn --id customerID --cv 5"),
        new("without the columns that tell the answer", "churn train --table bank.csv --label y --id customer --drop duration"),
        new("a number of a plain table", "churn train --table houses.csv --label price --id house --task regression"),
        new("an amount that is often 0, with options as LightGBM names them", "churn train --table spend.csv --label amount --id customer --task regression --objective tweedie --set num_leaves=63 lambda_l2=5"),
        new("churners count as much as those who stay; probabilities stay calibrated", "churn train --config world/churn.yaml --set class_weight=balanced --early-stopping-metric auc"),
        new("50 more trees at most, on the data of today", "churn train --config world/churn.yaml --continue-from model.onnx --trees 50 --model next.onnx"),
        new("coefficients to read, in place of trees", "churn train --table telco.csv --label Churn --id customerID --algorithm logistic"),
        new("a random forest, with its out-of-bag AUC", "churn train --config world/churn.yaml --algorithm forest --trees 500"),
        new("every split in a file, to see what the trainer does", "churn train --config world/churn.yaml --trees 20 --trace splits.jsonl"),
        new("into the registry, to be promoted from there", "churn train --config world/churn.yaml --register"),
        new("flag as many as a campaign can reach, with a curve for every margin", "churn train --config world/churn.yaml --calibration isotonic --threshold-by capacity=500"),
        new("40 trials, on folds within what is trained on; a second run goes on where a killed one was", "churn train --config world/churn.yaml --tune --trials 40"),
        new("how it does at three origins, each with later snapshots of its own", "churn train --config world/churn.yaml --folds 3"),
        new("only features that gain more than they would without meaning", "churn train --table telco.csv --label Churn --id customerID --select null"),
        new("algorithms side by side on the same folds", "churn train --config world/churn.yaml --compare models"),
        new("what to do about few churners, side by side", "churn train --table bank.csv --label y --id customer --compare imbalance"),
        new("as many of the churners found in every region", "churn train --config world/churn.yaml --threshold-per region --threshold-equal opportunity"),
        new("smaller trees, another seed", "churn train --config world/churn.yaml --max-leaves 15 --seed 2 --model small.onnx"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        StepContext steps = _input.TableSteps(context) with { Trials = context.Board };
        var request = new TrainRequest
        {
            Overrides = _calibration.Read(context, _logistic.Read(context, _booster.Read(context))) with
            {
                Algorithm = context.Get(_algorithm),
            },
            Design = _design.Read(context),
            ModelPath = context.Get(_model),
            CompatiblePath = context.Get(_compatible),
            ContinueFrom = context.Get(_continueFrom),
            TracePath = context.Get(_trace),
            AllowLeakage = context.Get(_allowLeakage),
            AllowPersonal = context.Get(_allowPersonal) ?? [],
            EngineVersion = VerbHost.Version,
        };
        if (_design.Compare(context) is { } comparison)
        {
            CompareReport compared = Compare(context, request, comparison, steps);
            return new VerbResult(new { Comparison = compared, Stages = steps.Stages.Stages }, console => DesignTables.Print(console, compared)) { Warnings = steps.Warnings };
        }
        TrainReport report = Train(context, request, steps);
        return new VerbResult(new { Training = report, Stages = steps.Stages.Stages }, console => Print(console, report, steps)) { Warnings = steps.Warnings };
    }

    private TrainReport Train(VerbContext context, TrainRequest request, StepContext steps) => FindTable(context) is { } table
        ? Train(table, request, context, steps)
        : Train(_input.LoadProject(context), request, context, steps);

    private CompareReport Compare(VerbContext context, TrainRequest request, Comparison comparison, StepContext steps)
    {
        if (new Option[] { _model, _compatible, _continueFrom, _trace }.FirstOrDefault(context.Wrote) is { } written)
            throw CliErrors.BadCommandLine($"{written.Name} and --compare exclude each other: a comparison writes no model");
        return FindTable(context) is { } table
            ? CompareStep.Run(table, request, comparison, context.Require(_folds), steps)
            : CompareStep.Run(_input.LoadProject(context), request, comparison, steps);
    }

    private TableInput? FindTable(VerbContext context)
    {
        if (_input.FindTable(context) is not { } table)
            return context.Wrote(_task) ? throw CliErrors.BadCommandLine("--task belongs to --table: the label of a project says what is predicted") : null;
        string id = context.Get(_id) ?? throw CliErrors.MissingOption("--id", "with --table");
        string label = context.Get(_label) ?? throw CliErrors.MissingOption("--label", "with --table");
        return new TableInput(table, id, label) { Drop = context.Get(_drop) ?? [], Task = context.Require(_task) == "regression" ? ModelTask.Regression : ModelTask.Classification };
    }

    private TrainReport Train(TableInput table, TrainRequest request, VerbContext context, StepContext steps) => _tracking.Read(context, null, request) is { } tracking
        ? TrackedTraining.Run(table, request, context.Require(_folds), tracking, SharedOptions.OpenBackend("onnx"), steps)
        : TableTrainStep.Run(table, request, context.Require(_folds), SharedOptions.OpenBackend("onnx"), steps);

    private TrainReport Train(ProjectConfig project, TrainRequest request, VerbContext context, StepContext steps) => _tracking.Read(context, project, request) is { } tracking
        ? TrackedTraining.Run(project, request, tracking, SharedOptions.OpenBackend("onnx"), steps)
        : TrainStep.Run(project, request, SharedOptions.OpenBackend("onnx"), steps);

    private static void Print(IAnsiConsole console, TrainReport report, StepContext steps)
    {
        if (report.Snapshots.Count > 0)
        {
            Table snapshots = new Table().Border(TableBorder.Simple).AddColumn("as of").AddColumn("used to").AddColumn(new TableColumn("customers").RightAligned()).AddColumn(new TableColumn(report.Target is null ? "churned" : "mean").RightAligned());
            foreach (SnapshotUse use in report.Snapshots)
                snapshots.AddRow(use.AsOf, use.Role, $"{use.Rows:N0}", use.MeanLabel is { } mean ? $"{mean:G6}" : $"{(double)use.Positives / use.Rows:P1}");
            console.Write(snapshots);
            foreach (string purged in report.Purged)
                console.WriteLine(purged);
        }
        if (report.FoldAuc.Count > 0)
            console.WriteLine($"ROC-AUC by fold: {string.Join("  ", report.FoldAuc.Select(auc => $"{auc:F4}"))}; mean {report.MeanFoldAuc:F4}");
        if (report.Folds is { } folds)
            DesignTables.Print(console, folds);
        if (report.Search is { } found)
            DesignTables.Print(console, found);
        if (report.Selected.Count > 0)
            console.WriteLine($"features chosen, of {report.Features}, which the model reads all: {string.Join(", ", report.Selected)}");
        if (report.Target is { } target)
            console.WriteLine($"target: {target}");
        MetricTable.Print(console, report.Metrics);
        console.WriteLine(report.Design);
        CalibrationFlags.Print(console, report);
        foreach (string alarm in report.OverruledAlarms)
            console.WriteLine($"overruled: {alarm}");
        if (report.ContinuedFrom is { } from)
            console.WriteLine($"went on from the trees of {from}");
        console.WriteLine($"{report.Size} over {report.Features} features in {report.Model} ({report.Version})");
        if (report.Run is { } run)
            console.WriteLine($"recorded in {run}");
        if (report.Registry is { } registry)
            console.WriteLine($"registered as {report.Version} in {registry}; `churn models promote {report.Version} --to production` puts it in charge");
        StageTable.Print(console, steps.Stages);
    }
}
