namespace ChurnEngine.Features;

/// <summary>An aggregate that looks at its rows one by one. One instance a thread and feature: it may keep room between calls.</summary>
internal abstract class RowAggregate
{
    /// <summary>The value; NaN is missing.</summary>
    public abstract double Of(in SelectedRows rows);

    /// <summary>The aggregate of a feature; null when counts and sums give it.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="layout">Its table.</param>
    public static RowAggregate? For(FeatureDefinition feature, TableLayout layout)
    {
        int number = layout.NumberOf(feature.Column, feature.Aggregate is Aggregate.DaysUntil or Aggregate.DaysSince);
        var clock = new LocalClock(layout.TimeZone);
        IdentitySource identity = new(feature.Source.Clock, layout.IdentityOf(feature.Source), clock);
        return feature.Aggregate switch
        {
            Aggregate.RecencyDays => new RecencyAggregate(),
            Aggregate.TenureDays => new TenureAggregate(),
            Aggregate.Latest => new LatestAggregate(number),
            Aggregate.DaysUntil => new InstantAggregate(number, sign: 1),
            Aggregate.DaysSince => new InstantAggregate(number, sign: -1),
            Aggregate.Min or Aggregate.Max or Aggregate.Std or Aggregate.First or Aggregate.Last => new ValueAggregate(feature.Aggregate, number),
            Aggregate.Distinct or Aggregate.Entropy => new VarietyAggregate(feature.Aggregate, identity),
            Aggregate.ActiveDays or Aggregate.StreakDays => new DaysAggregate(feature.Aggregate, clock),
            Aggregate.GapMeanDays or Aggregate.GapStdDays or Aggregate.GapMaxDays => new GapAggregate(feature.Aggregate),
            Aggregate.Slope => new SlopeAggregate(feature, feature.Source.IsNone ? -1 : layout.MeasureOf(feature)),
            Aggregate.Sessions or Aggregate.SessionMinutes or Aggregate.SessionItems or Aggregate.SessionGapDays or Aggregate.SessionShortShare =>
                new SessionAggregate(feature, layout),
            Aggregate.Changes or Aggregate.DaysSinceChange or Aggregate.TimeShare => new ChangeAggregate(feature, identity),
            _ => null,
        };
    }
}

/// <summary>Where an aggregate finds what tells values apart: a column, or a part of the instant.</summary>
internal readonly struct IdentitySource(ClockPart? part, int column, LocalClock clock)
{
    public unsafe long Of(TableStore store, int row) => part is { } p ? clock.Part(p, store.Time[row]) : store.Identities[column][row];
}
