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
}
