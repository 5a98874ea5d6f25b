namespace ChurnEngine.Features;

/// <summary>Number, length, size and spacing of sessions: rows of the same id, or rows without a long silence between them. A row without an id belongs to none.</summary>
internal sealed unsafe class SessionAggregate : RowAggregate
{
    private readonly Aggregate _aggregate;
    private readonly int _identity;
    private readonly long _silence;
    private readonly long _short;
    private readonly List<Session> _sessions = [];
    private readonly Dictionary<long, int> _byId = [];

    public SessionAggregate(FeatureDefinition feature, TableLayout layout) =>
        (_aggregate, _identity, _silence, _short) = (feature.Aggregate, layout.SessionIdentity, layout.Table.SessionGapMicros, feature.Period);

    public override double Of(in SelectedRows rows)
    {
        _sessions.Clear();
        if (_identity >= 0)
            CollectById(rows);
        else
            CollectBySilence(rows);
        if (_aggregate == Aggregate.Sessions)
            return _sessions.Count;
        if (_sessions.Count == 0)
            return double.NaN;
        return _aggregate switch
        {
            Aggregate.SessionItems => _sessions.Sum(session => (long)session.Rows) / (double)_sessions.Count,
            Aggregate.SessionMinutes => _sessions.Sum(session => session.Length) / (double)Duration.Minute / _sessions.Count,
            Aggregate.SessionShortShare => _sessions.Count(session => session.Length < _short) / (double)_sessions.Count,
            _ => MeanGap(),
        };
    }

    private void CollectBySilence(in SelectedRows rows)
    {
        foreach (int row in rows.Window)
        {
            long time = rows.Time(row);
            if (_sessions.Count > 0 && time - _sessions[^1].End < _silence)
                _sessions[^1] = _sessions[^1] with { End = time, Rows = _sessions[^1].Rows + 1 };
            else
                _sessions.Add(new Session(time, time, 1));
        }
    }

    private void CollectById(in SelectedRows rows)
    {
        _byId.Clear();
        foreach (int row in rows.Window)
        {
            long id = rows.Store.Identities[_identity][row], time = rows.Time(row);
            if (id == Identity.Missing)
                continue;
            if (_byId.TryGetValue(id, out int index))
            {
                _sessions[index] = _sessions[index] with { End = time, Rows = _sessions[index].Rows + 1 };
                continue;
            }
            _byId.Add(id, _sessions.Count);
            _sessions.Add(new Session(time, time, 1));
        }
    }

    // Sessions stand in the order of their first rows.
    private double MeanGap()
    {
        if (_sessions.Count < 2)
            return double.NaN;
        long gaps = 0;
        for (int i = 1; i < _sessions.Count; i++)
            gaps += _sessions[i].Start - _sessions[i - 1].End;
        return gaps / (double)Duration.Day / (_sessions.Count - 1);
    }

    private readonly record struct Session(long Start, long End, int Rows)
    {
        public long Length => End - Start;
    }
}
