using System.Globalization;
using ChurnEngine.Features;

namespace ChurnEngine.Bench.Peers;

/// <summary>A plan's features as one SQL statement, as someone who knows DuckDB would write it: one scan and one aggregation a table, then joins.</summary>
/// <remarks>Covers plans with a cancellation label, event tables and attribute tables of one row a customer; anything else is refused, not approximated.</remarks>
internal static class PlanSql
{
    private const string Day = "86400000000";

    /// <summary>Selects the key and the features of everybody at risk at an instant.</summary>
    /// <param name="plan">What to compute.</param>
    /// <param name="source">SQL for a table of the plan: a name, or a quoted file pattern.</param>
    /// <param name="asOf">Microseconds since 1970 UTC.</param>
    public static string Select(FeaturePlan plan, Func<PlanTable, string> source, long asOf)
    {
        LabelRule label = plan.Label is { Kinds.Count: > 0, InactiveMicros: 0 } rule ? rule : throw Refuse("a label other than an event's kind");
        PlanTable customers = plan.Tables.FirstOrDefault(table => table.ValidFrom is not null) ?? throw Refuse("a plan without a table that says since when a customer is one");
        FeatureDefinition[] features = plan.Definitions;
        string joins = string.Concat(plan.Tables.Where(table => table != customers).Select(table =>
            $"LEFT JOIN ({Aggregate(table, features, label, source(table), asOf)}) {Quote(table.Name)} ON {Quote(table.Name)}.key = c.{Quote(customers.Key)}\n"));
        string values = string.Join(", ", features.Select(feature => Value(feature, customers, asOf)));
        string outputs = string.Join(", ", features.Select(feature => Output(feature, features)));
        return $"""
            WITH base AS (SELECT c.{Quote(customers.Key)} AS key, {values}
            FROM {source(customers)} c
            {joins}WHERE c.{Quote(customers.ValidFrom!)} < {Instant(asOf)}{(customers.Known is null ? "" : $" AND c.{Quote(customers.Known)} <= {Instant(asOf)}")} AND coalesce({Quote(label.Table)}.left_before, 0) = 0)
            SELECT key, {outputs} FROM base
            """;
    }

    private static string Aggregate(PlanTable table, FeatureDefinition[] features, LabelRule label, string source, long asOf)
    {
        FeatureDefinition[] own = [.. features.Where(feature => feature.Table == table.Name)];
        string time = Quote(table.Time ?? throw Refuse($"table '{table.Name}' without instants"));
        List<string> columns = [.. own.Select(feature => $"{Aggregated(feature, table, asOf)} AS {Quote(feature.Name)}")];
        if (label.Table == table.Name)
            columns.Add($"count(*) FILTER ({Quote(table.Kind!)} IN ({Texts(label.Kinds)})) AS left_before");
        string known = table.Known is null ? "" : $" AND {Quote(table.Known)} <= {Instant(asOf)}";
        // Where every feature has a window, older rows need not be read; a cancellation or a recency may be of any age.
        bool bounded = label.Table != table.Name && own.All(feature => feature.UsesWindow && feature.Window > 0);
        string since = bounded ? $" AND {time} >= {Instant(asOf - own.Max(feature => feature.Window))}" : "";
        return $"SELECT {Quote(table.Key)} AS key, {string.Join(", ", columns)} FROM {source} WHERE {time} < {Instant(asOf)}{known}{since} GROUP BY {Quote(table.Key)}";
    }

    private static string Aggregated(FeatureDefinition feature, PlanTable table, long asOf)
    {
        string time = Quote(table.Time!), filter = Filter(feature, table, asOf);
        return feature.Aggregate switch
        {
            Features.Aggregate.Count => $"count(*){filter}",
            Features.Aggregate.Sum => $"sum({Quote(feature.Column)}){filter}",
            Features.Aggregate.Mean => $"avg({Quote(feature.Column)}){filter}",
            Features.Aggregate.RecencyDays => $"max({time}){filter}",
            _ => throw Refuse($"feature '{feature.Name}' ({feature.Aggregate}) over events"),
        };
    }

    private static string Filter(FeatureDefinition feature, PlanTable table, long asOf)
    {
        if (feature.Where.ExcludesKinds || feature.Where.Conditions.Any(condition => condition is not NumericCondition) || feature.Adjustment != Adjustment.None)
            throw Refuse($"the condition or adjustment of feature '{feature.Name}'");
        List<string> parts = [.. feature.Where.Conditions.Select(condition => condition.ToString())];
        if (feature.Where.Kinds.Length > 0)
            parts.Add($"{Quote(table.Kind!)} IN ({Texts(feature.Where.Kinds)})");
        if (feature.Window > 0)
            parts.Add($"{Quote(table.Time!)} >= {Instant(asOf - feature.Window)}");
        return parts.Count == 0 ? "" : $" FILTER ({string.Join(" AND ", parts)})";
    }

    private static string Value(FeatureDefinition feature, PlanTable customers, long asOf)
    {
        bool attribute = feature.Table == customers.Name;
        string column = attribute ? $"c.{Quote(feature.Column)}" : $"{Quote(feature.Table)}.{Quote(feature.Name)}";
        string value = feature.Aggregate switch
        {
            Features.Aggregate.Count or Features.Aggregate.Sum => $"coalesce({column}, 0)",
            Features.Aggregate.Mean => column,
            Features.Aggregate.RecencyDays => Days(column, asOf),
            Features.Aggregate.TenureDays when attribute => Days($"c.{Quote(customers.ValidFrom!)}", asOf),
            Features.Aggregate.Latest or Features.Aggregate.Category when attribute => column,
            Features.Aggregate.Ratio => "0",
            _ => throw Refuse($"feature '{feature.Name}' ({feature.Aggregate})"),
        };
        return $"{value} AS {Quote(feature.Name)}";
    }

    private static string Output(FeatureDefinition feature, FeatureDefinition[] features)
    {
        if (feature.Aggregate == Features.Aggregate.Category)
            return Quote(feature.Name);
        if (feature.Aggregate != Features.Aggregate.Ratio)
            return $"{Quote(feature.Name)}::FLOAT AS {Quote(feature.Name)}";
        FeatureDefinition above = features[feature.Numerator], below = features[feature.Denominator];
        string Part(FeatureDefinition part) => feature.PerDay ? $"({Quote(part.Name)} / {part.Window}::DOUBLE * {Day})" : $"{Quote(part.Name)}::DOUBLE";
        return $"({Part(above)} / nullif({Part(below)}, 0))::FLOAT AS {Quote(feature.Name)}";
    }

    private static string Days(string instant, long asOf) => $"({asOf.ToString(CultureInfo.InvariantCulture)} - epoch_us({instant}))::DOUBLE / {Day}";

    // A literal of the column's own type, so that files can be skipped by their statistics.
    private static string Instant(long micros) =>
        $"TIMESTAMPTZ '{DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'";

    private static string Texts(IEnumerable<string> values) => string.Join(", ", values.Select(value => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'"));

    private static string Quote(string name) => WhereClause.Quote(name);

    private static BenchException Refuse(string what) => new($"{what} is not written as SQL yet", "extend PlanSql in bench/Peers/Featurize");
}
