using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Shows a search: on a terminal a live table of the best trials and the latest, elsewhere a line for each. Always on standard error.</summary>
internal sealed class TrialBoard : IProgress<TrialUpdate>, IDisposable
{
    private const int BestShown = 8, LatestShown = 6;
    private const int TextWidth = 96;

    private readonly TextWriter _error;
    private readonly bool _live;
    private readonly bool _quiet;
    private readonly Lock _lock = new();
    private readonly List<TrialUpdate> _done = [];
    private readonly TaskCompletionSource _ended = new();
    private Task? _display;
    private LiveDisplayContext? _context;
    private double _best = double.PositiveInfinity;

    /// <param name="error">Standard error.</param>
    /// <param name="live">Whether it is a terminal.</param>
    /// <param name="quiet">Show nothing at all.</param>
    public TrialBoard(TextWriter error, bool live, bool quiet) => (_error, _live, _quiet) = (error, live, quiet);

    public void Report(TrialUpdate value)
    {
        if (_quiet)
            return;
        lock (_lock)
        {
            // The next fold's search begins where its options as they are do.
            if (value.Number == 0)
                (_best, _) = (double.PositiveInfinity, _done.RemoveAll(_ => true));
            bool isBest = value.Share == 1 && value.LogLoss < _best;
            if (isBest)
                _best = value.LogLoss;
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

    private static string Line(TrialUpdate value, bool isBest) => string.Create(CultureInfo.InvariantCulture,
        $"trial {value.Number} of {value.Total}  {Share(value)}  log-loss {value.LogLoss:F5}  {(value.WasKnown ? "known" : $"{value.Seconds:F1} s")}  {Options(value)}{(isBest ? "  best so far" : "")}");

    private static string Share(TrialUpdate trial) => trial.Share == 1 ? "all" : string.Create(CultureInfo.InvariantCulture, $"1/{Math.Round(1 / trial.Share)}");

    private static string Options(TrialUpdate trial) => trial.Number == 0 ? "options as they are" : trial.Options;

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
        foreach (TrialUpdate value in _done.Where(value => value.Share == 1).OrderBy(value => value.LogLoss).Take(BestShown))
            AddRow(table, value);
        table.AddEmptyRow();
        foreach (TrialUpdate value in _done.TakeLast(LatestShown))
            AddRow(table, value);
        int started = _done.Select(value => value.Number).Distinct().Count(number => number > 0);
        return table.Caption($"{started} of {(_done.Count > 0 ? _done[^1].Total : 0)} trials; above the best on all rows, below the latest");
    }

    private static void AddRow(Table table, TrialUpdate value)
    {
        string options = Options(value);
        table.AddRow($"{value.Number}", Share(value), value.LogLoss.ToString("F5", CultureInfo.InvariantCulture), value.WasKnown ? "known" : value.Seconds.ToString("F1", CultureInfo.InvariantCulture), Markup.Escape(options.Length > TextWidth ? options[..TextWidth] : options));
    }
}
