namespace ChurnEngine.DataGen.MusicLog;

/// <summary>The <c>churn.yaml</c> of a music log: all from one table of page views, in the seven families of facts-domain.md section 2.</summary>
internal static class MusicProject
{
    public static string Text(WorldClock clock) => $$"""
        # A generated music log: one JSON object a line, one line an action. Lines without a user (before login, after logout) name nobody: ingest
        # puts them into quarantine, which is why more than the usual 1% may be refused.
        # The label asks who reaches the page "Cancellation Confirmation" within the 30 days after an as-of instant. To count silence as well, write
        #   churned: 'kind = "Cancellation Confirmation" within 30d or inactive 21d'
        # (the truth beside the data is about cancellations alone).
        entity: userId

        tables:
          log: { source: "log/*.json", key: userId, time: ts, time_unit: ms, kind: page, session: sessionId }

        ingest: { bad_share_limit: 0.15 }

        features:
        {{Activity}}
        {{Sessions}}
        {{Content}}
        {{Rhythm}}
        {{Subscription}}
        {{Trend}}
        {{Context}}

        label: { from: log, churned: 'kind = "Cancellation Confirmation" within 30d', gap: 0d }

        extract_at: {{WorldClock.Date(clock.ExtractAt)}}

        # Who cancels within the 30 days from here on?
        score: { as_of: {{WorldClock.Date(clock.End)}} }

        # A user is worth 60 a year; an offer costs 2, wins back a quarter, and there are 500 a day.
        decisions: { value: 60, save_rate: 0.25, cost: 2, capacity: 500 }

        """;

    private const string Activity = """
          # 1. Activity: how often what was done, and ratios of it.
          - { name: "actions_{w}d",          from: log, value: count, windows: [7, 14, 30, 90] }
          - { name: "songs_{w}d",            from: log, where: "kind = NextSong", value: count, windows: [3, 7, 14, 30, 60, 90] }
          - { name: "thumbs_up_{w}d",        from: log, where: 'kind = "Thumbs Up"', value: count, windows: [7, 30, 90] }
          - { name: "thumbs_down_{w}d",      from: log, where: 'kind = "Thumbs Down"', value: count, windows: [7, 30, 90] }
          - { name: "playlist_adds_{w}d",    from: log, where: 'kind = "Add to Playlist"', value: count, windows: [7, 30, 90] }
          - { name: "friend_adds_{w}d",      from: log, where: 'kind = "Add Friend"', value: count, windows: [7, 30, 90] }
          - { name: "adverts_{w}d",          from: log, where: 'kind = "Roll Advert"', value: count, windows: [7, 30, 90] }
          - { name: "home_{w}d",             from: log, where: "kind = Home", value: count, windows: [7, 30, 90] }
          - { name: "help_{w}d",             from: log, where: "kind = Help", value: count, windows: [7, 30, 90] }
          - { name: "settings_{w}d",         from: log, where: 'kind in (Settings, "Save Settings")', value: count, windows: [30, 90] }
          - { name: "errors_{w}d",           from: log, where: "kind = Error", value: count, windows: [30, 90] }
          - { name: "about_{w}d",            from: log, where: "kind = About", value: count, windows: [90] }
          - { name: "logouts_{w}d",          from: log, where: "kind = Logout", value: count, windows: [7, 30, 90] }
          - { name: "upgrade_visits_{w}d",   from: log, where: "kind = Upgrade", value: count, windows: [30, 90] }
          - { name: "downgrade_visits_{w}d", from: log, where: "kind = Downgrade", value: count, windows: [30, 90] }
          - { name: "active_days_{w}d",      from: log, value: active_days, windows: [7, 14, 30, 90] }
          - { name: thumbs_up_per_song_30d,  ratio: [thumbs_up_30d, songs_30d] }
          - { name: thumbs_up_per_song_90d,  ratio: [thumbs_up_90d, songs_90d] }
          - { name: thumbs_down_per_song_30d, ratio: [thumbs_down_30d, songs_30d] }
          - { name: thumbs_down_per_song_90d, ratio: [thumbs_down_90d, songs_90d] }
          - { name: thumbs_up_share_30d,     expr: "thumbs_up_30d / (thumbs_up_30d + thumbs_down_30d)" }
          - { name: thumbs_up_share_90d,     expr: "thumbs_up_90d / (thumbs_up_90d + thumbs_down_90d)" }
          - { name: adverts_per_song_30d,    ratio: [adverts_30d, songs_30d] }
          - { name: adverts_per_song_90d,    ratio: [adverts_90d, songs_90d] }
          - { name: friends_per_active_day_90d, ratio: [friend_adds_90d, active_days_90d] }
          - { name: playlist_adds_per_song_90d, ratio: [playlist_adds_90d, songs_90d] }
          - { name: songs_per_active_day_7d, ratio: [songs_7d, active_days_7d] }
          - { name: songs_per_active_day_30d, ratio: [songs_30d, active_days_30d] }
          - { name: songs_per_active_day_90d, ratio: [songs_90d, active_days_90d] }
          - { name: help_per_active_day_30d, ratio: [help_30d, active_days_30d] }
          - { name: trouble_30d,             expr: "help_30d + errors_30d" }
          - { name: social_30d,              expr: "friend_adds_30d + playlist_adds_30d" }
        """;

