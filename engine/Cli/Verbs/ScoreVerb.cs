using System.CommandLine;
using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class ScoreVerb : Verb
{
    private readonly InputOptions _input = new();
    private readonly OutputOptions _output = new();
    private readonly PipeOptions _pipe = new();
    private readonly RegistryOptions _registry = new();
    private readonly Option<string> _model;
    private readonly Option<string?> _asOf;
    private readonly Option<string?> _out;
    private readonly Option<string> _backend;
    private readonly Option<string> _device;
    private readonly Option<int> _reasons;
    private readonly Option<double?> _reasonsFrom;
    private readonly Option<string[]> _reasonColumns;
    private readonly Option<string[]> _columns;
    private readonly Option<bool> _overwrite;
    private readonly Option<bool> _dryRun;
    private readonly Option<string?> _store;
    private readonly Option<string?> _partition;
    private readonly Option<string?> _finish;
    private readonly Option<string?> _verify;
    private readonly Option<bool> _profile;
    private readonly MetricOptions _metrics = new();

    public ScoreVerb() : base("score", "Score every customer, partition by partition, into parts, files or rows of a database, with a manifest. A rerun does only what is missing.")
    {
        ScoreSettings defaults = ScoreSettings.Default;
        _model = Add(SharedOptions.Model());
        Add(_registry.Folder);
        Add(_input.Config);
        Add(_input.Table);
        Add(_input.Grouped);
        _store = Add(new Option<string?>("--store") { Description = "Score the features of a date of this offline store (`churn features materialise`) instead of tables; without --as-of the latest.", HelpName = "DIR" });
        _asOf = Add(new Option<string?>("--as-of") { Description = "Instant, ISO 8601. Default: `score.as_of` of the project, else the end of the data.", HelpName = "DATE" });
        _out = Add(new Option<string?>("--out", "-o") { Description = $"Folder for the parts and the manifest. Default: `score.out` of the project, else {defaults.Out}.", HelpName = "DIR" });
        _backend = Add(SharedOptions.Backend());
        _device = Add(SharedOptions.Device());
        _reasons = Add(new Option<int>("--reasons") { Description = "Reasons a customer; 0 for none, as a model of a value has none.", DefaultValueFactory = _ => ScoreSettings.DefaultReasons, HelpName = "K" });
        _reasonsFrom = Add(new Option<double?>("--reasons-from") { Description = "Probability from which a customer gets reasons. Default: the model's threshold.", HelpName = "P" });
        _reasonColumns = Add(new Option<string[]>("--reason-columns") { Description = "Columns of each reason: sentence (reason_1), feature, value, contribution in log-odds. Default: `reasons.columns` of the project, else sentence.", HelpName = "PART", AllowMultipleArgumentsPerToken = true });
        _columns = Add(new Option<string[]>("--columns") { Description = "Features to copy beside the scores.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true });
        Add(_output.Where);
        Add(_output.Risk);
        Add(_output.Flag);
        Add(_output.Format);
        Add(_output.Database);
        Add(_output.TableName);
        Add(_pipe.Stdin);
        Add(_pipe.Stdout);
        _overwrite = Add(new Option<bool>("--overwrite") { Description = "Replace the result of another job in that folder." });
        _dryRun = Add(new Option<bool>("--dry-run") { Description = "Check model, plan, inputs and output folder, and say what would be done." });
        _partition = Add(new Option<string?>("--partition") { Description = "Do one slice of the job, i/n with i from 0; all slices write into one folder, and --finish completes it. auto or auto/n asks Slurm, Open MPI or Kubernetes, which is the default where one of them started this process; all does everything.", HelpName = "i/n" });
        _finish = Add(new Option<string?>("--finish") { Description = "Check that all slices in a folder are done, and write its manifest; needs neither model nor data.", HelpName = "DIR" });
        _verify = Add(new Option<string?>("--verify") { Description = "Compute the finished job in a folder again, with the same model, data and options, and compare every part; changes nothing. Exit code 1 when something differs.", HelpName = "DIR" });
        _profile = Add(new Option<bool>("--profile") { Description = "Also print where the threads spent their time." });
        Add(_metrics.File);
        Add(_metrics.PushGateway);
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("the nightly job", "churn score --model world/model.onnx --config world/churn.yaml --as-of 2024-12-26 --out scores"),
        new("the same with the model that the registry has in production", "churn score --model production --config world/churn.yaml --out scores"),
        new("who is at risk, into a database", "churn score --model world/model.onnx --config world/churn.yaml --where 'probability>=0.3' --risk low=0,medium=0.3,high=0.6 --format sqlite --database crm.sqlite --out scores"),
        new("why, as columns that a program reads: feature, value, log-odds", "churn score --model world/model.onnx --config world/churn.yaml --reason-columns sentence feature value contribution --out scores"),
        new("rows of a table between two programs that speak Arrow streams: producer | ... | consumer", "churn score --stdin --stdout --model model.onnx --reasons 0"),
        new("a plain table, with a feature beside each score", "churn score --model model.onnx --table telco.csv --columns Contract tenure --out scores"),
        new("the fourth of eight processes that share the work; then, once, its end", "churn score --model world/model.onnx --config world/churn.yaml --grouped kept --partition 3/8 --out scores && churn score --finish scores"),
        new("is that output what this model and these data give?", "churn score --model world/model.onnx --config world/churn.yaml --as-of 2024-12-26 --verify scores"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        CheckRanges(context);
        if (context.Get(_finish) is { } slices)
            return Finish(slices, context);
        if (_pipe.IsWanted(context))
            return RunPipe(context);
        StepContext steps = _input.TableSteps(context);
        (ScoreInput input, ProjectConfig? project) = _input.FindScored(context, _store);
        ScoreSettings settings = project?.Score ?? ScoreSettings.Default;
        var request = new ScoreRequest
        {
            AsOf = SharedOptions.Instant(_asOf.Name, context.Get(_asOf)) ?? settings.AsOf,
            OutputDirectory = context.Get(_verify) ?? context.Get(_out) ?? project?.Resolve(settings.Out) ?? settings.Out,
            Reasons = context.Wrote(_reasons) ? context.Require(_reasons) : settings.Reasons,
            ReasonsFrom = context.Get(_reasonsFrom) ?? settings.ReasonsFrom,
            ReasonColumns = context.Get(_reasonColumns) ?? [],
            Columns = context.Get(_columns) is { Length: > 0 } written ? written : settings.Columns,
            Output = _output.Read(context),
            Overwrite = context.Get(_overwrite),
            Partition = context.Get(_partition),
            EngineVersion = VerbHost.Version,
        };
        var model = new ModelChoice(_registry.ModelPath(context, _model, project), SharedOptions.OpenBackend(context, (_backend, _device), settings, steps.Warn));
        if (context.Get(_dryRun))
            return DryRun(ScoreStep.Plan(input, model, request, steps));
        if (context.Get(_verify) is not null)
            return Verified(ScoreStep.Verify(input, model, request, steps), steps);
        ScoreReport report = ScoreStep.Run(input, model, request, steps);
        _metrics.Send(ScoreMetrics.Of(report, steps.Stages, TimeProvider.System.GetUtcNow()), (ScoreMetrics.Job, report.Slice is { } slice ? [new("slice", slice)] : []), project, steps, context);
        return new VerbResult(new { Scoring = report, Stages = steps.Stages.Stages }, console =>
        {
            Describe(console, report);
            StageTable.Print(console, steps.Stages);
            if (context.Get(_profile))
                StageTable.PrintThreads(console, report);
        })
        { Warnings = steps.Warnings };
    }

    private static VerbResult Finish(string directory, VerbContext context)
    {
        StepContext steps = InputOptions.Steps(context);
        ScoreReport report = ScoreStep.Finish(directory, steps);
        return new VerbResult(new { Scoring = report, Stages = steps.Stages.Stages }, console => Describe(console, report));
    }

    private static void Describe(IAnsiConsole console, ScoreReport report)
    {
        string slice = report.Slice is null ? "" : $", slice {report.Slice},";
        console.WriteLine($"{report.Rows:N0} customers{slice} in {report.Parts} parts ({report.PartsKept} of them from an earlier run) in {report.Database ?? report.Directory}");
        if (report.LeftOut > 0)
            console.WriteLine($"{report.LeftOut:N0} more were scored and left out by the condition");
        if (report.NotAtRisk > 0)
            console.WriteLine($"{report.NotAtRisk:N0} of {report.Customers:N0} customers are not at risk at that date and have no score");
    }

    private static VerbResult Verified(VerifyReport report, StepContext steps) => new(new { Verification = report, Stages = steps.Stages.Stages }, console =>
    {
        console.WriteLine($"{report.Parts} parts with {report.Rows:N0} customers in {report.Directory} computed again: {(report.Problems.Count == 0 ? "all as they were written" : $"{report.Problems.Count} differ")}");
        foreach (string problem in report.Problems)
            console.WriteLine($"  {problem}");
    })
    {
        ExitCode = report.Problems.Count == 0 ? ExitCode.Done : ExitCode.GateSaidNo,
        Warnings = steps.Warnings,
    };

    private VerbResult RunPipe(VerbContext context)
    {
        PipeOptions.Refuse(context, _input.Config, _input.Table, _input.Grouped, _store, _asOf, _out, _output.Format, _output.Database, _output.TableName, _overwrite, _dryRun,
            _partition, _verify, _profile, _metrics.File, _metrics.PushGateway);
        OutputOverrides output = _output.Read(context);
        var request = new StreamRequest
        {
            Reasons = context.Wrote(_reasons) ? context.Require(_reasons) : null,
            ReasonsFrom = context.Get(_reasonsFrom),
            ReasonColumns = context.Get(_reasonColumns) ?? [],
            Columns = context.Get(_columns) ?? [],
            Where = output.Where,
            Risk = output.Risk,
            Flag = output.Flag ?? false,
        };
        StepContext steps = InputOptions.Steps(context);
        return PipeOptions.Run(new ModelChoice(_registry.ModelPath(context, _model, null), SharedOptions.OpenBackend(context, (_backend, _device), null, steps.Warn)), request, steps, context);
    }

    private void CheckRanges(VerbContext context)
    {
        if (context.Require(_reasons) is < 0 and var reasons)
            throw CliErrors.BadOption(_reasons.Name, "a whole number, 0 and up", reasons.ToString(CultureInfo.InvariantCulture));
        if (context.Get(_reasonsFrom) is { } from and not (>= 0 and <= 1))
            throw CliErrors.BadOption(_reasonsFrom.Name, "a number from 0 to 1", from.ToString(CultureInfo.InvariantCulture));
    }

    private static VerbResult DryRun(ScorePlan plan) => new(plan, console =>
    {
        console.WriteLine($"would score with model {plan.ModelVersion} ({plan.Features} features), as of {plan.AsOf ?? "the end of the data"}");
        foreach (string input in plan.Inputs)
            console.WriteLine($"  reads  {input}");
        console.WriteLine($"  writes {plan.OutputDirectory}: {plan.OutputState}");
    });
}
