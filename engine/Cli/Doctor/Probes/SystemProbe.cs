using System.Globalization;
using System.Runtime.InteropServices;

namespace ChurnEngine.Cli.Doctor;

/// <summary>Operating system, architecture, and what could make numbers or times differ: locale, time zone, clock.</summary>
internal sealed class SystemProbe : IProbe
{
    // .NET 10 came out then: a clock before it is wrong.
    private static readonly DateTime s_earliest = new(2025, 11, 11, 0, 0, 0, DateTimeKind.Utc);

    public string Topic => "system";

    public Need Serves => Need.Machine;

    public IEnumerable<Finding> Look()
    {
        string name = SystemFile.Read("/etc/os-release")?.Split('\n').FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?.Split('=', 2)[1].Trim('"') ?? RuntimeInformation.OSDescription;
        string kernel = SystemFile.Read("/proc/sys/kernel/osrelease") ?? Environment.OSVersion.VersionString;
        bool served = RuntimeInformation.RuntimeIdentifier.StartsWith("linux-x64", StringComparison.Ordinal);
        yield return new Finding("system.os", "operating system", served ? Standing.Good : Standing.Warning, $"{name}, kernel {kernel}, {RuntimeInformation.RuntimeIdentifier}")
        {
            Needs = Need.Machine,
            Hint = served ? "" : "linux-x64 with glibc is the platform served today; the native libraries below decide",
        };
        yield return new Finding("system.byte_order", "byte order", BitConverter.IsLittleEndian ? Standing.Good : Standing.Missing, BitConverter.IsLittleEndian ? "little-endian" : "big-endian")
        {
            Needs = Need.Machine,
            Hint = BitConverter.IsLittleEndian ? "" : "columns and models are little-endian: use another machine",
        };
        yield return Numbers();
        yield return Clock();
    }

    private static Finding Numbers()
    {
        string locale = Environment.GetEnvironmentVariable("LC_ALL") is { Length: > 0 } all ? all : Environment.GetEnvironmentVariable("LANG") is { Length: > 0 } lang ? lang : "C";
        bool exact = CultureInfo.CurrentCulture.Equals(CultureInfo.InvariantCulture) && double.Epsilon * 1.5 > 0;
        return new Finding("system.numbers", "numbers", exact ? Standing.Good : Standing.Warning, $"locale {locale}, read and written as {(1.5).ToString(CultureInfo.CurrentCulture)}; {(double.Epsilon * 1.5 > 0 ? "smallest numbers kept" : "smallest numbers flushed to zero")}")
        {
            Needs = Need.Machine,
            Hint = exact ? "" : "results may differ from other machines' in the last digits: report it with this output",
        };
    }

    private static Finding Clock()
    {
        DateTime now = DateTime.UtcNow;
        bool sane = now >= s_earliest;
        string zone = TimeZoneInfo.Local.Id is { Length: > 0 } id ? id : "unknown";
        return new Finding("system.clock", "clock", sane ? Standing.Good : Standing.Warning, $"{now:yyyy-MM-ddTHH:mm:ssZ}, zone {zone}; times without a zone are read as UTC, whatever the zone here")
        {
            Needs = Need.Machine,
            Hint = sane ? "" : "the clock is behind: features do not read it, but file times and model versions do",
        };
    }
}
