using System.Globalization;
using ChurnEngine.Trainer;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Shows a search: on a terminal a live table of the best trials and the latest, elsewhere a line for each. Always on standard error.</summary>
internal sealed class TrialBoard : IProgress<TrialProgress>, IDisposable
{
    private const int BestShown = 8, LatestShown = 6;
    private const int TextWidth = 96;

    private readonly TextWriter _error;
    private readonly bool _live;
    private readonly bool _quiet;
    private readonly Lock _lock = new();
    private readonly List<TrialProgress> _done = [];
    private readonly TaskCompletionSource _ended = new();
    private Task? _display;
    private LiveDisplayContext? _context;
    private double _best = double.PositiveInfinity;

    /// <param name="error">Standard error.</param>
    /// <param name="live">Whether it is a terminal.</param>
    /// <param name="quiet">Show nothing at all.</param>
    public TrialBoard(TextWriter error, bool live, bool quiet) => (_error, _live, _quiet) = (error, live, quiet);

    public void Report(TrialProgress value)
    {
        if (_quiet)
            return;
        lock (_lock)
        {
            // The next fold's search begins where its options as they are do.
            if (value.Trial.Number == 0)
                (_best, _) = (double.PositiveInfinity, _done.RemoveAll(_ => true));
            bool isBest = value.Trial.Share == 1 && value.Trial.Loss < _best;
            if (isBest)
                _best = value.Trial.Loss;
            _done.Add(value);
            if (_live)
                Show();
            else
                _error.WriteLine(Line(value, isBest));
        }
    }

    public void Dispose()
    {
        _ended.TrySetResult();
        _display?.Wait();
    }

    private static string Line(TrialProgress value, bool isBest) => string.Create(CultureInfo.InvariantCulture,
        $"trial {value.Trial.Number} of {value.Total}  {Share(value.Trial)}  log-loss {value.Trial.Loss:F5}  {(value.WasKnown ? "known" : $"{value.Trial.Seconds:F1} s")}  {Options(value.Trial)}{(isBest ? "  best so far" : "")}");

    private static string Share(Trial trial) => trial.Share == 1 ? "all" : string.Create(CultureInfo.InvariantCulture, $"1/{Math.Round(1 / trial.Share)}");

    private static string Options(Trial trial) => trial.Number == 0 ? "options as they are" : trial.Text;

    private void Show()
    {
        if (_display is null)
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_error) });
            using var started = new ManualResetEventSlim();
            _display = Task.Run(() => console.Live(Draw()).StartAsync(async context =>
            {
                _context = context;
                started.Set();
                await _ended.Task.ConfigureAwait(false);
            }));
            started.Wait();
        }
        _context!.UpdateTarget(Draw());
    }

    private Table Draw()
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("trial").AddColumn("part").AddColumn(new TableColumn("log-loss").RightAligned()).AddColumn(new TableColumn("seconds").RightAligned()).AddColumn("options");
        foreach (TrialProgress value in _done.Where(value => value.Trial.Share == 1).OrderBy(value => value.Trial.Loss).Take(BestShown))
            AddRow(table, value);
        table.AddEmptyRow();
        foreach (TrialProgress value in _done.TakeLast(LatestShown))
            AddRow(table, value);
        int started = _done.Select(value => value.Trial.Number).Distinct().Count(number => number > 0);
        return table.Caption($"{started} of {(_done.Count > 0 ? _done[^1].Total : 0)} trials; above the best on all rows, below the latest");
    }

    private static void AddRow(Table table, TrialProgress value)
    {
        string options = Options(value.Trial);
        table.AddRow($"{value.Trial.Number}", Share(value.Trial), value.Trial.Loss.ToString("F5", CultureInfo.InvariantCulture), value.WasKnown ? "known" : value.Trial.Seconds.ToString("F1", CultureInfo.InvariantCulture), Markup.Escape(options.Length > TextWidth ? options[..TextWidth] : options));
    }
}
