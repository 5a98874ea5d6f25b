using ChurnEngine.DataGen;
using ChurnEngine.Evaluation;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>What a demo run came to.</summary>
internal sealed record DemoResult(EvaluationReport Evaluation, ClassificationMetrics Oracle, TrainReport Training, DecisionReport Decisions, string? Alarm, IReadOnlyList<(string What, string Path)> Files)
{
    /// <summary>The same for <c>--json</c>.</summary>
    public object ToData(StepContext steps) => new
    {
        Stages = steps.Stages.Stages,
        Metrics = Evaluation.Metrics.ToDictionary(),
        BestReachable = Oracle.ToDictionary(),
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
        ValidateStep.Run(project, steps);

        string modelPath = Path.Combine(directory, "model.onnx");
        var training = new TrainRequest
        {
            Booster = project.Train.Booster with { Threads = context.Budget.Threads },
            ModelPath = modelPath,
            EngineVersion = VerbHost.Version,
        };
        TrainReport trained = TrainStep.Run(project, training, SharedOptions.OpenBackend("onnx"), steps);
        var model = new ModelChoice(modelPath, SharedOptions.OpenBackend("onnx"));
        LabelledScores test = EvaluateStep.Score(project, null, model, steps);
        EvaluationReport evaluation = EvaluateStep.Report(test, steps);
        ClassificationMetrics oracle = steps.Stages.Time("compare", () => Truth.Measure(data, test, context.Cancellation), metrics => metrics.Rows);

        ScoreReport scored = ScoreStep.Run(project, model, new ScoreRequest
        {
            AsOf = project.Score.AsOf,
            OutputDirectory = Path.Combine(directory, "scores"),
            Reasons = project.Score.Reasons,
            EngineVersion = VerbHost.Version,
        }, steps);
        DecisionReport decided = DecideStep.Run(scored.Directory, project.Decisions with { Out = Path.Combine(directory, "action_plan.csv") }, steps);
        return new DemoResult(evaluation, oracle, trained, decided, Alarm(evaluation.Metrics, oracle),
        [
            ("data", data), ("project", project.File), ("model", modelPath), ("scores", scored.Directory), ("action plan", decided.Path),
        ]);
    }

    // A model better than the probabilities the world was drawn with has seen the answers.
    private static string? Alarm(ClassificationMetrics model, ClassificationMetrics oracle)
    {
        double limit = oracle.RocAuc.Auc + 3 * oracle.RocAuc.StandardError;
        return model.RocAuc.Auc > limit ? $"LEAKAGE ALARM: test AUC {model.RocAuc.Auc:F4} is above what this world allows ({limit:F4})" : null;
    }
}
