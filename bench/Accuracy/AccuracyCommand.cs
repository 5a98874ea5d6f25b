using System.CommandLine;
using ChurnEngine.Bench.Peers;
using ChurnEngine.Bench.RealData;

namespace ChurnEngine.Bench.Accuracy;

/// <summary>Is the trainer as accurate as its peers on real tables?</summary>
internal sealed class AccuracyCommand : BenchCommand
{
    /// <summary>How much lower the whole interval of a difference in AUC may not be.</summary>
    internal const double Allowed = 0.001;
    private readonly Option<string?> _data;
    private readonly Option<string[]> _only;

    public AccuracyCommand() : base("accuracy", "Trains on real tables of ../shared/data beside XGBoost and scikit-learn: 5 x 5-fold AUC under equal options, with paired intervals.")
    {
        _data = Add(new Option<string?>("--data") { Description = $"Folder that holds {string.Join(", ", PlainTable.All.Select(table => table.Name))}. Default: ../shared/data beside the sources.", HelpName = "DIR" });
        _only = Add(new Option<string[]>("--only") { Description = "Tables to learn. Default: all.", AllowMultipleArgumentsPerToken = true, HelpName = "NAME", DefaultValueFactory = _ => [.. PlainTable.All.Select(table => table.Name)] });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("the table of bench/README.md; some minutes", "accuracy"),
        new("one table", "accuracy --only telco_ibm"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        string data = arguments.GetValue(_data) ?? RealProject.DefaultData, scratch = Path.Combine(SourceTree.ResultFolder, "accuracy");
        string[] only = Words(arguments.GetValue(_only));
        if (only.FirstOrDefault(name => PlainTable.All.All(table => table.Name != name)) is { } unknown)
            throw new BenchException($"there is no table '{unknown}'", $"take {string.Join(", ", PlainTable.All.Select(table => table.Name))}");
        if (DebianPackage.Install([new("python3-xgboost", "xgboost"), new("python3-sklearn", "sklearn.ensemble")], Console.Error.WriteLine) is { } missing)
            throw new BenchException(missing, "the peers come from Debian");
        AccuracyRun[] runs = [.. PlainTable.All.Where(table => only.Contains(table.Name)).Select(table => AccuracyRun.Of(table, data, scratch, Console.Error.WriteLine, cancellation))];
        Console.Out.WriteLine($"{Table(runs)}\n\nCommit {SourceTree.Commit}{(SourceTree.IsDirty ? ", changed" : "")}.");
        return runs.All(Holds) ? 0 : 1;
    }

    /// <summary>True when no peer is better by more than is allowed, beyond chance.</summary>
    internal static bool Holds(AccuracyRun run) => AccuracyRun.Peers.All(peer => Folds.Difference(run.Aucs[AccuracyRun.Ours], run.Aucs[peer]).High > -Allowed);

    /// <summary>One line a table, in Markdown.</summary>
    internal static MarkdownTable Table(IEnumerable<AccuracyRun> runs)
    {
        var table = new MarkdownTable(["data", " rows", " features", " ours", .. AccuracyRun.Peers.SelectMany(peer => new[] { $" {peer}", $" ours - {peer} (95%)" }), " ours, categories as sets"]);
        foreach (AccuracyRun run in runs)
        {
            table.Add([run.Table, FormattableString.Invariant($"{run.Rows:N0}"), $"{run.Features}", Mean(run, AccuracyRun.Ours),
                .. AccuracyRun.Peers.SelectMany(peer => new[] { Mean(run, peer), Difference(run, peer) }), Mean(run, AccuracyRun.OurSets)]);
        }
        return table;
    }

    private static string Mean(AccuracyRun run, string who) => FormattableString.Invariant($"{run.Aucs[who].Average():0.0000}");

    private static string Difference(AccuracyRun run, string peer)
    {
        (double mean, double low, double high) = Folds.Difference(run.Aucs[AccuracyRun.Ours], run.Aucs[peer]);
        return $"{Signed(mean)} ({Signed(low)} to {Signed(high)})";
    }

    // Rounded first: what is almost nothing has no sign of its own.
    private static string Signed(double difference) => Math.Round(difference, 4) is var rounded && rounded == 0 ? "0.0000" : FormattableString.Invariant($"{rounded:+0.0000;-0.0000}");
}
