namespace ChurnEngine.Features;

/// <summary>How a value changed over time: how often, how long ago, and how long it was what. Rows without a value are passed over.</summary>
internal sealed class ChangeAggregate : RowAggregate
{
    private readonly Aggregate _aggregate;
    private readonly IdentitySource _source;
    private readonly long[][] _levels;

    public ChangeAggregate(FeatureDefinition feature, IdentitySource source) =>
        (_aggregate, _source, _levels) = (feature.Aggregate, source, [.. feature.Levels.Select(Identity.Candidates)]);

    public override double Of(in SelectedRows rows) => _aggregate switch
    {
        Aggregate.Changes => Changes(rows),
        Aggregate.DaysSinceChange => DaysSinceChange(rows),
        _ => TimeShare(rows),
    };

    private double Changes(in SelectedRows rows)
    {
        int changes = 0;
        long last = Identity.Missing;
        for (int i = 0; i < rows.History.Length; i++)
        {
            long value = _source.Of(rows.Store, rows.History[i]);
            if (value == Identity.Missing)
                continue;
            if (i >= rows.Before && last != Identity.Missing && (_levels.Length == 0 ? value != last : _levels[0].Contains(last) && _levels[1].Contains(value)))
                changes++;
            last = value;
        }
        return changes;
    }

    private double DaysSinceChange(in SelectedRows rows)
    {
        long last = Identity.Missing, changed = long.MinValue;
        foreach (int row in rows.History)
        {
            long value = _source.Of(rows.Store, row);
            if (value == Identity.Missing)
                continue;
            if (last != Identity.Missing && value != last)
                changed = rows.Time(row);
            last = value;
        }
        return changed == long.MinValue ? double.NaN : (rows.AsOf - changed) / (double)Duration.Day;
    }

    // From the begin of the window, or the first row when that is later, to t.
    private double TimeShare(in SelectedRows rows)
    {
        if (rows.History.IsEmpty)
            return double.NaN;
        long start = Math.Max(rows.From, rows.Time(rows.History[0])), at = start, within = 0;
        long last = Identity.Missing;
        foreach (int row in rows.History)
        {
            long value = _source.Of(rows.Store, row);
            if (value == Identity.Missing)
                continue;
            long time = Math.Max(start, rows.Time(row));
            within += _levels[0].Contains(last) ? time - at : 0;
            (at, last) = (time, value);
        }
        within += _levels[0].Contains(last) ? rows.AsOf - at : 0;
        return within / (double)(rows.AsOf - start);
    }
}
