using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Monitoring;

internal static class MonitoringErrors
{
    public static ChurnConfigException BadLimit(string name, double value, string expected) => new(new ErrorCode(8201), $"monitoring limit '{name}' makes no sense")
    {
        Expected = expected,
        Actual = value.ToString(CultureInfo.InvariantCulture),
        Hint = "leave it out to get its default",
    };

    public static ChurnModelException NoDistributions(string version) => new(new ErrorCode(8202), $"model '{version}' does not say how its features were distributed at training")
    {
        Expected = "a distribution a feature",
        Actual = "none",
        Hint = "train it again: `churn train` writes them into the file",
    };

    public static ChurnDataException NoRows() => new(new ErrorCode(8203), "there is nobody to monitor")
    {
        Expected = "customers at risk at that instant",
        Actual = "none",
        Hint = "check `--as-of`, or the tables",
    };

    /// <summary>Told as a warning: the job has done its work.</summary>
    public static ChurnTransientException NotDelivered(string channel, int alerts, string fault) => new(new ErrorCode(8204), $"{(alerts == 1 ? "1 alert" : $"{alerts} alerts")} did not reach channel '{channel}'")
    {
        Actual = fault,
        Hint = "the next run sends what is remembered; `churn monitor --test-alerts` tries every channel",
    };

    /// <summary>Told as a warning.</summary>
    public static ChurnDataException DamagedAlerts(string path, string? keptAs) => new(new ErrorCode(8205), $"'{path}' is damaged: what was told of alerts is forgotten")
    {
        Hint = keptAs is null ? "alerts that stand are told anew" : $"alerts that stand are told anew; the old file is kept as {keptAs}",
    };

    /// <summary>Told as a warning.</summary>
    public static ChurnConfigException AlertsNotKept(string folder, string cause) => new(new ErrorCode(8206), $"what was told of alerts cannot be kept in '{folder}'")
    {
        Actual = cause,
        Hint = "the next run tells alerts again; check the folder's owner and mode, and the room on its disk",
    };
}
