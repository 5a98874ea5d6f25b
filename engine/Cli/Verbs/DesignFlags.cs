using System.CommandLine;
using ChurnEngine.Pipeline;

namespace ChurnEngine.Cli;

/// <summary>How a training is measured, searched, prepared and compared, as flags; one that was not written leaves the project's setting.</summary>
internal sealed class DesignFlags
{
    private readonly Option<int?> _folds = new("--folds") { Description = "With a project: measure at so many origins as well, each trained, stopped, calibrated and tested on snapshots of its own. Default: `train.validation.folds`, else 0.", HelpName = "K" };
    private readonly Option<bool> _tune = new("--tune") { Description = "Search for options on folds within what is trained on, by `train.tune` of the project: trials, method, ranges. Default: 40 trials of TPE with successive halving." };
    private readonly Option<int?> _trials = new("--trials") { Description = "Trials of the search; 0 is none.", HelpName = "N" };
    private readonly Option<string?> _journal = new("--tune-journal") { Description = "File that remembers finished trials: a search that was killed goes on where it was. Default: beside the model, with .trials.jsonl behind its name.", HelpName = "FILE" };
    private readonly Option<string?> _select = new("--select") { Description = "Choose features within each fold: null (by their gain against that of shuffled labels) or permutation (by what the model loses without them); :N keeps at most N.", HelpName = "METHOD[:N]" };
    private readonly Option<string?> _imbalance = new("--imbalance") { Description = "Even out the classes of training rows, within each fold: undersample or smote; or weigh customers by a feature, cost:FEATURE. none switches the project's setting off.", HelpName = "METHOD" };
    private readonly Option<string?> _compare = new("--compare") { Description = "Train several side by side on the same folds, and write no model: models (logistic, forests, boosting, stack, recent with historical) or imbalance (weights, focal, undersampling, SMOTE).", HelpName = "WHAT" };

    public DesignFlags(Action<Option> add)
    {
        _compare.AcceptOnlyFromAmong("models", "imbalance");
        foreach (Option option in new Option[] { _folds, _tune, _trials, _journal, _select, _imbalance, _compare })
            add(option);
    }

    /// <summary>What was written.</summary>
    public DesignOverrides Read(VerbContext context) => new()
    {
        Folds = context.Get(_folds),
        Tune = context.Get(_tune),
        Trials = context.Get(_trials),
        Journal = context.Get(_journal),
        Select = context.Get(_select),
        Imbalance = context.Get(_imbalance),
    };

    /// <summary>What is to be compared; null: a model is trained.</summary>
    public Comparison? Compare(VerbContext context) => context.Get(_compare) switch { "models" => Comparison.Models, "imbalance" => Comparison.Imbalance, _ => null };
}