    private const string Sessions = """

          # 2. Sessions: how many, how long, how far apart.
          - { name: "sessions_{w}d",         from: log, value: sessions, windows: [7, 30, 90] }
          - { name: "session_minutes_{w}d",  from: log, value: session_minutes, windows: [7, 30, 90] }
          - { name: "session_items_{w}d",    from: log, value: session_items, windows: [7, 30, 90] }
          - { name: "session_gap_days_{w}d", from: log, value: session_gap_days, windows: [30, 90] }
          - { name: "short_sessions_{w}d",   from: log, value: session_short_share(15m), windows: [30, 90] }
          - { name: songs_per_session_30d,   ratio: [songs_30d, sessions_30d] }
          - { name: songs_per_session_90d,   ratio: [songs_90d, sessions_90d] }
          - { name: sessions_per_active_day_30d, ratio: [sessions_30d, active_days_30d] }
          - { name: sessions_per_active_day_90d, ratio: [sessions_90d, active_days_90d] }
          - { name: logouts_per_session_90d, ratio: [logouts_90d, sessions_90d] }
        """;

    private const string Content = """

          # 3. Content: whom, what, how long, how often again.
          - { name: "artists_{w}d",          from: log, where: "kind = NextSong", value: distinct(artist), windows: [7, 30, 90] }
          - { name: "titles_{w}d",           from: log, where: "kind = NextSong", value: distinct(song), windows: [7, 30, 90] }
          - { name: "artist_entropy_{w}d",   from: log, where: "kind = NextSong", value: entropy(artist), windows: [30, 90] }
          - { name: "listened_s_{w}d",       from: log, where: "kind = NextSong", value: sum(length), windows: [7, 30, 90] }
          - { name: "song_length_s_{w}d",    from: log, where: "kind = NextSong", value: mean(length), windows: [7, 30, 90] }
          - { name: "song_length_std_s_{w}d", from: log, where: "kind = NextSong", value: std(length), windows: [30, 90] }
          - { name: "longest_song_s_{w}d",   from: log, where: "kind = NextSong", value: max(length), windows: [30] }
          - { name: "shortest_song_s_{w}d",  from: log, where: "kind = NextSong", value: min(length), windows: [30] }
          - { name: "short_songs_{w}d",      from: log, where: "kind = NextSong", value: share(length < 150), windows: [30, 90] }
          - { name: repeated_titles_7d,      expr: "1 - titles_7d / songs_7d" }
          - { name: repeated_titles_30d,     expr: "1 - titles_30d / songs_30d" }
          - { name: repeated_titles_90d,     expr: "1 - titles_90d / songs_90d" }
          - { name: titles_per_artist_90d,   ratio: [titles_90d, artists_90d] }
        """;

    private const string Rhythm = """

          # 4. Recency and rhythm: how long ago, at what hours, how regularly.
          - { name: days_since_action,       from: log, value: recency_days }
          - { name: days_since_thumbs_up,    from: log, where: 'kind = "Thumbs Up"', value: recency_days }
          - { name: days_since_thumbs_down,  from: log, where: 'kind = "Thumbs Down"', value: recency_days }
          - { name: days_since_playlist_add, from: log, where: 'kind = "Add to Playlist"', value: recency_days }
          - { name: days_since_friend_add,   from: log, where: 'kind = "Add Friend"', value: recency_days }
          - { name: days_since_advert,       from: log, where: 'kind = "Roll Advert"', value: recency_days }
          - { name: days_since_help,         from: log, where: "kind = Help", value: recency_days }
          - { name: days_since_error,        from: log, where: "kind = Error", value: recency_days }
          - { name: days_since_home,         from: log, where: "kind = Home", value: recency_days }
          - { name: days_since_logout,       from: log, where: "kind = Logout", value: recency_days }
          - { name: "longest_gap_days_{w}d", from: log, value: gap_max_days, windows: [30, 90] }
          - { name: "gap_std_days_{w}d",     from: log, value: gap_std_days, windows: [30, 90] }
          - { name: "advert_gap_days_{w}d",  from: log, where: 'kind = "Roll Advert"', value: gap_mean_days, windows: [90] }
          - { name: "thumbs_up_gap_days_{w}d", from: log, where: 'kind = "Thumbs Up"', value: gap_mean_days, windows: [90] }
          - { name: "streak_days_{w}d",      from: log, value: streak_days, windows: [30, 90] }
          - { name: "night_share_{w}d",      from: log, value: share(hour < 6), windows: [30, 90] }
          - { name: "evening_share_{w}d",    from: log, value: share(hour >= 18), windows: [30, 90] }
          - { name: "weekend_share_{w}d",    from: log, value: share(weekday >= 6), windows: [30, 90] }
          - { name: "hour_entropy_{w}d",     from: log, value: entropy(hour), windows: [30, 90] }
          - { name: "weekday_entropy_{w}d",  from: log, value: entropy(weekday), windows: [30, 90] }
          - { name: "page_entropy_{w}d",     from: log, value: entropy(kind), windows: [30, 90] }
        """;

