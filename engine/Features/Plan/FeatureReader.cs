using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Features;

/// <summary>Reads `features:`; a feature with several windows becomes one definition a window.</summary>
internal sealed class FeatureReader(YamlSource yaml, PlanTable[] tables, LabelRule? label)
{
    private static readonly string[] s_keys = ["name", "from", "where", "value", "windows", "ratio", "difference", "expr", "rank", "quantile", "parts", "per_day", "unit", "family", "scale", "categories", .. AdjustmentReader.Keys];
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
            Adjustment = new AdjustmentReader(yaml).Read(map),
        };
        if (DerivedReader.FormOf(map) is { } form)
            Add(new DerivedReader(yaml, _features, _indexByName).Read(feature, map, form));
        else
            ReadAggregate(feature, map);
    }

    private void ReadAggregate(FeatureDefinition feature, YamlMappingNode map)
    {
        if (YamlSource.Find(map, "per_day") is { } flag)
            throw FeaturesErrors.BadCombination(yaml.At(flag), "`per_day` belongs to `ratio` and `difference`", "drop it");
        PlanTable table = FindTable(feature, map);
        feature = feature with { Table = table.Name };
        feature = new ValueReader(yaml).Read(feature, YamlSource.Find(map, "value") ?? throw FeaturesErrors.Missing(feature.Mark, $"`value` of feature '{feature.Name}'", "for example value: count"), table);
        feature = feature with
        {
            Where = YamlSource.Find(map, "where") is { } where ? ReadWhere(where, table) : WhereClause.Everything,
            Scale = YamlSource.Find(map, "scale") is { } scale ? ReadScale(scale) : feature.Scale,
            Categories = YamlSource.Find(map, "categories") is { } list ? ReadCategories(list, feature) : null,
            Unit = feature.Unit.Length > 0 ? feature.Unit : AggregateForm.Of(feature.Aggregate)?.Unit ?? "",
        };
        RefuseTheLabel(feature, table);
        if (feature.Aggregate == Aggregate.Category && feature.Adjustment != Adjustment.None)
            throw FeaturesErrors.BadCombination(feature.Mark, $"feature '{feature.Name}' is categorical", "outliers, clip and impute are for numbers; a missing text is a category of its own to the trainer");
        if (YamlSource.Find(map, "parts") is { } parts)
            throw FeaturesErrors.BadCombination(yaml.At(parts), "`parts` belongs to `quantile`", "drop it");
        AddWindows(feature, YamlSource.Find(map, "windows"));
    }

    private PlanTable FindTable(FeatureDefinition feature, YamlMappingNode map)
    {
        if (YamlSource.Find(map, "from") is not { } from)
            return tables.Length == 1 ? tables[0] : throw FeaturesErrors.Missing(feature.Mark, $"`from` of feature '{feature.Name}'", $"name one of the tables {string.Join(", ", tables.Select(t => t.Name))}");
        string name = yaml.Text(from, "`from`");
        return tables.FirstOrDefault(t => t.Name == name) ?? throw FeaturesErrors.UnknownName(yaml.At(from), "table", name, tables.Select(t => t.Name));
    }

    /// <summary>Reads `where`.</summary>
    public WhereClause ReadWhere(YamlNode node, PlanTable table)
    {
        var text = new PlanText(yaml.Text(node, "`where`"), yaml.At(node), WhereClause.Example);
        WhereClause where = WhereClause.Parse(text, table);
        return text.AtEnd ? where : throw text.Error("conditions are joined by `and`");
    }

    // A feature that names what the label looks at would know the answer.
    private void RefuseTheLabel(FeatureDefinition feature, PlanTable table)
    {
        if (label is null || label.Table != table.Name)
            return;
        foreach (WhereClause? where in (WhereClause?[])[feature.Where, feature.Also])
        {
            if (where is { ExcludesKinds: false } && where.Kinds.FirstOrDefault(label.Kinds.Contains) is { } kind)
                throw FeaturesErrors.LabelKindInFeature(feature.Mark, feature.Name, kind);
        }
        if (label is { Column.Length: > 0 } && feature.Column == label.Column && table.IsStatic)
            throw FeaturesErrors.BadCombination(feature.Mark, $"feature '{feature.Name}' is the label column itself", "drop it: it would know the answer");
    }

    /// <summary>Reads `scale`.</summary>
    public int ReadScale(YamlNode node) =>
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
            if (feature.Aggregate == Aggregate.Slope)
                throw FeaturesErrors.Missing(feature.Mark, $"`windows` of feature '{feature.Name}'", "a slope looks at the periods of a window, for example value: slope(7d), windows: [28]");
            Add(feature);
            return;
        }
        if (!feature.UsesWindow)
            throw FeaturesErrors.BadCombination(yaml.At(node), $"feature '{feature.Name}' takes no windows", "counts, sums and the like do; recency, tenure and what the latest row says do not");
        YamlNode[] windows = [.. yaml.Sequence(node, "`windows`")];
        if (windows.Length == 0 || (windows.Length > 1 && !feature.Name.Contains("{w}", StringComparison.Ordinal)))
            throw FeaturesErrors.Syntax(yaml.At(node), $"feature '{feature.Name}' needs windows and {{w}} in its name", "for example name: \"plays_{w}d\", windows: [7, 30]");
        string family = feature.Family.Length > 0 ? feature.Family : FamilyOf(feature.Name);
        foreach (YamlNode window in windows)
        {
            long micros = yaml.DurationOf(window, "a window");
            if (micros == 0)
                throw FeaturesErrors.Syntax(yaml.At(window), "a window is longer than nothing");
            if (feature.Aggregate == Aggregate.Slope && (micros % feature.Period != 0 || micros < 2 * feature.Period))
                throw FeaturesErrors.Syntax(yaml.At(window), $"the window of a slope is two periods of {Duration.Write(feature.Period)} or more, and a whole number of them");
            string digits = yaml.Text(window, "a window").Trim().TrimEnd('d', 'h', 'm');
            Add(feature with { Name = feature.Name.Replace("{w}", digits, StringComparison.Ordinal), Window = micros, Family = family });
        }
    }

    private bool IsOfPopulation(int feature) => _features[feature].UsesPopulation || _features[feature].Inputs.Any(IsOfPopulation);

    private void Add(FeatureDefinition feature)
    {
        // The population's values are collected in one pass, so none may rest on another.
        if (feature.UsesPopulation && feature.Inputs.Any(IsOfPopulation))
            throw FeaturesErrors.BadCombination(feature.Mark, $"feature '{feature.Name}' looks at the whole population, and so does '{_features[feature.Inputs.First(IsOfPopulation)].Name}', which it is made of", "rank, winsorise or flag what that one is made of");
        if (!_indexByName.TryAdd(feature.Name, _features.Count))
            throw FeaturesErrors.Duplicate(feature.Mark, "feature", feature.Name);
        _features.Add(feature);
    }

    private static string FamilyOf(string template) =>
        template.Contains("{w}", StringComparison.Ordinal)
            ? template.Replace("_{w}d", "", StringComparison.Ordinal).Replace("_{w}h", "", StringComparison.Ordinal).Replace("{w}d", "", StringComparison.Ordinal).Replace("{w}", "", StringComparison.Ordinal).Trim('_')
            : "";
}
