using System.Runtime.InteropServices;

namespace ChurnEngine.DataGen.MusicLog;

/// <summary>Tells the story of one user after another, week by week and session by session. Nothing in here knows whether or when the user leaves.</summary>
internal sealed class MusicLife(MusicDrifts drifts) : IStory
{
    private const int MostSessions = 40;
    private const long Milli = 1_000;

    private readonly List<long> _starts = new(MostSessions);
    private Listener _listener;
    private double _mood;
    private double _level;
    private int _nextWeek;
    private int _troubleUntilWeek;
    private int _sessions;
    private long _busyUntil;
    private bool _isPaid;

    /// <summary>The user's lines, by ascending instant.</summary>
    public List<LogLine> Lines { get; } = new(4096);

    /// <summary>Begins another user.</summary>
    public void Start(in Listener listener)
    {
        _listener = listener;
        Lines.Clear();
        _mood = 0.5 * new CounterRandom(listener.Key, DrawPurpose.State).NextNormal();
        _level = listener.LogSessions;
        _nextWeek = (int)Math.Max(0, (listener.RegisteredAt - WorldClock.HistoryStart) / WorldClock.Week);
        _troubleUntilWeek = 0;
        _sessions = 0;
        _busyUntil = listener.RegisteredAt * Milli;
        _isPaid = listener.StartsPaid;
    }

    public void RunUntil(long instant)
    {
        for (; WorldClock.WeekStart(_nextWeek) < instant; _nextWeek++)
            RunWeek(WorldClock.WeekStart(_nextWeek));
    }

    public Outlook Observe(long instant)
    {
        MusicHistory history = MusicHistory.Before(instant, CollectionsMarshal.AsSpan(Lines), _listener);
        return new Outlook(MusicLaw.LogOdds(history, drifts.TroubleLaw.At(instant)), MusicOffer.Shift(history), MusicOffer.YearlyMargin(history));
    }

    public void End(long instant, bool left)
    {
        int end = Lines.Count;
        while (end > 0 && Lines[end - 1].AtMillis >= instant * Milli)
            end--;
        bool paid = end < Lines.Count ? Lines[end].IsPaid : _isPaid;
        Lines.RemoveRange(end, Lines.Count - end);
        if (!left)
            return;
        LogLine cancel = new()
        {
            AtMillis = instant * Milli,
            Page = Page.Cancel,
            Auth = Auth.LoggedIn,
            IsPaid = paid,
            IsSecondDevice = false,
            Session = _sessions,
            Item = 0,
        };
        Lines.Add(cancel);
        Lines.Add(cancel with { AtMillis = cancel.AtMillis + 1, Page = Page.CancellationConfirmation, Auth = Auth.Cancelled, Item = 1 });
    }

    private void RunWeek(long week)
    {
        var draw = new CounterRandom(_listener.Key, DrawPurpose.Sessions, _nextWeek);
        _mood += 0.30 * draw.NextNormal() - 0.10 * _mood;
        double turn = draw.NextUnit();
        // Another service takes most of the time, for good or for a while.
        if (turn < 0.02)
            _level -= 1.3;
        else if (turn < 0.04)
            _level = _listener.LogSessions;
        if (_nextWeek >= _troubleUntilWeek && draw.NextBool(0.03))
            _troubleUntilWeek = _nextWeek + 3;
        double rate = Math.Exp(Math.Min(_level + _mood, 3)) * Season.OfYear(week) * drifts.Sessions.At(week);
        DrawStarts(week, Math.Min(MostSessions, draw.NextPoisson(Math.Min(rate, MostSessions))), ref draw);
        var mood = new SessionMood(_listener, _nextWeek < _troubleUntilWeek, drifts.Adverts.At(week), drifts.ThumbsDown.At(week), drifts.Errors.At(week));
        var session = new MusicSession(mood, Lines, _isPaid);
        double songs = Math.Min(300, _listener.Songs * drifts.Songs.At(week));
        foreach (long start in _starts)
        {
            int count = 1 + Math.Min(400, (int)(songs * draw.NextExponential()));
            bool registers = _sessions == 0 && _listener.RegisteredAt >= WorldClock.HistoryStart;
            _busyUntil = Milli * 120 + session.Run(Math.Max(start * Milli, _busyUntil), _sessions, count, registers, ref draw);
            _sessions++;
        }
        _isPaid = session.IsPaid;
    }

    private void DrawStarts(long week, int sessions, ref CounterRandom draw)
    {
        _starts.Clear();
        for (int i = 0; i < sessions; i++)
        {
            ulong bits = draw.NextBits();
            long day = Season.DayOfWeek((int)Math.BigMul(bits, (ulong)Season.DayCells, out ulong rest));
            long second = (long)Math.BigMul(rest, (ulong)WorldClock.Hour, out rest);
            long at = week + day * WorldClock.Day + HourOfDay.Of((byte)(rest >>> 56)) * WorldClock.Hour + second;
            if (at > _listener.RegisteredAt)
                _starts.Add(at);
        }
        // Whoever registers listens at once.
        if (_sessions == 0 && _listener.RegisteredAt >= week)
            _starts.Add(_listener.RegisteredAt);
        _starts.Sort();
    }
}
