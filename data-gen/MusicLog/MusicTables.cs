namespace ChurnEngine.DataGen.MusicLog;

/// <summary>The files of a music-log world: one log of JSON lines, and the truth.</summary>
internal static class MusicTables
{
    private const long LinesPerPart = 1_000_000;

    private static WorldFile Log { get; } = new("log/part-{0}.json", Schema: null, LinesPerPart);

    /// <summary>Every file there can be.</summary>
    public static IReadOnlyList<WorldFile> Files { get; } = [Log, .. TruthRows.AllFiles];

    /// <summary>The files of a world.</summary>
    public static IReadOnlyList<WorldFile> FilesOf(WorldOptions options) => [Log, .. TruthRows.FilesOf(options)];
}

/// <summary>What can drift in a music-log world.</summary>
internal sealed class MusicDrifts(WorldOptions options)
{
    public static IReadOnlyList<DriftFeature> All { get; } =
    [
        new("sessions", "sessions a week"),
        new("songs", "songs a session"),
        new("adverts", "adverts per song of free users"),
        new("thumbs_down", "thumbs down per song"),
        new("errors", "errors and visits of the help page per song"),
        new("trouble_law", "how much adverts, thumbs down, errors and help count for churn: the same history then means another risk", DriftKind.Concept),
    ];

    public DriftCurve Sessions { get; } = new(options, "sessions");
    public DriftCurve Songs { get; } = new(options, "songs");
    public DriftCurve Adverts { get; } = new(options, "adverts");
    public DriftCurve ThumbsDown { get; } = new(options, "thumbs_down");
    public DriftCurve Errors { get; } = new(options, "errors");
    public DriftCurve TroubleLaw { get; } = new(options, "trouble_law", DriftKind.Concept);
}

/// <summary>Pages of the log, as codes into <see cref="MusicWords.Pages"/>.</summary>
internal enum Page : byte
{
    NextSong,
    ThumbsUp,
    ThumbsDown,
    AddToPlaylist,
    AddFriend,
    RollAdvert,
    Home,
    Settings,
    SaveSettings,
    Help,
    About,
    Error,
    Upgrade,
    SubmitUpgrade,
    Downgrade,
    SubmitDowngrade,
    Logout,
    Login,
    Register,
    SubmitRegistration,
    Cancel,
    CancellationConfirmation,
}

/// <summary>Who a line is of, as codes into <see cref="MusicWords.Auths"/>.</summary>
internal enum Auth : byte
{
    LoggedIn,
    LoggedOut,
    Guest,
    Cancelled,
}
