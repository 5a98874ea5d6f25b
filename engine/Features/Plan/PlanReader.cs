using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Features;

/// <summary>Compiles the part of churn.yaml that belongs to this stage.</summary>
public static class PlanReader
{
    /// <summary>The top-level keys read here; the other keys of churn.yaml belong to other stages and are ignored.</summary>
    public static IReadOnlyList<string> TopLevelKeys { get; } = ["entity", "tables", "features", "label", "extract_at", "time_zone"];

    /// <summary>Reads and compiles a plan.</summary>
    /// <param name="root">The root mapping of the document.</param>
    /// <param name="file">Its file, for errors; relative sources are taken from its folder.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> with file and line.</remarks>
    public static FeaturePlan Read(YamlMappingNode root, string file)
    {
        ArgumentNullException.ThrowIfNull(root);
        var yaml = new YamlSource(file);
        string entity = yaml.NeedText(root, "entity", "name the column that identifies a customer, such as `entity: customer_id`");
        PlanTable[] tables = ReadTables(yaml, root, entity, Path.GetDirectoryName(file) ?? "");
        TimeZoneInfo zone = YamlSource.Find(root, "time_zone") is { } place ? ReadTimeZone(yaml, place) : TimeZoneInfo.Utc;
        LabelRule? label = YamlSource.Find(root, "label") is { } node ? new LabelReader(yaml, tables, zone).Read(node) : null;
        FeatureDefinition[] features = new FeatureReader(yaml, tables, label).Read(
            YamlSource.Find(root, "features") ?? throw FeaturesErrors.Missing(yaml.At(root), "`features`", "list at least one feature"));
        return new FeaturePlan(new PlanParts
        {
            Entity = entity,
            Tables = tables,
            Features = features,
            Label = label,
            ExtractAt = YamlSource.Find(root, "extract_at") is { } at ? ReadInstant(yaml, at, "`extract_at`") : null,
            TimeZone = zone,
            Warnings = label is { Column.Length: > 0 } ? [] : [.. tables.Select(Warn).OfType<string>()],
        });
    }

    private static string? Warn(PlanTable table) => table switch
    {
        { IsStatic: true } =>
            $"table '{table.Name}' says neither `time` nor `valid_from`: its rows are taken as known at every instant, which leaks the future if they ever change",
        { IsStatic: false, Known: null } => $"table '{table.Name}' has no `known` column: every row is taken as known at the moment it happened",
        _ => null,
    };

    private static PlanTable[] ReadTables(YamlSource yaml, YamlMappingNode root, string entity, string folder)
    {
        YamlNode node = YamlSource.Find(root, "tables") ?? throw FeaturesErrors.Missing(yaml.At(root), "`tables`", "name at least one table with its source");
        PlanTable[] tables = [.. yaml.Entries(yaml.Mapping(node, "`tables`")).Select(e => ReadTable(yaml, e.Name, yaml.Mapping(e.Value, $"table '{e.Name}'"), (entity, folder)))];
        return tables.Length > 0 ? tables : throw FeaturesErrors.Missing(yaml.At(node), "a table", "name at least one table with its source");
    }

