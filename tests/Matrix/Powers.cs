using System.Diagnostics;

namespace ChurnEngine.Matrix.Tests;

/// <summary>What this user may do here: some inputs need root's power, others the lack of it.</summary>
internal static class Powers
{
    public static bool IsRoot { get; } = Environment.IsPrivilegedProcess;

    /// <summary>Why root's power cannot be laid down here; null when it can.</summary>
    public static string? LackOfDrop() => s_drop.Value;

    /// <summary>Why no small disk can be mounted here; null when one can.</summary>
    public static string? LackOfMount() => s_mount.Value;

    /// <summary>Why no file can be made immutable here; null when one can.</summary>
    private static readonly Lazy<string?> s_drop = new(() =>
        !IsRoot || Succeeds("setpriv --inh-caps=-dac_override,-dac_read_search --bounding-set=-dac_override,-dac_read_search true")
            ? null
            : "needs a server where setpriv can drop root's power over file modes");

    private static readonly Lazy<string?> s_mount = new(() =>
        IsRoot && Succeeds("d=$(mktemp -d) && mount -t tmpfs -o size=64k churn-probe $d && umount $d && rmdir $d")
            ? null
            : "needs a server where this user may mount a small tmpfs");

    private static bool Succeeds(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
