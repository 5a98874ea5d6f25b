namespace ChurnEngine.DataGen.MusicLog;

/// <summary>How one session goes on from page to page.</summary>
/// <param name="Listener">Whose.</param>
/// <param name="IsTroubled">A week in which the app fails.</param>
/// <param name="AdvertFactor">1 without drift.</param>
/// <param name="ThumbsDownFactor">1 without drift.</param>
/// <param name="ErrorFactor">1 without drift.</param>
internal readonly record struct SessionMood(Listener Listener, bool IsTroubled, double AdvertFactor, double ThumbsDownFactor, double ErrorFactor);

/// <summary>Writes the lines of one session after another.</summary>
internal struct MusicSession(in SessionMood mood, List<LogLine> lines, bool isPaid)
{
    private readonly SessionMood _mood = mood;
    private long _at;
    private int _session;
    private int _item;
    private bool _second;

    /// <summary>The level that the next line has.</summary>
    public bool IsPaid { get; private set; } = isPaid;

    /// <summary>Lives through a session.</summary>
    /// <param name="startMillis">When it begins.</param>
    /// <param name="session">Its number.</param>
    /// <param name="songs">Songs heard.</param>
    /// <param name="isFirst">The user registers in it.</param>
    /// <param name="draw">Random numbers of the week.</param>
    /// <returns>When it is over, in milliseconds.</returns>
    public long Run(long startMillis, int session, int songs, bool isFirst, ref CounterRandom draw)
    {
        (_at, _session, _item) = (startMillis, session, 0);
        _second = _mood.Listener.SecondUserAgent != _mood.Listener.UserAgent && draw.NextBool(0.25);
        if (isFirst)
            Register();
        else if (draw.NextBool(0.35))
            LogIn();
        if (draw.NextBool(0.5))
            Visit(Page.Home, ref draw);
        for (int i = 0; i < songs; i++)
        {
            Play(ref draw);
            AfterSong(ref draw);
        }
        if (draw.NextBool(0.4))
        {
            Visit(Page.Logout, ref draw);
            if (draw.NextBool(0.5))
                Add(Page.Home, Auth.LoggedOut);
        }
        return _at;
    }

    private void Register()
    {
        Add(Page.Register, Auth.Guest);
        _at += 40_000;
        Add(Page.SubmitRegistration, Auth.Guest);
        _at += 5_000;
    }

    private void LogIn()
    {
        Add(Page.Home, Auth.LoggedOut);
        _at += 4_000;
        Add(Page.Login, Auth.LoggedOut);
        _at += 6_000;
    }

    private void Play(ref CounterRandom draw)
    {
        double unit = draw.NextUnit();
        // Half of the songs come from the favourites, half from all the catalogue; the first of either are heard most.
        int artists = MusicWords.ArtistCount;
        int artist = (int)(artists * unit * unit * unit);
        ulong bits = draw.NextBits();
        if ((bits & 1) != 0)
            artist = (artist / 4 + _mood.Listener.Taste) % artists;
        int song = artist * MusicWords.SongsPerArtist + (int)Math.BigMul(bits, MusicWords.SongsPerArtist, out _);
        // A song has its length, whoever plays it.
        uint length = 9_000_000 + (uint)(song * 2_654_435_761L % 27_000_000);
        Add(Page.NextSong, Auth.LoggedIn, song, (int)length);
        // A third of the songs of a bad day are skipped.
        bool skips = (bits >>> 8 & 0xFF) < (_mood.IsTroubled ? 90u : 25u);
        _at += skips ? length / 400 : length / 100;
    }

    private void AfterSong(ref CounterRandom draw)
    {
        double unit = draw.NextUnit();
        // Most songs are followed by the next one; one number decides on what else there is.
        double up = 0.055;
        double down = Math.Min(0.2, 0.011 * Math.Exp(0.8 * _mood.Listener.Discontent) * (_mood.IsTroubled ? 2 : 1) * _mood.ThumbsDownFactor);
        double social = Math.Min(0.15, 0.045 * Math.Exp(0.5 * _mood.Listener.Sociability));
        double advert = Math.Min(0.4, (IsPaid ? 0.004 : 0.10) * _mood.AdvertFactor);
        double trouble = Math.Min(0.15, (_mood.IsTroubled ? 0.06 : 0.006) * _mood.ErrorFactor);
        if (Falls(ref unit, up))
            Visit(Page.ThumbsUp, ref draw);
        else if (Falls(ref unit, down))
            Visit(Page.ThumbsDown, ref draw);
        else if (Falls(ref unit, social))
            Visit(draw.NextBool(0.6) ? Page.AddToPlaylist : Page.AddFriend, ref draw);
        else if (Falls(ref unit, advert))
            Visit(Page.RollAdvert, ref draw);
        else if (Falls(ref unit, trouble))
            Visit(draw.NextBool(0.25) ? Page.Error : Page.Help, ref draw);
        else if (Falls(ref unit, 0.04))
            Visit(Page.Home, ref draw);
        else if (Falls(ref unit, 0.008))
            VisitSettings(ref draw);
        else if (Falls(ref unit, 0.012))
            ChangeLevel(ref draw);
    }

    private void VisitSettings(ref CounterRandom draw)
    {
        if (draw.NextBool(0.25))
        {
            Visit(Page.About, ref draw);
            return;
        }
        Visit(Page.Settings, ref draw);
        if (draw.NextBool(0.25))
            Visit(Page.SaveSettings, ref draw);
    }

    private void ChangeLevel(ref CounterRandom draw)
    {
        Visit(IsPaid ? Page.Downgrade : Page.Upgrade, ref draw);
        double submits = IsPaid ? (_mood.IsTroubled ? 0.25 : 0.06) : 0.12;
        if (!draw.NextBool(submits))
            return;
        Visit(IsPaid ? Page.SubmitDowngrade : Page.SubmitUpgrade, ref draw);
        IsPaid = !IsPaid;
    }

    private void Visit(Page page, ref CounterRandom draw)
    {
        Add(page, Auth.LoggedIn);
        _at += 1_000 + draw.NextBelow(20_000);
    }

    private void Add(Page page, Auth auth, int song = 0, int length = 0) => lines.Add(new LogLine
    {
        AtMillis = _at,
        Page = page,
        Auth = auth,
        IsPaid = IsPaid,
        IsSecondDevice = _second,
        Session = _session,
        Item = _item++,
        Song = song,
        Length = length,
    });

    private static bool Falls(ref double unit, double share)
    {
        if (unit < share)
        {
            unit = 1;
            return true;
        }
        unit -= share;
        return false;
    }
}
