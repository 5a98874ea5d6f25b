using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>The settings of logistic regression as flags; one that was not written leaves the project's setting.</summary>
internal sealed class LogisticFlags
{
    private readonly Option<double?> _alpha = new("--alpha") { Description = "With --algorithm logistic: strength of the penalty, 0 and up. Default: the best on the rows that stop.", HelpName = "X" };
    private readonly Option<double?> _l1Ratio = new("--l1-ratio") { Description = "With --algorithm logistic: share of the absolute values in the penalty, 0 (ridge) to 1 (lasso).", HelpName = "X" };

    public LogisticFlags(Action<Option> add)
    {
        foreach (Option option in new Option[] { _alpha, _l1Ratio })
            add(option);
    }

    /// <summary>What was written, beside <paramref name="others"/>.</summary>
    public TrainOverrides Read(VerbContext context, TrainOverrides others) => others with { Alpha = context.Get(_alpha), L1Ratio = context.Get(_l1Ratio) };
}
