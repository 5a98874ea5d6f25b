using System.CommandLine;
using ChurnEngine.Columns;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Bench.RealData;

/// <summary>Real events, by configuration: how good a model is, and how much better than to know how lately a customer was there.</summary>
internal sealed class RealDataCommand : BenchCommand
{
    private readonly Option<string?> _data;
    private readonly Option<string?> _out;
    private readonly Option<int> _threads;
    private readonly Option<bool> _prepare;

    public RealDataCommand() : base("real", "Trains on the real event data of ../shared/data by their plans, and prints how good the models are on later snapshots, beside recency alone.")
    {
        _data = Add(new Option<string?>("--data") { Description = "Folder that holds online_retail, cdnow and oulad_student_dropout. Default: ../shared/data beside the sources.", HelpName = "DIR" });
        _out = Add(new Option<string?>("--out", "-o") { Description = "Folder for the projects. Default: artifacts/real.", HelpName = "DIR" });
        _threads = Add(new Option<int>("--threads") { Description = "Threads to use at most.", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" });
        _prepare = Add(new Option<bool>("--prepare") { Description = "Write the projects and stop: `churn` takes it from there." });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("the table of bench/README.md; seconds", "real"),
        new("the projects alone, for `churn train --config artifacts/real/cdnow/churn.yaml`", "real --prepare"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        string data = arguments.GetValue(_data) ?? RealProject.DefaultData, projects = arguments.GetValue(_out) ?? Path.Combine(SourceTree.Root, "artifacts", "real");
        List<RealRun> runs = [];
        foreach (IRealDataSet set in RealProject.All)
        {
            string project = Path.Combine(projects, set.Name);
            Console.Error.WriteLine($"{set.Name}: {project}");
            RealProject.Write(set, data, project);
            if (!arguments.GetValue(_prepare))
                runs.Add(RealRun.Of(set, project, new JobBudget { Threads = arguments.GetValue(_threads) }, cancellation));
        }
        if (runs.Count > 0)
            Console.Out.WriteLine($"{Table(runs)}\n\nCommit {SourceTree.Commit}{(SourceTree.IsDirty ? ", changed" : "")}.");
        return runs.TrueForAll(run => run.Audit.Passed) ? 0 : 1;
    }

    /// <summary>One line a project and sample, in Markdown.</summary>
    internal static MarkdownTable Table(IEnumerable<RealRun> runs)
    {
        var table = new MarkdownTable("data", "measured on", " customers", " churned", " features", " AUC (95%)", " recency alone", " log-loss", " by the rate alone", "audit");
        foreach (RealRun run in runs)
        {
            SnapshotUse test = run.Model.Snapshots[^1];
            Add(run, $"{test.AsOf}, trained up to {run.Model.Snapshots.Last(use => use.Role == "train").AsOf}", run.Model.Metrics, run.Recency.Metrics);
            foreach ((string asOf, IReadOnlyDictionary<string, double> model, IReadOnlyDictionary<string, double> recency) in run.Unseen)
                Add(run, $"{asOf}, unseen customers", model, recency);
        }
        return table;

        void Add(RealRun run, string sample, IReadOnlyDictionary<string, double> model, IReadOnlyDictionary<string, double> recency) => table.Add(run.Name, sample,
            FormattableString.Invariant($"{model["rows"]:N0}"), FormattableString.Invariant($"{model["positives"]:N0}"), $"{run.Model.Features}", Auc(model), Auc(recency),
            FormattableString.Invariant($"{model["log_loss"]:0.0000}"), FormattableString.Invariant($"{Entropy(model["positive_rate"]):0.0000}"), run.Audit.Passed ? "passed" : "ALARM");
    }

    private static string Auc(IReadOnlyDictionary<string, double> metrics) =>
        FormattableString.Invariant($"{metrics["roc_auc"]:0.000} ({metrics["roc_auc_low"]:0.000} to {metrics["roc_auc_high"]:0.000})");

    // Log-loss of who tells everybody the rate that came true: what a model must at least beat.
    private static double Entropy(double rate) => -(rate * Math.Log(rate) + (1 - rate) * Math.Log(1 - rate));
}
