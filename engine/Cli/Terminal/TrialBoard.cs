using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Shows a search: on a terminal a table of the best trials and the latest, drawn anew in its place; elsewhere a line for each. Always on standard error.</summary>
internal sealed class TrialBoard : IProgress<TrialUpdate>
{
    private const int BestShown = 8, LatestShown = 6;
    private const int OtherColumns = 44, LeastText = 20;

    private readonly TextWriter _error;
    private readonly bool _live;
    private readonly bool _quiet;
    private readonly Lock _lock = new();
    private readonly List<TrialUpdate> _done = [];
    private double _best = double.PositiveInfinity;
    private int _drawn;

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
            // Another search begins, below the table of the one before.
            if (value.Number == 0)
            {
                (_best, _drawn) = (double.PositiveInfinity, 0);
                _done.Clear();
            }
            bool isBest = value.Share == 1 && value.LogLoss < _best;
            if (isBest)
                _best = value.LogLoss;
            _done.Add(value);
            if (_live)
                Draw();
            else
                _error.WriteLine(Line(value, isBest));
        }
    }

    private static string Line(TrialUpdate value, bool isBest) => string.Create(CultureInfo.InvariantCulture,
        $"trial {value.Number} of {value.Total}  {Share(value)}  log-loss {value.LogLoss:F5}  {(value.WasKnown ? "known" : $"{value.Seconds:F1} s")}  {Options(value)}{(isBest ? "  best so far" : "")}");

    private static string Share(TrialUpdate trial) => trial.Share == 1 ? "all" : string.Create(CultureInfo.InvariantCulture, $"1/{Math.Round(1 / trial.Share)}");

    private static string Options(TrialUpdate trial) => trial.Number == 0 ? "options as they are" : trial.Options;

    private void Draw()
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.Yes });
        console.Profile.Width = Width;
        console.Write(Compose());
        string drawn = text.ToString();
        // To where the last one began, and clear from there; of the first one that is the line of the progress bar.
        _error.Write(_drawn == 0 ? $"\r\u001b[J{drawn}" : $"\u001b[{_drawn}A\r\u001b[J{drawn}");
        _drawn = drawn.Count(letter => letter == '\n');
    }

    // A terminal that does not say has 80.
    private static int Width => Console.WindowWidth is var width and > 0 ? width : 80;

    private Table Compose()
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("trial").AddColumn("part").AddColumn(new TableColumn("log-loss").RightAligned()).AddColumn(new TableColumn("seconds").RightAligned()).AddColumn("options");
        foreach (TrialUpdate value in _done.Where(value => value.Share == 1).OrderBy(value => value.LogLoss).Take(BestShown))
            AddRow(table, value);
        table.AddEmptyRow();
        foreach (TrialUpdate value in _done.TakeLast(LatestShown))
            AddRow(table, value);
        int started = _done.Select(value => value.Number).Distinct().Count(number => number > 0);
        return table.Caption($"{started} of {_done[^1].Total} trials; above the best on all rows, below the latest");
    }

    // A line that wraps would be counted as one.
    private static void AddRow(Table table, TrialUpdate value)
    {
        string options = Options(value);
        int room = Math.Max(LeastText, Width - OtherColumns);
        table.AddRow($"{value.Number}", Share(value), value.LogLoss.ToString("F5", CultureInfo.InvariantCulture), value.WasKnown ? "known" : value.Seconds.ToString("F1", CultureInfo.InvariantCulture), Markup.Escape(options.Length > room ? options[..room] : options));
    }
}
