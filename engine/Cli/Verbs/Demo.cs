using ChurnEngine.DataGen;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>What a demo run came to.</summary>
internal sealed record DemoResult(EvaluationReport Evaluation, IReadOnlyDictionary<string, double> BestReachable, TrainReport Training, DecisionReport Decisions, string? Alarm, IReadOnlyList<(string What, string Path)> Files)
{
    /// <summary>The same for <c>--json</c>.</summary>
    public object ToData(StepContext steps) => new
    {
        Stages = steps.Stages.Stages,
        Evaluation.Metrics,
        BestReachable,
        Evaluation.Design,
        Training,
        Decisions,
        LeakageAlarm = Alarm,
        Files = Files.ToDictionary(file => file.What.Replace(' ', '_'), file => file.Path),
    };
}

/// <summary>Runs every step on a generated world, through the same steps that the verbs use.</summary>
internal sealed class Demo(string directory, StepContext steps, VerbContext context)
{
    public DemoResult Run(WorldOptions world)
    {
        string data = Path.Combine(directory, "data");
        steps.Stages.Time("generate", () => GenerateVerb.Generate(world, data, context), report => report.Events + report.Payments + report.Tickets);
        ProjectConfig project = ProjectConfig.Load(Path.Combine(data, "churn.yaml"));
        if (ValidateStep.Run(project, steps) is { Passed: false } report)
            throw CliErrors.DemoDataRefused(report.Tables.First(table => table.Problem is not null).Problem!);

        string modelPath = Path.Combine(directory, "model.onnx");
        var training = new TrainRequest
        {
            ModelPath = modelPath,
            EngineVersion = VerbHost.Version,
        };
        TrainReport trained = TrainStep.Run(project, training, SharedOptions.OpenBackend("onnx"), steps);
        var model = new ModelChoice(modelPath, SharedOptions.OpenBackend("onnx"));
        LabelledScores test = EvaluateStep.Score(project, null, model, steps);
        EvaluationReport evaluation = EvaluateStep.Report(test, steps);
        var truth = new KnownProbabilities(Path.Combine(data, TruthFile.RelativePath), TruthFile.CustomerId, TruthFile.AsOf, TruthFile.Probability);
        IReadOnlyDictionary<string, double> best = BestReachableStep.Run(truth, test, steps);

        ScoreReport scored = ScoreStep.Run(ScoreInput.Of(project), model, new ScoreRequest
        {
            AsOf = project.Score.AsOf,
            OutputDirectory = Path.Combine(directory, "scores"),
            Reasons = project.Score.Reasons,
            EngineVersion = VerbHost.Version,
        }, steps);
        DecisionReport decided = DecideStep.Run(scored.Directory, project, new DecisionOverrides { Out = Path.Combine(directory, "action_plan.csv") }, steps);
        return new DemoResult(evaluation, best, trained, decided, BestReachableStep.Alarm(evaluation.Metrics, best),
        [
            ("data", data), ("project", project.File), ("model", modelPath), ("scores", scored.Directory), ("action plan", decided.Path),
        ]);
    }
}
