using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>Errors of training challengers and of <c>churn run</c>: CE1176 to CE1179 and CE1200.</summary>
internal static class CycleErrors
{
    public static ChurnConfigException NothingMatures(string file) =>
        new(new ErrorCode(1176), $"the plan of '{file}' has no snapshots that mature")
        {
            Expected = "events with times, and a label over a horizon",
            Hint = "`churn run` and `--retrain` are of a project of events; train a plain table with `churn train --table`",
        };

    public static ChurnTransientException InUse(string folder) =>
        new(new ErrorCode(1177), $"another `churn run` is at work in '{folder}'") { Hint = "wait for it to end; the same command then does what is missing" };

    public static ChurnGateException StageSaidNo(string stage, string why) =>
        new(new ErrorCode(1178), $"{stage} said no: {why}") { Hint = $"`churn {(stage == CycleStages.Audit ? "audit leakage" : stage)}` with the same --config says more" };

    public static ChurnGateException FirstRefused(string version, string? before, string why) =>
        new(new ErrorCode(1179), $"the gates refuse {version}, and {(before is null ? "there is no production model" : $"production, {before}, was trained by another plan")}: {why}")
        {
            Hint = $"change the training, or the `gates:`; `churn models promote {version} --to production --force REASON` overrules them",
        };

    public static ChurnConfigException CannotWrite(string folder, Exception cause) =>
        new(new ErrorCode(1200), $"the state of the cycle cannot be kept in '{folder}'", cause) { Expected = "a folder that may be written to", Actual = cause.Message.TrimEnd('.'), Hint = StorageFault.Hint(cause, "name another folder with `run: { state: DIR }` in churn.yaml") };
}
