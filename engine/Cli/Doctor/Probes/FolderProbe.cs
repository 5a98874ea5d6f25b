using ChurnEngine.Columns;

namespace ChurnEngine.Cli.Doctor;

/// <summary>A folder that a verb writes to.</summary>
/// <param name="Id">Stable name of the finding.</param>
/// <param name="What">What the folder is for.</param>
/// <param name="Path">Where it is; need not exist, unless it is said to.</param>
/// <param name="Needs">Needs that hang on it.</param>
internal sealed record Place(string Id, string What, string Path, Need Needs)
{
    /// <summary>Nobody makes the folder where it is absent.</summary>
    public bool MustExist { get; init; }

    /// <summary>False: every verb can be told to write elsewhere, so a fault is a warning only.</summary>
    public bool IsNeeded { get; init; } = true;

    /// <summary>What to do when it cannot be used.</summary>
    public string Hint { get; init; } = "choose another folder, or change owner, mode or mount of this one";

    /// <summary>Least free bytes that are of use here.</summary>
    public long LeastBytes { get; init; } = 64L << 20;
}

/// <summary>Folders by trying them: can they be written, how much room is there, of what kind is the file system, does it lock.</summary>
internal sealed class FolderProbe(string topic, IReadOnlyList<Place> places) : IProbe
{
    private const long LittleBytes = 1L << 30;
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromSeconds(10);
    private static readonly string[] s_networks = ["nfs", "nfs4", "cifs", "smb", "smb2", "9p", "lustre", "gpfs", "ceph", "afs", "fuse", "fuseblk", "glusterfs", "beegfs"];

    public string Topic => topic;

    public Need Serves => places.Aggregate(Need.None, (all, place) => all | place.Needs);

    public IEnumerable<Finding> Look() => places.Select(Look);

    private static Finding Look(Place place)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(place.Path));
        string there = full;
        while (!Path.Exists(there) && Path.GetDirectoryName(there) is { } above)
            there = above;
        if (place.MustExist && there != full)
            return Bad(place, $"{full} does not exist");
        if (!Directory.Exists(there))
            return Bad(place, $"{there} is no folder");
        try
        {
            (bool locks, TimeSpan skew) = Try(there);
            return Describe(place, full, there, locks, skew);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return Bad(place, $"{there} cannot be written: {Reason(refused)}");
        }
    }

    private static Finding Describe(Place place, string full, string there, bool locks, TimeSpan skew)
    {
        (long free, string kind) = Disk(there);
        bool isNetwork = s_networks.Any(network => kind.StartsWith(network, StringComparison.OrdinalIgnoreCase));
        bool isFull = free >= 0 && free < place.LeastBytes;
        string[] hints =
        [
            .. isFull ? [$"make room: at least {ByteSize.Format(place.LeastBytes)} are of use here"] : free is >= 0 and < LittleBytes ? new[] { "little room: a large job may fill it" } : [],
            .. locks ? Array.Empty<string>() : ["locks do not hold here: never let two scoring jobs write to one folder"],
            .. isNetwork ? new[] { "a network file system: locks hold across machines only where its server passes them on" } : [],
            .. kind.StartsWith("tmpfs", StringComparison.Ordinal) && place.Needs.HasFlag(Need.TemporaryFolder) ? new[] { "it lives in memory, so what is spilled there costs what it should save: set TMPDIR to a disk" } : [],
            .. skew.Duration() > s_clockSkew ? new[] { $"its clock and this machine's differ by {skew.Duration().TotalSeconds:F0} s" } : [],
        ];
        Standing standing = isFull ? place.IsNeeded ? Standing.Missing : Standing.Warning : hints.Length > 0 ? Standing.Warning : Standing.Good;
        string made = there == full ? "" : $" (will be made in {there})";
        return new Finding(place.Id, place.What, standing, $"{full}{made}: {(free < 0 ? "unknown room" : $"{ByteSize.Format(free)} free")}, {kind}, {(locks ? "locks" : "does not lock")}")
        {
            Needs = place.Needs,
            Hint = string.Join("; ", hints),
            Details = new Dictionary<string, object> { ["path"] = full, ["free_bytes"] = free, ["file_system"] = kind, ["locks"] = locks },
        };
    }

    private static Finding Bad(Place place, string found) => new(place.Id, place.What, place.IsNeeded ? Standing.Missing : Standing.Warning, found)
    {
        Needs = place.Needs,
        Hint = place.Hint,
        Details = new Dictionary<string, object> { ["path"] = Path.GetFullPath(place.Path) },
    };

    // As the scorer locks its folder: the runtime takes an advisory flock for FileShare.None, and goes on in silence where there is none.
    private static (bool Locks, TimeSpan Skew) Try(string folder)
    {
        string probe = Path.Combine(folder, $".churn-doctor-{Environment.ProcessId}-{Guid.NewGuid():N}");
        try
        {
            using FileStream first = FileChanges.Create(probe);
            first.Write("churn doctor"u8);
            first.Flush(flushToDisk: true);
            return (IsHeld(probe), DateTime.UtcNow - File.GetLastWriteTimeUtc(probe));
        }
        finally
        {
            FileChanges.Delete(probe);
        }
    }

    private static bool IsHeld(string probe)
    {
        try
        {
            using var second = new FileStream(probe, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException held) when (FolderLock.IsHeldElsewhere(held))
        {
            return true;
        }
    }

    // The name in the runtime's message is that of the trial file, which nobody asked for.
    private static string Reason(Exception refused) => refused switch
    {
        _ when StorageFault.IsFull(refused) => "the disk is full",
        UnauthorizedAccessException => "no permission",
        FileNotFoundException or DirectoryNotFoundException => "the system takes no new file there",
        _ => refused.Message.Split(" : ")[0].TrimEnd('.'),
    };

    private static (long Free, string Kind) Disk(string folder)
    {
        try
        {
            var drive = new DriveInfo(folder);
            return (drive.AvailableFreeSpace, drive.DriveFormat);
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (-1, "unknown file system");
        }
    }
}
