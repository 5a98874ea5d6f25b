namespace ChurnEngine.DataGen.MusicLog;

/// <summary>One line of the log.</summary>
internal readonly record struct LogLine
{
    /// <summary>Milliseconds since 1970.</summary>
    public required long AtMillis { get; init; }

    public required Page Page { get; init; }
    public required Auth Auth { get; init; }
    public required bool IsPaid { get; init; }

    /// <summary>From the user's second device.</summary>
    public required bool IsSecondDevice { get; init; }

    /// <summary>Number of the user's session, from 0.</summary>
    public required int Session { get; init; }

    /// <summary>Position in the session, from 0.</summary>
    public required int Item { get; init; }

    /// <summary>Song, for <see cref="Page.NextSong"/>.</summary>
    public int Song { get; init; }

    /// <summary>Length of the song in hundred-thousandths of a second.</summary>
    public int Length { get; init; }

    /// <summary>The line names no user, as those before login and after logout do.</summary>
    public bool IsAnonymous => Auth is Auth.LoggedOut or Auth.Guest;
}
