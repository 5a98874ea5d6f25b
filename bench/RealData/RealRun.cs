using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.OnnxBackend;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench.RealData;

/// <summary>What came of one project, by its configuration alone.</summary>
internal sealed record RealRun
{
    public required string Name { get; init; }

    /// <summary>Training by churn.yaml.</summary>
    public required TrainReport Model { get; init; }

    /// <summary>Training by recency.yaml.</summary>
    public required TrainReport Recency { get; init; }

    /// <summary>The audit for leakage of churn.yaml.</summary>
    public required LeakageAuditReport Audit { get; init; }

    /// <summary>Customers scored as churn.yaml says.</summary>
    public required long Scored { get; init; }

    /// <summary>The model, then recency alone, on customers of whom neither training nor early stopping nor calibration has seen any; empty where there are none.</summary>
    public IReadOnlyList<(string AsOf, IReadOnlyDictionary<string, double> Model, IReadOnlyDictionary<string, double> Recency)> Unseen { get; init; } = [];

    /// <summary>Trains both plans of a project, audits and scores the larger, and measures both on later.yaml where there is one.</summary>
    public static RealRun Of(IRealDataSet set, string project, JobBudget budget, CancellationToken cancellation)
    {
        StepContext Context() => new(budget, null, cancellation);
        ProjectConfig plan = RealProject.Load(project, "churn.yaml"), recency = RealProject.Load(project, "recency.yaml");
        TrainReport model = TrainStep.Run(plan, s_train, OnnxModelBackend.Open, Context());
        TrainReport baseline = TrainStep.Run(recency, s_train, OnnxModelBackend.Open, Context());
        LeakageAuditReport audit = LeakageAuditStep.Run(plan, new LeakageAuditRequest(), Context());
        ScoreReport scores = ScoreStep.Run(ScoreInput.Of(plan), new ModelChoice(model.Model, OnnxModelBackend.Open), new ScoreRequest
        {
            AsOf = plan.Score.AsOf,
            OutputDirectory = plan.Resolve(plan.Score.Out),
            Reasons = 3,
            Overwrite = true,
            EngineVersion = s_train.EngineVersion,
        }, Context());
        return new RealRun { Name = set.Name, Model = model, Recency = baseline, Audit = audit, Scored = scores.Rows, Unseen = MeasureUnseen(project, model, baseline, Context) };
    }

    private static readonly TrainRequest s_train = new() { EngineVersion = SourceTree.Commit };

    private static List<(string, IReadOnlyDictionary<string, double>, IReadOnlyDictionary<string, double>)> MeasureUnseen(string project, TrainReport model, TrainReport recency, Func<StepContext> context)
    {
        List<(string, IReadOnlyDictionary<string, double>, IReadOnlyDictionary<string, double>)> result = [];
        if (!File.Exists(Path.Combine(project, "later.yaml")))
            return result;
        ProjectConfig later = RealProject.Load(project, "later.yaml"), laterRecency = RealProject.Load(project, "later-recency.yaml");
        foreach (SnapshotUse use in model.Snapshots)
        {
            long asOf = DateTimeOffset.Parse(use.AsOf, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds() * 1000;
            result.Add((use.AsOf, Metrics(later, model), Metrics(laterRecency, recency)));

            IReadOnlyDictionary<string, double> Metrics(ProjectConfig config, TrainReport trained) => EvaluateStep.Run(config, asOf, new ModelChoice(trained.Model, OnnxModelBackend.Open), context()).Metrics;
        }
        return result;
    }
}
