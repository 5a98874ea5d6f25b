using System.Globalization;

namespace ChurnEngine.Features.Tests.Oracle;

/// <summary>A feature's definition as SQL over an <see cref="OracleWorld"/>, written feature by feature from the words of the plan language, not from our code's way.</summary>
internal static class FeatureSql
{
    private const string Day = "86400000000.0::DOUBLE";

    /// <summary>SQL that gives (customer_id, value) of one feature; customers without a row are absent.</summary>
    /// <param name="feature">A feature over events.</param>
    /// <param name="events">Quoted path of the events.</param>
    /// <param name="asOf">Microseconds.</param>
    public static string Of(FeatureDefinition feature, string events, long asOf)
    {
        string t = Text(asOf), from = Text(feature.Window == 0 ? long.MinValue : asOf - feature.Window);
        // history: rows that the feature selects and may see; h: with a for its instant and w for being in the window.
        string history = $"""
            WITH h AS (SELECT *, epoch_us(event_at) AS a, epoch_us(event_at) >= {from} AS w FROM {events}
                WHERE epoch_us(event_at) < {t} AND epoch_us(ingested_at) <= {t} AND event_type <> 'cancel' AND {Where(feature.Where)}), r AS (SELECT * FROM h WHERE w)
            """;
        string v = Column(feature.Source);
        return history + feature.Aggregate switch
        {
            Aggregate.Count => Grouped("count(*)"),
            Aggregate.ActiveDays => Grouped("count(DISTINCT a // 86400000000)"),
            Aggregate.StreakDays => "SELECT customer_id, max(n) FROM (SELECT customer_id, count(*) AS n FROM (SELECT customer_id, d, d - row_number() OVER (PARTITION BY customer_id ORDER BY d) AS island FROM (SELECT DISTINCT customer_id, a // 86400000000 AS d FROM r)) GROUP BY customer_id, island) GROUP BY customer_id",
            Aggregate.Sum => Grouped($"coalesce(sum(CAST({v} AS DECIMAL(18,4))), 0)"),
            Aggregate.Mean => Grouped($"sum(CAST({v} AS DECIMAL(18,4)))::DOUBLE / count({v})"),
            Aggregate.Min => Grouped($"min({v})"),
            Aggregate.Max => Grouped($"max({v})"),
            Aggregate.Std => Grouped($"stddev_samp({v})"),
            Aggregate.First => Grouped($"arg_min({v}, a)"),
            Aggregate.Last => Grouped($"arg_max({v}, a)"),
            Aggregate.Distinct => Grouped($"count(DISTINCT {v})"),
            Aggregate.Entropy => $"SELECT customer_id, -sum(p * log2(p)) FROM (SELECT customer_id, count(*) / sum(count(*)) OVER (PARTITION BY customer_id) AS p FROM r WHERE {v} IS NOT NULL GROUP BY customer_id, {v}) GROUP BY customer_id",
            Aggregate.Share => Grouped($"count(*) FILTER ({Where(feature.Also!)})::DOUBLE / count(*)"),
            Aggregate.RecencyDays => Grouped($"({t} - max(a)) / {Day}"),
            Aggregate.TenureDays => Grouped($"({t} - min(a)) / {Day}"),
            Aggregate.GapMeanDays => Gaps("avg(g)"),
            Aggregate.GapStdDays => Gaps("stddev_samp(g)"),
            Aggregate.GapMaxDays => Gaps("max(g)"),
            Aggregate.Slope => Slope(feature, v, from),
            Aggregate.Sessions or Aggregate.SessionMinutes or Aggregate.SessionItems or Aggregate.SessionGapDays or Aggregate.SessionShortShare => Sessions(feature),
            Aggregate.Changes => $"SELECT customer_id, count(*) FILTER (w AND {Changed(feature)}) FROM (SELECT customer_id, a, w, {v} AS v, lag({v}) OVER (PARTITION BY customer_id ORDER BY a) AS before FROM h WHERE {v} IS NOT NULL) GROUP BY customer_id",
            Aggregate.DaysSinceChange => $"SELECT customer_id, ({t} - max(a) FILTER (v <> before)) / {Day} FROM (SELECT customer_id, a, {v} AS v, lag({v}) OVER (PARTITION BY customer_id ORDER BY a) AS before FROM h WHERE {v} IS NOT NULL) GROUP BY customer_id",
            Aggregate.TimeShare => TimeShare(feature, v, t, from),
            Aggregate.Latest => $"SELECT customer_id, v FROM (SELECT customer_id, {v} AS v, row_number() OVER (PARTITION BY customer_id ORDER BY a DESC) AS n FROM h) WHERE n = 1",
            _ => throw new ArgumentOutOfRangeException(nameof(feature)),
        };
    }

    private static string Grouped(string value) => $"SELECT customer_id, ({value})::DOUBLE FROM r GROUP BY customer_id";

