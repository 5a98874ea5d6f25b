using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>Every error that data-gen can raise.</summary>
internal static class DataGenErrors
{
    public static ChurnConfigException UnknownScenario(string scenario) =>
        new(new ErrorCode(1801), $"unknown scenario '{scenario}'") { Hint = Suggestion.For(scenario, WorldOptions.Scenarios) };

    public static ChurnConfigException CustomersOutOfRange(int customers) =>
        new(new ErrorCode(1802), "the number of customers is out of range")
        {
            Expected = "1 to 20000000",
            Actual = customers.ToString(CultureInfo.InvariantCulture),
            Hint = "set --customers",
        };

    public static ChurnConfigException MonthsOutOfRange(int months) =>
        new(new ErrorCode(1803), "the number of months is out of range")
        {
            Expected = "1 to 60",
            Actual = months.ToString(CultureInfo.InvariantCulture),
            Hint = "set --months",
        };

    public static ChurnConfigException DirectoryNotEmpty(string directory, string entry) =>
        new(new ErrorCode(1804), $"the output folder '{directory}' is not empty")
        {
            Actual = $"'{entry}'",
            Hint = "name a new folder with --out, or empty this one",
        };

    public static ChurnConfigException DirectoryNotWritable(string directory, Exception inner) =>
        new(new ErrorCode(1805), $"the output folder '{directory}' cannot be written", inner)
        {
            Actual = inner.Message.TrimEnd('.'),
            Hint = StorageFault.IsFull(inner) ? "make room on that disk, then run the same command again" : "name a folder with --out that this user has permission to write to",
        };

    public static ChurnTransientException DirectoryInUse(string directory) =>
        new(new ErrorCode(1806), $"another process is writing to the output folder '{directory}'") { Hint = "wait for it to end, or name another folder with --out" };
}
