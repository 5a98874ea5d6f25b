using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Features;

/// <summary>Reads `label:`.</summary>
internal sealed class LabelReader(YamlSource yaml, PlanTable[] tables)
{
    private const string Example = "for example churned: \"kind = cancel within 30d or inactive 21d\"";

    public LabelRule Read(YamlNode node)
    {
        YamlMappingNode map = yaml.Mapping(node, "`label`");
        return YamlSource.Find(map, "column") is not null ? ReadColumn(map) : ReadCondition(map);
    }

    private LabelRule ReadColumn(YamlMappingNode map)
    {
        yaml.OnlyKeys(map, "label", "column", "positive", "from");
        PlanTable table = FindTable(map, t => t.IsStatic);
        if (tables.Length > 1 || !table.IsStatic)
            throw FeaturesErrors.BadCombination(yaml.At(map), "a label column needs a plain table: the only one, without `time` and `valid_from`", Example);
        return new LabelRule
        {
            Table = table.Name,
            Column = yaml.NeedText(map, "column", "name the label's column"),
            Positive = yaml.NeedText(map, "positive", "name the value that means churn, such as positive: \"Yes\""),
            Mark = yaml.At(map),
        };
    }

    private LabelRule ReadCondition(YamlMappingNode map)
    {
        yaml.OnlyKeys(map, "label", "churned", "gap", "from");
        PlanTable table = FindTable(map, t => t.Time is not null && t.Kind is not null);
        if (table.Time is null)
            throw FeaturesErrors.BadCombination(yaml.At(map), $"table '{table.Name}' has no events", "the label looks at a table with `time`");
        YamlNode node = YamlSource.Find(map, "churned") ?? throw FeaturesErrors.Missing(yaml.At(map), "`churned`", Example);
        var text = new PlanText(yaml.Text(node, "`churned`"), yaml.At(node), "kind = cancel within 30d or inactive 21d");
        var label = new LabelRule { Table = table.Name, Mark = text.Mark };
        do
            label = ReadTerm(text, table, label);
        while (text.Accepts("or"));
        if (!text.AtEnd)
            throw text.Error("terms are joined by `or`");
        if (label.HorizonMicros == 0)
            throw FeaturesErrors.Missing(text.Mark, "the horizon, `within 30d`,", Example);
        return label with { GapMicros = YamlSource.Find(map, "gap") is { } gap ? yaml.DurationOf(gap, "`gap`") : 0 };
    }

    private static LabelRule ReadTerm(PlanText text, PlanTable table, LabelRule label)
    {
        if (text.Accepts("inactive"))
        {
            if (label.InactiveMicros > 0)
                throw text.Error("`inactive` is said twice");
            label = label with { InactiveMicros = text.TakeDuration() };
        }
        else
        {
            WhereClause where = WhereClause.Parse(text, table);
            if (where.ExcludesKinds || where.Canonical.Length == 0 || label.HasEvents)
                throw text.Error("a label names its rows, once: kind = cancel, kind in (a, b), or status = left");
            label = label with { Kinds = where.Kinds, Conditions = where.Conditions };
        }
        if (!text.Accepts("within"))
            return label;
        long horizon = text.TakeDuration();
        return label.HorizonMicros is 0 || label.HorizonMicros == horizon
            ? label with { HorizonMicros = horizon }
            : throw text.Error("there is one horizon");
    }

    private PlanTable FindTable(YamlMappingNode map, Func<PlanTable, bool> fits)
    {
        if (YamlSource.Find(map, "from") is { } from)
        {
            string name = yaml.Text(from, "`from`");
            return tables.FirstOrDefault(t => t.Name == name) ?? throw FeaturesErrors.UnknownName(yaml.At(from), "table", name, tables.Select(t => t.Name));
        }
        PlanTable[] fitting = [.. tables.Where(fits)];
        if (fitting.Length != 1)
            fitting = [.. tables.Where(t => t.Time is not null)];
        return fitting.Length == 1
            ? fitting[0]
            : throw FeaturesErrors.Missing(yaml.At(map), "`from` of the label", $"name the table that it looks at: {string.Join(", ", tables.Select(t => t.Name))}");
    }
}
