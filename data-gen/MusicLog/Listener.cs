namespace ChurnEngine.DataGen.MusicLog;

/// <summary>One user: what the log says, and the hidden traits that drive the sessions.</summary>
internal readonly record struct Listener
{
    public required long Id { get; init; }

    /// <summary>Root of the random numbers.</summary>
    public required ulong Key { get; init; }

    public required long RegisteredAt { get; init; }

    /// <summary>Protected; without effect on churn.</summary>
    public required bool IsFemale { get; init; }

    public required int FirstName { get; init; }
    public required int LastName { get; init; }
    public required int Location { get; init; }
    public required int UserAgent { get; init; }

    /// <summary>Another device that some sessions come from; the same as the first for most.</summary>
    public required int SecondUserAgent { get; init; }

    public required bool StartsPaid { get; init; }

    /// <summary>Logarithm of the usual sessions of a week.</summary>
    public required double LogSessions { get; init; }

    /// <summary>Mean number of songs of a session.</summary>
    public required double Songs { get; init; }

    /// <summary>Standard normal: thumbs down.</summary>
    public required double Discontent { get; init; }

    /// <summary>Standard normal: friends and playlists.</summary>
    public required double Sociability { get; init; }

    /// <summary>Where the favourites stand in the catalogue.</summary>
    public required int Taste { get; init; }
}

/// <summary>Draws users.</summary>
internal sealed class ListenerSource(int customers, long seed, WorldClock clock)
{
    private const double MonthlyArrivals = 0.14;
    private const double MeanBaseTenureDays = 200;

    private readonly SignupSchedule _signups = new(customers, clock, MonthlyArrivals, MeanBaseTenureDays);

    public Listener Draw(int index)
    {
        ulong key = CounterRandom.CustomerKey(seed, index);
        var draw = new CounterRandom(key, DrawPurpose.Attributes);
        int agent = (int)(MusicWords.UserAgents.Length * Math.Pow(draw.NextUnit(), 1.7));
        int second = draw.NextBool(0.25) ? (int)draw.NextBelow(MusicWords.UserAgents.Length) : agent;
        int location = (int)(MusicWords.Locations.Length * Math.Pow(draw.NextUnit(), 1.5));
        bool female = draw.NextBool(0.5);
        int first = (int)draw.NextBelow(MusicWords.FirstNames.Length);
        int last = (int)draw.NextBelow(MusicWords.LastNames.Length);
        bool paid = draw.NextBool(0.35);
        var traits = new CounterRandom(key, DrawPurpose.Traits);
        double sessions = 0.3 + 0.6 * traits.NextNormal();
        double outlier = traits.NextUnit();
        // Power users, and accounts that hardly anybody uses.
        sessions += outlier < 0.02 ? 1.6 : outlier > 0.94 ? -1.6 : 0;
        return new Listener
        {
            Id = index + 1L,
            Key = key,
            RegisteredAt = _signups.SignupOf(index, key),
            IsFemale = female,
            FirstName = first,
            LastName = last,
            Location = location,
            UserAgent = agent,
            SecondUserAgent = second,
            StartsPaid = paid,
            LogSessions = sessions,
            Songs = 20 * Math.Exp(0.5 * traits.NextNormal()),
            Discontent = traits.NextNormal(),
            Sociability = traits.NextNormal(),
            Taste = (int)traits.NextBelow(MusicWords.ArtistCount),
        };
    }
}
