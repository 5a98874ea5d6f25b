using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Features;

/// <summary>Reads `features:`; a feature with several windows becomes one definition a window.</summary>
internal sealed class FeatureReader(YamlSource yaml, PlanTable[] tables, LabelRule? label)
{
    private static readonly string[] s_keys = ["name", "from", "where", "value", "windows", "ratio", "per_day", "unit", "family", "scale", "categories"];
    private static readonly string[] s_aggregates = ["count", "sum", "mean", "recency_days", "tenure_days", "category"];
    private readonly List<FeatureDefinition> _features = [];
    private readonly Dictionary<string, int> _indexByName = new(StringComparer.Ordinal);

    public FeatureDefinition[] Read(YamlNode node)
    {
        foreach (YamlNode item in yaml.Sequence(node, "`features`"))
            ReadFeature(yaml.Mapping(item, "a feature"));
        return _features.Count > 0 ? [.. _features] : throw FeaturesErrors.Missing(yaml.At(node), "a feature", "list at least one feature");
    }

    private void ReadFeature(YamlMappingNode map)
    {
        string name = yaml.NeedText(map, "name", "give the feature a name");
        yaml.OnlyKeys(map, $"feature '{name}'", s_keys);
        var feature = new FeatureDefinition
        {
            Name = name,
            Aggregate = Aggregate.Count,
            Mark = yaml.At(map),
            Unit = yaml.FindText(map, "unit") ?? "",
            Family = yaml.FindText(map, "family") ?? "",
        };
        if (YamlSource.Find(map, "ratio") is { } ratio)
            ReadRatio(feature, map, ratio);
        else
            ReadAggregate(feature, map);
    }

    private void ReadRatio(FeatureDefinition feature, YamlMappingNode map, YamlNode ratio)
    {
        yaml.OnlyKeys(map, $"ratio '{feature.Name}'", "name", "ratio", "per_day", "unit", "family");
        int[] parts = [.. yaml.Sequence(ratio, "`ratio`").Select(FindPart)];
        if (parts.Length != 2)
            throw FeaturesErrors.Syntax(yaml.At(ratio), "`ratio` takes two features", "for example ratio: [plays_7d, plays_30d]");
        bool perDay = YamlSource.Find(map, "per_day") is { } flag && yaml.Flag(flag, "`per_day`");
        foreach (int part in parts)
        {
            if (_features[part].Aggregate == Aggregate.Category)
                throw FeaturesErrors.BadCombination(feature.Mark, $"feature '{_features[part].Name}' is categorical", "a ratio divides numbers");
            if (perDay && _features[part].Window == 0)
                throw FeaturesErrors.BadCombination(feature.Mark, $"`per_day` divides by the window, and feature '{_features[part].Name}' has none", "drop `per_day`, or give it a window");
        }
        Add(feature with { Aggregate = Aggregate.Ratio, Numerator = parts[0], Denominator = parts[1], PerDay = perDay, Unit = feature.Unit.Length > 0 ? feature.Unit : "ratio" });
    }

    private int FindPart(YamlNode node)
    {
        string name = yaml.Text(node, "a feature of a ratio");
        return _indexByName.TryGetValue(name, out int index) ? index : throw FeaturesErrors.UnknownName(yaml.At(node), "feature (a ratio takes features defined above it)", name, _indexByName.Keys);
    }

    private void ReadAggregate(FeatureDefinition feature, YamlMappingNode map)
    {
        if (YamlSource.Find(map, "per_day") is { } flag)
            throw FeaturesErrors.BadCombination(yaml.At(flag), "`per_day` belongs to `ratio`", "drop it");
        PlanTable table = FindTable(feature, map);
        feature = ReadValue(feature, YamlSource.Find(map, "value") ?? throw FeaturesErrors.Missing(feature.Mark, $"`value` of feature '{feature.Name}'", "for example value: count"));
        feature = feature with
        {
            Table = table.Name,
            Where = YamlSource.Find(map, "where") is { } where ? ReadWhere(where, table, feature.Name) : WhereClause.Everything,
            Scale = YamlSource.Find(map, "scale") is { } scale ? ReadScale(scale) : feature.Scale,
            Categories = YamlSource.Find(map, "categories") is { } list ? ReadCategories(list, feature) : null,
            Unit = feature.Unit.Length > 0 ? feature.Unit : UnitOf(feature.Aggregate),
        };
        if (label is { Column.Length: > 0 } && feature.Column == label.Column)
            throw FeaturesErrors.BadCombination(feature.Mark, $"feature '{feature.Name}' is the label column itself", "drop it: it would know the answer");
        if (table.IsStatic && feature.Aggregate is not (Aggregate.Latest or Aggregate.Category))
            throw FeaturesErrors.BadCombination(feature.Mark, $"table '{table.Name}' has no instants, so feature '{feature.Name}' can only be a column or category(column)", "give the table `time` or `valid_from`");
        AddWindows(feature, YamlSource.Find(map, "windows"));
    }

    private PlanTable FindTable(FeatureDefinition feature, YamlMappingNode map)
    {
        if (YamlSource.Find(map, "from") is not { } from)
            return tables.Length == 1 ? tables[0] : throw FeaturesErrors.Missing(feature.Mark, $"`from` of feature '{feature.Name}'", $"name one of the tables {string.Join(", ", tables.Select(t => t.Name))}");
        string name = yaml.Text(from, "`from`");
        return tables.FirstOrDefault(t => t.Name == name) ?? throw FeaturesErrors.UnknownName(yaml.At(from), "table", name, tables.Select(t => t.Name));
    }

