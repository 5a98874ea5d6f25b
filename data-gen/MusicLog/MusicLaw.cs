namespace ChurnEngine.DataGen.MusicLog;

/// <summary>All that the churn of one user at one instant t may depend on. Windows are [t - w, t); lines without a user do not count.</summary>
internal readonly record struct MusicHistory
{
    /// <summary>Days since registration.</summary>
    public required double TenureDays { get; init; }

    /// <summary>Days since the last line, at most 60, and 60 without one.</summary>
    public required double RecencyDays { get; init; }

    /// <summary>Of the last line; false without one.</summary>
    public required bool IsPaid { get; init; }

    public required int Songs7 { get; init; }
    public required int Songs30 { get; init; }
    public required int Songs90 { get; init; }
    public required int ThumbsDown30 { get; init; }
    public required int Adverts30 { get; init; }
    public required int Trouble30 { get; init; }
    public required int Social30 { get; init; }
    public required int Downgrades90 { get; init; }

    public static MusicHistory Before(long instant, ReadOnlySpan<LogLine> lines, in Listener listener)
    {
        const long Day = 1_000 * WorldClock.Day;
        long t = instant * 1_000;
        int songs7 = 0, songs30 = 0, songs90 = 0, down = 0, adverts = 0, trouble = 0, social = 0, downgrades = 0, last = -1;
        for (int i = lines.Length - 1; i >= 0; i--)
        {
            ref readonly LogLine line = ref lines[i];
            long age = t - line.AtMillis;
            if (age <= 0 || line.IsAnonymous)
                continue;
            if (last < 0)
                last = i;
            if (age > 90 * Day)
                break;
            bool in30 = age <= 30 * Day;
            switch (line.Page)
            {
                case Page.NextSong:
                    songs90++;
                    songs30 += in30 ? 1 : 0;
                    songs7 += age <= 7 * Day ? 1 : 0;
                    break;
                case Page.ThumbsDown when in30:
                    down++;
                    break;
                case Page.RollAdvert when in30:
                    adverts++;
                    break;
                case Page.Error or Page.Help when in30:
                    trouble++;
                    break;
                case Page.AddFriend or Page.AddToPlaylist when in30:
                    social++;
                    break;
                case Page.SubmitDowngrade:
                    downgrades++;
                    break;
            }
        }
        return new MusicHistory
        {
            TenureDays = (instant - listener.RegisteredAt) / (double)WorldClock.Day,
            RecencyDays = last < 0 ? 60 : Math.Min(60, (t - lines[last].AtMillis) / (double)Day),
            IsPaid = last >= 0 && lines[last].IsPaid,
            Songs7 = songs7,
            Songs30 = songs30,
            Songs90 = songs90,
            ThumbsDown30 = down,
            Adverts30 = adverts,
            Trouble30 = trouble,
            Social30 = social,
            Downgrades90 = downgrades,
        };
    }
}

/// <summary>The law of the music-log world: p(cancels in the next 30 days | history) = sigmoid(log-odds).</summary>
internal static class MusicLaw
{
    private const double Sharpness = 1.15;
    private const double Intercept = -3.35;

    public static double Probability(in MusicHistory history) => ChurnDice.Sigmoid(LogOdds(history));

    /// <summary>Log-odds of cancelling.</summary>
    /// <param name="h">As of the instant.</param>
    /// <param name="troubleWeight">1 unless the law drifts.</param>
    public static double LogOdds(in MusicHistory h, double troubleWeight = 1) =>
        Intercept + Sharpness * (Engagement(h) + troubleWeight * Trouble(h) + Bond(h));

    private static double Engagement(in MusicHistory h)
    {
        double logOdds = -0.25 * Math.Log(1 + h.Songs30) + 1.0 * Math.Min(h.RecencyDays, 30) / 30;
        if (h.RecencyDays > 12)
            logOdds += 0.8;
        if (h.Songs7 == 0 && h.Songs30 >= 30)
            logOdds += 0.9;
        if (h.TenureDays >= 90)
        {
            double earlier = (h.Songs90 - h.Songs30) / 2.0;
            logOdds -= 0.9 * Math.Clamp(Math.Log((5 + h.Songs30) / (5 + earlier)), -1.5, 0.8);
        }
        // Forgotten accounts are not cancelled.
        if (h.Songs90 == 0)
            logOdds -= 2.2;
        return logOdds;
    }

    private static double Trouble(in MusicHistory h)
    {
        double logOdds = h.Trouble30 switch { 0 => 0, < 3 => 0.3, < 6 => 1.1, _ => 1.9 };
        if (h.Songs30 >= 20)
            logOdds += (h.ThumbsDown30 / (double)h.Songs30) switch { < 0.015 => 0, < 0.04 => 0.6, _ => 1.4 };
        if (!h.IsPaid && h.Adverts30 >= 6)
            logOdds += 0.7;
        return logOdds;
    }

    private static double Bond(in MusicHistory h)
    {
        double logOdds = 0.9 * Math.Exp(-h.TenureDays / 60);
        if (h.Social30 >= 4)
            logOdds -= 0.8;
        if (h.Downgrades90 > 0)
            logOdds += 1.3;
        return h.IsPaid ? logOdds - 0.2 : logOdds;
    }
}

/// <summary>What an offer, a month without adverts or at half the price, does to whom, and what a user is worth.</summary>
internal static class MusicOffer
{
    /// <summary>What the offer adds to the log-odds of cancelling.</summary>
    public static double Shift(in MusicHistory h)
    {
        // Who has forgotten the account is reminded of it.
        if (h.Songs90 == 0)
            return 1.0;
        // An app that fails is not mended by a price.
        if (h.Trouble30 >= 6)
            return 0;
        return !h.IsPaid && h.Adverts30 >= 6 ? -1.3 : h.Downgrades90 > 0 ? -0.8 : -0.3;
    }

    /// <summary>Margin of a year: the price less royalties, or what adverts bring.</summary>
    public static double YearlyMargin(in MusicHistory h) => 12 * (h.IsPaid ? 9.99 - 0.004 * h.Songs30 : 0.02 * h.Adverts30);
}