    private static string Gaps(string value) =>
        $"SELECT customer_id, {value} FROM (SELECT customer_id, (a - lag(a) OVER (PARTITION BY customer_id ORDER BY a)) / {Day} AS g FROM r) GROUP BY customer_id";

    private static string Changed(FeatureDefinition feature) =>
        feature.Levels.Count == 0 ? "v <> before" : $"before = {Literal(feature.Levels[0])} AND v = {Literal(feature.Levels[1])}";

    private static string Slope(FeatureDefinition feature, string v, string from)
    {
        string total = feature.Source.IsNone ? "count(r.a)" : $"coalesce(sum(CAST(r.{v} AS DECIMAL(18,4))), 0)";
        return $"""
            SELECT customer_id, regr_slope(y, x) FROM (SELECT c.customer_id, p.x, ({total})::DOUBLE AS y FROM (SELECT DISTINCT customer_id FROM r) c
                CROSS JOIN (SELECT unnest(generate_series(0, {feature.Window / feature.Period - 1})) AS x) p
                LEFT JOIN r ON r.customer_id = c.customer_id AND (r.a - {from}) // {feature.Period} = p.x GROUP BY c.customer_id, p.x) GROUP BY customer_id
            """;
    }

    private static string Sessions(FeatureDefinition feature)
    {
        string value = feature.Aggregate switch
        {
            Aggregate.Sessions => "count(*)",
            Aggregate.SessionMinutes => "avg(z - b) / 60000000.0",
            Aggregate.SessionItems => "avg(n)",
            Aggregate.SessionShortShare => $"avg(CASE WHEN z - b < {feature.Period} THEN 1.0 ELSE 0 END)",
            _ => $"avg(b - ended) / {Day}",
        };
        return $"""
            , s AS (SELECT customer_id, min(a) AS b, max(a) AS z, count(*) AS n FROM r WHERE session_id IS NOT NULL GROUP BY customer_id, session_id)
            SELECT customer_id, ({value})::DOUBLE FROM (SELECT *, lag(z) OVER (PARTITION BY customer_id ORDER BY b) AS ended FROM s) GROUP BY customer_id
            """;
    }

    private static string TimeShare(FeatureDefinition feature, string v, string t, string from) => $"""
        , edge AS (SELECT customer_id, greatest(min(a), {from}) AS start FROM h GROUP BY customer_id),
        span AS (SELECT h.customer_id, {v} AS v, greatest(a, start) AS b, start, lead(greatest(a, start), 1, {t}) OVER (PARTITION BY h.customer_id ORDER BY a) AS z FROM h JOIN edge ON edge.customer_id = h.customer_id WHERE {v} IS NOT NULL)
        SELECT edge.customer_id, coalesce(sum(z - b) FILTER (v = {Literal(feature.Levels[0])}), 0)::DOUBLE / ({t} - any_value(edge.start)) FROM edge LEFT JOIN span ON span.customer_id = edge.customer_id GROUP BY edge.customer_id
        """;

    /// <summary>A condition; a missing value meets none.</summary>
    public static string Where(WhereClause where)
    {
        List<string> parts = ["true"];
        if (where.Kinds.Length > 0)
            parts.Add($"event_type {(where.ExcludesKinds ? "NOT IN" : "IN")} ({string.Join(", ", where.Kinds.Select(Literal))})");
        parts.AddRange(where.Conditions.Where(condition => condition is not KindPresent).Select(condition => condition switch
        {
            TextCondition text => Texts(text),
            ClockCondition clock => clock.ToString().Replace("hour", "(epoch_us(event_at) // 3600000000 % 24)", StringComparison.Ordinal).Replace("weekday", "isodow(event_at AT TIME ZONE 'UTC')", StringComparison.Ordinal),
            _ => condition.ToString(),
        }));
        return string.Join(" AND ", parts.Select(part => $"coalesce({part}, false)"));
    }

    private static string Column(ColumnRef source) => source switch
    {
        { Clock: ClockPart.Hour } => "(a // 3600000000 % 24)",
        { Clock: ClockPart.Weekday } => "isodow(event_at AT TIME ZONE 'UTC')",
        { Function: "os" } => "CASE WHEN agent LIKE '%iPhone%' THEN 'ios' WHEN agent LIKE '%Windows%' THEN 'windows' WHEN agent LIKE '%Mac OS X%' THEN 'macos' END",
        { Name: "level" } => "nullif(trim(level), '')",
        _ => string.IsNullOrEmpty(source.Name) ? "NULL" : source.Name,
    };

    // Blank text is missing; the column's own quotes go, those of the texts become SQL's.
    private static string Texts(TextCondition text) =>
        $"nullif(trim({text.Column}), '') {text.ToString()[(text.Column.Length + 3)..].Replace('"', '\'')}";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Text(long value) => value == long.MinValue ? "(-9223372036854775807)" : value.ToString(CultureInfo.InvariantCulture);
}
