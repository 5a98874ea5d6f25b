using System.Diagnostics.Tracing;
using System.Globalization;
using System.Runtime.InteropServices;

/// <summary>Loaded into the real command by DOTNET_STARTUP_HOOKS: counts the changes of files that the engine announces, and sends the process a signal just before one of them.</summary>
internal static class StartupHook
{
    public static void Initialize() => _ = new FileSteps();
}

/// <summary>Hears <c>ChurnEngine-Files</c> on the very thread that is about to change a file.</summary>
internal sealed partial class FileSteps : EventListener
{
    private const int Kill = 9;

    /// <summary>Where each step is written down; absent: nowhere.</summary>
    private static readonly string? s_log = Environment.GetEnvironmentVariable("KILLHOOK_LOG");

    /// <summary>Before which step the signal is sent, from 0.</summary>
    private static readonly int s_at = int.Parse(Environment.GetEnvironmentVariable("KILLHOOK_AT") ?? "-1", CultureInfo.InvariantCulture);

    private static readonly int s_signal = int.Parse(Environment.GetEnvironmentVariable("KILLHOOK_SIGNAL") ?? "9", CultureInfo.InvariantCulture);
    private static readonly Lock s_order = new();
    private static int s_steps;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "ChurnEngine-Files")
            EnableEvents(eventSource, EventLevel.Verbose);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName != "Step")
            return;
        lock (s_order)
        {
            if (s_log is not null)
                File.AppendAllText(s_log, $"{eventData.Payload![0]} {eventData.Payload[1]}\n");
            if (s_steps++ != s_at)
                return;
        }
        _ = kill(Environment.ProcessId, s_signal);
        // SIGKILL ends us here. The other two are taken by another thread: time for it to say that the work is off.
        Thread.Sleep(s_signal == Kill ? Timeout.Infinite : 200);
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