    private const string Subscription = """

          # 5. Subscription: how long, at which level, and since when.
          - { name: registered_days,         from: log, value: days_since(registration) }
          - { name: known_days,              from: log, value: tenure_days }
          - { name: level,                   from: log, value: category(level) }
          - { name: "paid_time_{w}d",        from: log, value: time_share(level = paid), windows: [30, 90] }
          - { name: "paid_actions_{w}d",     from: log, value: share(level = paid), windows: [30, 90] }
          - { name: "level_changes_{w}d",    from: log, value: changes(level), windows: [30, 90] }
          - { name: level_changes,           from: log, value: changes(level) }
          - { name: "upgrades_{w}d",         from: log, value: "changes(level, free, paid)", windows: [90] }
          - { name: "downgrades_{w}d",       from: log, value: "changes(level, paid, free)", windows: [30, 90] }
          - { name: days_since_level_change, from: log, value: days_since_change(level) }
          - { name: downgrade_submissions,   from: log, where: 'kind = "Submit Downgrade"', value: count }
          - { name: days_since_downgrade,    from: log, where: 'kind = "Submit Downgrade"', value: recency_days }
        """;

    private const string Trend = """

          # 6. Trend: the week against the month, the month against the quarter, and slopes of weekly counts.
          - { name: actions_week_on_month,   ratio: [actions_7d, actions_30d], per_day: true }
          - { name: songs_week_on_month,     ratio: [songs_7d, songs_30d], per_day: true }
          - { name: listening_week_on_month, ratio: [listened_s_7d, listened_s_30d], per_day: true }
          - { name: sessions_week_on_month,  ratio: [sessions_7d, sessions_30d], per_day: true }
          - { name: days_week_on_month,      ratio: [active_days_7d, active_days_30d], per_day: true }
          - { name: adverts_week_on_month,   ratio: [adverts_7d, adverts_30d], per_day: true }
          - { name: thumbs_down_week_on_month, ratio: [thumbs_down_7d, thumbs_down_30d], per_day: true }
          - { name: help_week_on_month,      ratio: [help_7d, help_30d], per_day: true }
          - { name: actions_month_on_quarter, ratio: [actions_30d, actions_90d], per_day: true }
          - { name: songs_month_on_quarter,  ratio: [songs_30d, songs_90d], per_day: true }
          - { name: songs_fortnight_on_two_months, ratio: [songs_14d, songs_60d], per_day: true }
          - { name: sessions_month_on_quarter, ratio: [sessions_30d, sessions_90d], per_day: true }
          - { name: days_month_on_quarter,   ratio: [active_days_30d, active_days_90d], per_day: true }
          - { name: thumbs_up_month_on_quarter, ratio: [thumbs_up_30d, thumbs_up_90d], per_day: true }
          - { name: thumbs_down_month_on_quarter, ratio: [thumbs_down_30d, thumbs_down_90d], per_day: true }
          - { name: playlist_adds_month_on_quarter, ratio: [playlist_adds_30d, playlist_adds_90d], per_day: true }
          - { name: friend_adds_month_on_quarter, ratio: [friend_adds_30d, friend_adds_90d], per_day: true }
          - { name: adverts_month_on_quarter, ratio: [adverts_30d, adverts_90d], per_day: true }
          - { name: "songs_slope_{w}d",      from: log, where: "kind = NextSong", value: slope(7d), windows: [28, 84] }
          - { name: "actions_slope_{w}d",    from: log, value: slope(7d), windows: [84] }
          - { name: "listening_slope_{w}d",  from: log, where: "kind = NextSong", value: "slope(length, 7d)", windows: [84] }
          - { name: "monthly_songs_slope_{w}d", from: log, where: "kind = NextSong", value: slope(30d), windows: [90] }
          - { name: songs_less_than_before,  difference: [songs_30d, songs_60d], per_day: true }
        """;

    private const string Context = """

          # 7. Context: what with, where, and among the others.
          - { name: device,                  from: log, value: category(device(userAgent)) }
          - { name: browser,                 from: log, value: category(browser(userAgent)) }
          - { name: os,                      from: log, value: category(os(userAgent)) }
          - { name: "browsers_{w}d",         from: log, value: distinct(browser(userAgent)), windows: [90] }
          - { name: state,                   from: log, value: category(state(location)) }
          - { name: gender,                  from: log, value: category(gender) }
          - { name: songs_rank,              rank: songs_30d }
          - { name: listening_quarter,       quantile: listened_s_90d, parts: 4 }
        """;
}
