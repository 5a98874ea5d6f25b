using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>Errors of how a training is measured, searched and prepared, CE1134 to CE1149.</summary>
internal static class DesignErrors
{
    public static ChurnConfigException BadSelection(string text) =>
        new(new ErrorCode(1134), "--select is not usable") { Expected = SelectSettings.Form, Actual = $"'{text}'", Hint = "null keeps what gains more than it would without meaning, permutation what the model loses by" };

    public static ChurnConfigException BadImbalance(string text) =>
        new(new ErrorCode(1135), "--imbalance is not usable") { Expected = ImbalanceSettings.Form, Actual = $"'{text}'", Hint = "class weights and focal loss are options of the booster: --set class_weight=balanced, --objective focal" };

    public static ChurnConfigException BadFolds(int folds) =>
        new(new ErrorCode(1136), "--folds is not usable") { Expected = $"0 to {ValidationSettings.MostFolds}", Actual = $"{folds}", Hint = "3 is usual; each needs a snapshot of its own to be tested on" };

    public static ChurnConfigException BadTrials(int trials) =>
        new(new ErrorCode(1137), "--trials is not usable") { Expected = "0 or more", Actual = $"{trials}", Hint = "40 is usual; 0 searches for nothing" };

    public static ChurnConfigException OnlyOfChurn(string what) =>
        new(new ErrorCode(1138), $"{what} works on a probability, and this label is a number")
        {
            Expected = "a label with `churned`, or --task classification",
            Hint = "leave it out",
        };

    public static ChurnConfigException CannotContinueWith(string what) =>
        new(new ErrorCode(1139), $"{what} starts anew, and --continue-from goes on from a model")
        {
            Hint = "leave one of the two out: that model has seen rows that a search would be scored on, and its trees have their options already",
        };

    public static ChurnConfigException NotTunable(string option, string algorithm) =>
        new(new ErrorCode(1140), $"`tune.space` names '{option}', which the algorithm '{algorithm}' does not have") { Hint = "leave it out, or leave `space` out for the ranges that suit the algorithm" };

    public static ChurnConfigException TooFewToSearch(int training) =>
        new(new ErrorCode(1141), "there are too few snapshots to search within those that train")
        {
            Expected = "at least 3 whose label windows do not reach into each other: to train, to stop, and to score a trial on",
            Actual = $"{training} up to the last that trains",
            Hint = "bring a longer history, shorten the horizon, or train without --tune",
        };

    public static ChurnConfigException TableHasNoTime(string what) =>
        new(new ErrorCode(1142), $"{what} needs time, and a plain table has none") { Hint = "use it with a project, --config churn.yaml; of a table, --cv measures" };

    public static ChurnConfigException JournalUnusable(string path, Exception cause) =>
        new(new ErrorCode(1143), $"the journal of trials '{path}' cannot be written", cause)
        {
            Expected = "a file that this process alone writes",
            Actual = cause.Message,
            Hint = StorageFault.Hint(cause, "wait for the other training to end, or name another file with --tune-journal"),
        };

    public static ChurnConfigException JournalWithoutSearch() =>
        new(new ErrorCode(1145), "--tune-journal keeps the trials of a search, and there is none") { Hint = "add --tune, or leave it out" };

    public static ChurnConfigException StackOfAValue(string algorithm) =>
        new(new ErrorCode(1144), $"the algorithm '{algorithm}' predicts a probability, and this label is a number") { Expected = "a label with `churned`", Hint = "train it with `algorithm: boosting`, which is the default" };
}
