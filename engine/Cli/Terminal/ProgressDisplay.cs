using System.Diagnostics;
using ChurnEngine.Columns;

namespace ChurnEngine.Cli;

/// <summary>Shows how far the steps have come: one line rewritten in place on a terminal, one line a finished step elsewhere. Always on standard error.</summary>
internal sealed class ProgressDisplay : IProgress<StepProgress>, IDisposable
{
    private const int BarWidth = 28;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter _error;
    private readonly bool _live;
    private readonly bool _quiet;
    private readonly Lock _lock = new();
    private readonly Stopwatch _stepTime = Stopwatch.StartNew();
    private TimeSpan _lastDrawn = -s_interval;
    private string _step = "";
    private int _drawnWidth;

    /// <param name="error">Standard error.</param>
    /// <param name="live">Whether it is a terminal.</param>
    /// <param name="quiet">Show nothing at all.</param>
    public ProgressDisplay(TextWriter error, bool live, bool quiet)
    {
        _error = error;
        _live = live;
        _quiet = quiet;
    }

    public void Report(StepProgress value)
    {
        if (_quiet)
            return;
        lock (_lock)
        {
            if (value.Step != _step)
                Begin(value.Step);
            bool finished = value.Total > 0 && value.Done >= value.Total;
            if (!_live || (!finished && _stepTime.Elapsed - _lastDrawn < s_interval))
                return;
            _lastDrawn = _stepTime.Elapsed;
            Draw(Describe(value));
        }
    }

    /// <summary>Clears the line, so that what is printed next starts clean.</summary>
    public void Dispose()
    {
        lock (_lock)
            End();
    }

    private void Begin(string step)
    {
        End();
        _step = step;
        _stepTime.Restart();
        _lastDrawn = -s_interval;
        if (!_live)
            _error.WriteLine($"{step} ...");
    }

    private void End()
    {
        if (_live && _drawnWidth > 0)
            Draw("");
        if (_live && _drawnWidth >= 0 && _step.Length > 0)
            _error.Write('\r');
        _step = "";
        _drawnWidth = 0;
    }

    private string Describe(StepProgress value)
    {
        string seconds = $"{_stepTime.Elapsed.TotalSeconds,5:F1} s";
        if (value.Total <= 0)
            return $"{value.Step,-12} {value.Done:N0}  {seconds}";
        double share = Math.Clamp((double)value.Done / value.Total, 0, 1);
        int filled = (int)(share * BarWidth);
        return $"{value.Step,-12} [{new string('#', filled)}{new string('.', BarWidth - filled)}] {share,4:P0}  {value.Done:N0} of {value.Total:N0}  {seconds}";
    }

    private void Draw(string text)
    {
        _error.Write('\r' + text.PadRight(_drawnWidth));
        _drawnWidth = text.Length;
    }
}
