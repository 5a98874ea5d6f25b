using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints alerts, one line each with what to do next, and which channel was told.</summary>
internal static class AlertLines
{
    public static void Print(IAnsiConsole console, AlertReport report)
    {
        if (report.IsOlder)
            console.WriteLine("alerts: a later window was watched before, so this one changes none");
        foreach (AlertRow alert in report.Shown)
            console.WriteLine(Line(alert));
        foreach (ChannelReport channel in report.Channels)
            console.WriteLine($"alerts: {channel.Alerts} to {channel.Channel}{(channel.Address is { } address ? $" ({address})" : "")}{Ending(channel)}");
    }

    private static string Line(AlertRow alert)
    {
        string windows = alert.Windows == 1 ? "1 window" : $"{alert.Windows} windows", since = alert.Since.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
        return alert.Status == "resolved"
            ? $"alert, {alert.Severity}, resolved: {alert.Kind} {alert.Subject} of {alert.Version}"
            : $"alert, {alert.Severity}, {alert.Status} since {since}, {windows}: {alert.Kind} {alert.Subject}; next: {alert.Next}";
    }

    private static string Ending(ChannelReport channel) => channel switch
    {
        { Delivered: true, Attempts: 1 } => ", delivered",
        { Delivered: true } => $", delivered at attempt {channel.Attempts}",
        { Fault: { } fault } => $", not delivered: {fault}",
        _ => ", not sent: a dry run",
    };
}
