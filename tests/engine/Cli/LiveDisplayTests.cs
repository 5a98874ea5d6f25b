using ChurnEngine.Columns;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli.Tests;

/// <summary>What only a terminal sees.</summary>
public sealed class LiveDisplayTests
{
    [Fact]
    public void Progress_FirstReportOnATerminal_IsDrawn()
    {
        using var error = new StringWriter();
        using (var display = new ProgressDisplay(error, live: true, quiet: false))
            display.Report(new StepProgress("trees", 3, 10));
        Assert.Contains("3 of 10", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Trials_OnATerminal_AreATableDrawnInItsPlace()
    {
        using var error = new StringWriter();
        var board = new TrialBoard(error, live: true, quiet: false);
        board.Report(new TrialUpdate(0, 2, 1, 0.5, 0.1, false, ""));
        board.Report(new TrialUpdate(1, 2, 1, 0.4, 0.1, true, "l2=[3]"));
        string drawn = error.ToString();
        Assert.Contains("options as they are", drawn, StringComparison.Ordinal);
        Assert.Contains("l2=[3]", drawn, StringComparison.Ordinal);
        // The second table goes up over the first.
        Assert.Single(drawn.Split("A\r\u001b[J")[..^1]);
    }
}
