using System.CommandLine;
using ChurnEngine.Bench.Accuracy;
using ChurnEngine.Bench.Peers;
using ChurnEngine.Bench.RealData;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Bench.Tuning;

/// <summary>Which family is best on tables of churn, each tuned within the folds?</summary>
internal sealed class FamiliesCommand : BenchCommand
{
    /// <summary>Of a larger table a stratified part is drawn, where nothing else is asked for.</summary>
    internal const int MostRows = 12_000;

    private readonly Option<string?> _data;
    private readonly Option<string[]> _only;
    private readonly Option<string[]> _families;
    private readonly Option<int> _folds;
    private readonly Option<int> _trials;
    private readonly Option<int> _rows;
    private readonly Option<int> _threads;
    private readonly Option<bool> _alone;
    private readonly Option<bool> _resume;

    public FamiliesCommand() : base("families", "Learns tables of churn by every family, tuned within each of the outer folds, beside XGBoost and scikit-learn on the same folds and budget.")
    {
        _data = Add(new Option<string?>("--data") { Description = "Folder that holds the tables. Default: ../shared/data beside the sources.", HelpName = "DIR" });
        _only = Add(new Option<string[]>("--only") { Description = "Tables to learn. Default: all four.", AllowMultipleArgumentsPerToken = true, HelpName = "NAME", DefaultValueFactory = _ => [.. PlainTable.Churn.Select(table => table.Name)] });
        _families = Add(new Option<string[]>("--families") { Description = $"Who learns: {string.Join(", ", FamiliesRun.Names)}. Default: all.", AllowMultipleArgumentsPerToken = true, HelpName = "NAME", DefaultValueFactory = _ => [.. FamiliesRun.Names] });
        _folds = Add(new Option<int>("--folds") { Description = "Outer folds, 2 and up.", HelpName = "K", DefaultValueFactory = _ => 5 });
        _trials = Add(new Option<int>("--trials") { Description = "Trials of a search, of successive halving on 3 inner folds.", HelpName = "N", DefaultValueFactory = _ => 20 });
        _rows = Add(new Option<int>("--rows") { Description = "Most rows of a table; of a larger one a part is drawn, stratified by outcome.", HelpName = "N", DefaultValueFactory = _ => MostRows });
        _threads = Add(new Option<int>("--threads") { Description = "Threads of everybody.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount });
        _alone = Add(new Option<bool>("--without-peers") { Description = "Our families alone." });
        _resume = Add(new Option<bool>("--resume") { Description = "Go on where an earlier run with the same folds, trials, rows and threads was stopped." });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("the table of bench/README.md; long", "families"),
        new("on with what was stopped", "families --resume"),
        new("one table, ours alone", "families --only iranian_churn --without-peers"),
        new("two families, beside what is known", "families --only telco_ibm --families xgboost boosting --resume"),
    ];

    protected override int Run(ParseResult arguments, CancellationToken cancellation)
    {
        string data = arguments.GetValue(_data) ?? RealProject.DefaultData, scratch = Path.Combine(SourceTree.ResultFolder, "families");
        string[] families = Families(Words(arguments.GetValue(_families)), alone: arguments.GetValue(_alone));
        var size = new FamiliesSize(arguments.GetValue(_folds), arguments.GetValue(_trials), arguments.GetValue(_threads));
        int most = arguments.GetValue(_rows);
        if (most < 1_000)
            throw new BenchException($"{most:N0} rows are too few to tell families apart", "--rows 1000 and up");
        if (size.Folds < 2 || size.Trials < 1)
            throw new BenchException("a comparison needs 2 folds and more, a search 1 trial and more", "--folds 5 --trials 20 is the comparison");
        if (families.Any(FamiliesRun.Peers.Contains) && DebianPackage.Install([new("python3-xgboost", "xgboost"), new("python3-sklearn", "sklearn.ensemble")], Console.Error.WriteLine) is { } missing)
            throw new BenchException(missing, "the peers come from Debian; --without-peers does without them");
        FamiliesRun[] runs = [.. Tables(Words(arguments.GetValue(_only))).Select(table =>
        {
            using LabelledTable rows = LabelledTable.Read(table, data, most);
            return FamiliesRun.Of(rows, families, size, (scratch, arguments.GetValue(_resume)), Console.Error.WriteLine, cancellation);
        })];
        Console.Out.WriteLine($"{Table(runs)}\n\n{size.Folds} outer folds, {size.Trials} trials of successive halving on 3 inner folds, {size.Threads} threads; probabilities calibrated on the rows that stop, theirs by Platt, ours by what is best out of fold; +- is one standard error, corrected for shared training rows. Commit {string.Join(" and ", runs.SelectMany(run => run.Families).Select(family => family.Commit).Distinct())}.");
        return 0;
    }

    /// <summary>The tables of these names.</summary>
    internal static IReadOnlyList<PlainTable> Tables(string[] names) => [.. names.Select(name => PlainTable.Churn.FirstOrDefault(table => table.Name == name)
        ?? throw new BenchException($"there is no table '{name}'", $"take {string.Join(", ", PlainTable.Churn.Select(table => table.Name))}"))];

    /// <summary>Families of these names.</summary>
    internal static string[] Families(string[] names, bool alone) => names.FirstOrDefault(name => !FamiliesRun.Names.Contains(name)) is { } unknown
        ? throw new BenchException($"there is no family '{unknown}'", $"take {string.Join(", ", FamiliesRun.Names)}")
        : [.. names.Where(name => !alone || !FamiliesRun.Peers.Contains(name))];

    /// <summary>One line a table and family, the least log-loss first, in Markdown.</summary>
    internal static MarkdownTable Table(IEnumerable<FamiliesRun> runs)
    {
        var table = new MarkdownTable("data", "family", " ROC-AUC", " PR-AUC", " log-loss", " fit s");
        foreach (FamiliesRun run in runs)
        {
            foreach (FamilyResult family in run.Families.OrderBy(family => family.LogLoss.Average()))
                table.Add(FormattableString.Invariant($"{run.Table} ({run.Rows:N0})"), family.Name, Mean(family.Auc), Mean(family.PrAuc), Mean(family.LogLoss), FormattableString.Invariant($"{family.FitSeconds:0.0}"));
        }
        return table;
    }

    private static string Mean(double[] values)
    {
        FoldMean mean = FoldMean.Of(values, 1.0 / (values.Length - 1));
        return FormattableString.Invariant($"{mean.Mean:0.0000} +-{mean.StandardError:0.0000}");
    }
}