    private static PlanTable ReadTable(YamlSource yaml, string name, YamlMappingNode map, (string Entity, string Folder) project)
    {
        yaml.OnlyKeys(map, $"table '{name}'", "source", "key", "valid_from", "time", "known", "kind", "columns", "format", "time_unit", "session", "session_gap", "since");
        var table = new PlanTable
        {
            Name = name,
            Key = yaml.FindText(map, "key") ?? project.Entity,
            Source = ReadSource(yaml, name, map, project.Folder),
            Time = yaml.FindText(map, "time"),
            ValidFrom = yaml.FindText(map, "valid_from"),
            Known = yaml.FindText(map, "known"),
            Kind = yaml.FindText(map, "kind"),
            TimeUnit = YamlSource.Find(map, "time_unit") is { } unit ? ReadUnit(yaml, unit) : TimeUnit.None,
            Session = yaml.FindText(map, "session"),
            SessionGapMicros = YamlSource.Find(map, "session_gap") is { } gap ? ReadSessionGap(yaml, gap) : 0,
            Since = YamlSource.Find(map, "since") is { } since ? ReadSince(yaml, since) : new Dictionary<string, long>(),
            Mark = yaml.At(map),
        };
        if (table.Time is not null && table.ValidFrom is not null)
            throw FeaturesErrors.BadCombination(table.Mark, $"table '{name}' has both `time` and `valid_from`", "events have `time`; attributes that change have `valid_from`");
        if (table.Time is null && (table.Session ?? (table.SessionGapMicros > 0 ? "" : null)) is not null)
            throw FeaturesErrors.BadCombination(table.Mark, $"table '{name}' has sessions but no `time`", "sessions are made of events");
        if (table.Session is not null && table.SessionGapMicros > 0)
            throw FeaturesErrors.BadCombination(table.Mark, $"table '{name}' has both `session` and `session_gap`", "a session goes by its id or by silence: keep one");
        if (table.IsStatic && table.Since.Count > 0)
            throw FeaturesErrors.BadCombination(table.Mark, $"table '{name}' has `since` but neither `time` nor `valid_from`", "say when its rows hold");
        if (table.IsStatic && table.Known is not null)
            throw FeaturesErrors.BadCombination(table.Mark, $"table '{name}' has `known` but neither `time` nor `valid_from`", "say when its rows hold");
        return table;
    }

    private static TableSource? ReadSource(YamlSource yaml, string name, YamlMappingNode map, string folder)
    {
        if (yaml.FindText(map, "source") is not { } path)
            return null;
        var columns = new Dictionary<string, string>();
        if (YamlSource.Find(map, "columns") is { } node)
        {
            foreach ((string ours, _, YamlNode theirs) in yaml.Entries(yaml.Mapping(node, "`columns`")))
                columns.Add(ours, yaml.Text(theirs, $"column '{ours}'"));
        }
        return new TableSource
        {
            Name = name,
            Path = path.Contains("://", StringComparison.Ordinal) ? path : Path.Combine(folder, path),
            Format = YamlSource.Find(map, "format") is { } format ? ReadFormat(yaml, format) : FileFormat.Auto,
            Columns = columns,
        };
    }

    private static FileFormat ReadFormat(YamlSource yaml, YamlNode node) => yaml.Text(node, "`format`") switch
    {
        "auto" => FileFormat.Auto,
        "parquet" => FileFormat.Parquet,
        "csv" => FileFormat.Csv,
        "json" => FileFormat.JsonLines,
        "arrow" => FileFormat.Arrow,
        string other => throw FeaturesErrors.UnknownName(yaml.At(node), "format", other, ["auto", "parquet", "csv", "json", "arrow"]),
    };

    private static TimeUnit ReadUnit(YamlSource yaml, YamlNode node) => yaml.Text(node, "`time_unit`") switch
    {
        "s" => TimeUnit.Seconds,
        "ms" => TimeUnit.Milliseconds,
        "us" => TimeUnit.Microseconds,
        string other => throw FeaturesErrors.UnknownName(yaml.At(node), "time unit", other, ["s", "ms", "us"]),
    };

    private static long ReadInstant(YamlSource yaml, YamlNode node, string what) =>
        InstantText.TryParse(yaml.Text(node, what), out long micros)
            ? micros
            : throw FeaturesErrors.Syntax(yaml.At(node), $"{what} is no instant", "write it as 2024-12-31 or 2024-12-31T23:59:59Z");

    private static long ReadSessionGap(YamlSource yaml, YamlNode node) =>
        yaml.DurationOf(node, "`session_gap`") is > 0 and long gap ? gap : throw FeaturesErrors.Syntax(yaml.At(node), "`session_gap` is longer than nothing", "for example session_gap: 30m");

    private static Dictionary<string, long> ReadSince(YamlSource yaml, YamlNode node) =>
        yaml.Entries(yaml.Mapping(node, "`since`")).ToDictionary(entry => entry.Name, entry => ReadInstant(yaml, entry.Value, $"`since` of column '{entry.Name}'"), StringComparer.Ordinal);

    private static TimeZoneInfo ReadTimeZone(YamlSource yaml, YamlNode node)
    {
        string name = yaml.Text(node, "`time_zone`");
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone)
            ? zone
            : throw FeaturesErrors.UnknownName(yaml.At(node), "time zone", name, TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id));
    }
}