    private FeatureDefinition ReadValue(FeatureDefinition feature, YamlNode node)
    {
        var text = new PlanText(yaml.Text(node, "`value`"), yaml.At(node), "count, sum(amount), mean(amount), category(device), recency_days, tenure_days, or a column");
        bool quoted = text.Text.TrimStart().StartsWith('"');
        string word = text.TakeValue();
        if (!text.AtEnd && text.Accepts("("))
        {
            string column = text.TakeValue();
            text.Expect(")");
            if (!text.AtEnd)
                throw text.Error("nothing may follow");
            return word switch
            {
                "sum" => feature with { Aggregate = Aggregate.Sum, Column = column },
                "mean" => feature with { Aggregate = Aggregate.Mean, Column = column },
                "category" => feature with { Aggregate = Aggregate.Category, Column = column },
                _ => throw FeaturesErrors.UnknownName(text.Mark, "aggregate", word, s_aggregates),
            };
        }
        if (!text.AtEnd)
            throw text.Error("nothing may follow");
        return (quoted ? "" : word) switch
        {
            "count" => feature with { Aggregate = Aggregate.Count },
            "recency_days" => feature with { Aggregate = Aggregate.RecencyDays },
            "tenure_days" => feature with { Aggregate = Aggregate.TenureDays },
            "sum" or "mean" or "category" => throw text.Error($"`{word}` needs a column, such as {word}(amount)"),
            _ => feature with { Aggregate = Aggregate.Latest, Column = word },
        };
    }

    private WhereClause ReadWhere(YamlNode node, PlanTable table, string feature)
    {
        var text = new PlanText(yaml.Text(node, "`where`"), yaml.At(node), "kind = play, kind in (play, skip), amount >= 10, joined by `and`");
        WhereClause where = WhereClause.Parse(text, table);
        if (!text.AtEnd)
            throw text.Error("conditions are joined by `and`");
        if (label is not null && label.Table == table.Name && where.Kinds.FirstOrDefault(label.Kinds.Contains) is { } kind)
            throw FeaturesErrors.LabelKindInFeature(text.Mark, feature, kind);
        return where;
    }

    private int ReadScale(YamlNode node) =>
        int.TryParse(yaml.Text(node, "`scale`"), NumberStyles.None, CultureInfo.InvariantCulture, out int scale) && scale <= 9
            ? scale
            : throw FeaturesErrors.Syntax(yaml.At(node), "`scale` is the number of decimals kept in sums, 0 to 9");

    private string[] ReadCategories(YamlNode node, FeatureDefinition feature)
    {
        if (feature.Aggregate != Aggregate.Category)
            throw FeaturesErrors.BadCombination(yaml.At(node), $"feature '{feature.Name}' is not categorical", "drop `categories`, or use value: category(column)");
        return [.. yaml.Sequence(node, "`categories`").Select(c => yaml.Text(c, "a category"))];
    }

    private void AddWindows(FeatureDefinition feature, YamlNode? node)
    {
        if (node is null)
        {
            if (feature.Name.Contains("{w}", StringComparison.Ordinal))
                throw FeaturesErrors.Missing(feature.Mark, $"`windows` of feature '{feature.Name}'", "for example windows: [7, 30, 90]");
            Add(feature);
            return;
        }
        if (!feature.UsesWindow)
            throw FeaturesErrors.BadCombination(yaml.At(node), $"feature '{feature.Name}' takes no windows", "count, sum and mean do");
        YamlNode[] windows = [.. yaml.Sequence(node, "`windows`")];
        if (windows.Length == 0 || (windows.Length > 1 && !feature.Name.Contains("{w}", StringComparison.Ordinal)))
            throw FeaturesErrors.Syntax(yaml.At(node), $"feature '{feature.Name}' needs windows and {{w}} in its name", "for example name: \"plays_{w}d\", windows: [7, 30]");
        string family = feature.Family.Length > 0 ? feature.Family : FamilyOf(feature.Name);
        foreach (YamlNode window in windows)
        {
            long micros = yaml.DurationOf(window, "a window");
            if (micros == 0)
                throw FeaturesErrors.Syntax(yaml.At(window), "a window is longer than nothing");
            string digits = yaml.Text(window, "a window").Trim().TrimEnd('d', 'h');
            Add(feature with { Name = feature.Name.Replace("{w}", digits, StringComparison.Ordinal), Window = micros, Family = family });
        }
    }

    private void Add(FeatureDefinition feature)
    {
        if (!_indexByName.TryAdd(feature.Name, _features.Count))
            throw FeaturesErrors.Duplicate(feature.Mark, "feature", feature.Name);
        _features.Add(feature);
    }

    private static string FamilyOf(string template) =>
        template.Contains("{w}", StringComparison.Ordinal)
            ? template.Replace("_{w}d", "", StringComparison.Ordinal).Replace("_{w}h", "", StringComparison.Ordinal).Replace("{w}d", "", StringComparison.Ordinal).Replace("{w}", "", StringComparison.Ordinal).Trim('_')
            : "";

    private static string UnitOf(Aggregate aggregate) => aggregate switch
    {
        Aggregate.Count => "count",
        Aggregate.RecencyDays or Aggregate.TenureDays => "days",
        _ => "",
    };
}
