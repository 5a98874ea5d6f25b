using System.CommandLine;
using ChurnEngine.Bench.Accuracy;
using ChurnEngine.Bench.RealData;
using MathNet.Numerics.Distributions;

namespace ChurnEngine.Bench.Tuning;

/// <summary>Does the search find more than chance at the same budget?</summary>
internal sealed class TuningCommand : BenchCommand
{
    private static readonly string[] s_default = ["telco_ibm", "bankchurners", "iranian_churn"];
    private readonly Option<string?> _data;
    private readonly Option<string[]> _only;
    private readonly Option<int> _seeds;
    private readonly Option<int> _trials;
    private readonly Option<bool> _whole;
    private readonly Option<int> _threads;

    public TuningCommand() : base("tuning", "Searches options on real tables by TPE and at random, at the same budget: log-loss with paired intervals.")
    {
        _data = Add(new Option<string?>("--data") { Description = "Folder that holds the tables. Default: ../shared/data beside the sources.", HelpName = "DIR" });
        _only = Add(new Option<string[]>("--only") { Description = $"Tables, of {string.Join(", ", PlainTable.Churn.Select(table => table.Name))}.", AllowMultipleArgumentsPerToken = true, HelpName = "NAME", DefaultValueFactory = _ => s_default });
        _seeds = Add(new Option<int>("--seeds") { Description = "Searches of each method, each on rows of its own.", HelpName = "S", DefaultValueFactory = _ => 20 });
        _trials = Add(new Option<int>("--trials") { Description = "Trials of a search.", HelpName = "N", DefaultValueFactory = _ => 40 });
        _whole = Add(new Option<bool>("--without-halving") { Description = "Score every trial on all rows." });
        _threads = Add(new Option<int>("--threads") { Description = "Threads.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("the table of bench/README.md; the better part of an hour", "tuning"),
        new("a first look", "tuning --only iranian_churn --seeds 5 --trials 20"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        string data = arguments.GetValue(_data) ?? RealProject.DefaultData;
        var size = new TuningSize(arguments.GetValue(_seeds), arguments.GetValue(_trials), !arguments.GetValue(_whole), arguments.GetValue(_threads));
        if (size.Seeds < 2 || size.Trials < 1)
            throw new BenchException("an interval needs 2 seeds and more, a search 1 trial and more", "--seeds 20 --trials 40 is the comparison");
        TuningRun[] runs = [.. FamiliesCommand.Tables(Words(arguments.GetValue(_only))).Select(table =>
        {
            using LabelledTable rows = LabelledTable.Read(table, data, FamiliesCommand.MostRows);
            return TuningRun.Of(rows, size, Console.Error.WriteLine, cancellation);
        })];
        Console.Out.WriteLine($"{Table(runs)}\n\n{size.Seeds} seeds, {size.Trials} trials{(size.Halving ? " of successive halving" : "")}, 3 stratified folds; below 0 TPE is better. Commit {SourceTree.Commit}{(SourceTree.IsDirty ? ", changed" : "")}.");
        return 0;
    }

    /// <summary>One line a table, in Markdown.</summary>
    internal static MarkdownTable Table(IEnumerable<TuningRun> runs)
    {
        var table = new MarkdownTable("data", " rows", " found by tpe", " tpe - random, found (95%)", " tested, tpe", " tpe - random, tested (95%)", " tpe - as is, tested (95%)");
        foreach (TuningRun run in runs)
        {
            table.Add(run.Table, FormattableString.Invariant($"{run.Rows:N0}"), Number(run.Found[TuningRun.Tpe].Average()), Difference(run.Found[TuningRun.Tpe], run.Found[TuningRun.Random]),
                Number(run.Tested[TuningRun.Tpe].Average()), Difference(run.Tested[TuningRun.Tpe], run.Tested[TuningRun.Random]), Difference(run.Tested[TuningRun.Tpe], run.Tested[TuningRun.AsIs]));
        }
        return table;
    }

    // Seeds draw rows and trials anew, and either method has the same ones: an ordinary paired interval.
    internal static string Difference(double[] ours, double[] theirs)
    {
        double[] differences = [.. ours.Zip(theirs, (a, b) => a - b)];
        double mean = differences.Average(), deviation = Math.Sqrt(differences.Sum(one => (one - mean) * (one - mean)) / (differences.Length - 1));
        double half = StudentT.InvCDF(0, 1, differences.Length - 1, 0.975) * deviation / Math.Sqrt(differences.Length);
        return FormattableString.Invariant($"{mean:+0.00000;-0.00000} ({mean - half:+0.00000;-0.00000} to {mean + half:+0.00000;-0.00000})");
    }

    private static string Number(double value) => FormattableString.Invariant($"{value:0.00000}");
}
