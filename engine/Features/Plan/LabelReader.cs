using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Features;

/// <summary>Reads `label:`.</summary>
internal sealed class LabelReader(YamlSource yaml, PlanTable[] tables, TimeZoneInfo zone)
{
    private const string Example = "for example churned: \"kind = cancel within 30d or inactive 21d\"";

    public LabelRule Read(YamlNode node)
    {
        YamlMappingNode map = yaml.Mapping(node, "`label`");
        return YamlSource.Find(map, "column") is not null ? ReadColumn(map) : YamlSource.Find(map, "target") is not null ? ReadTarget(map) : ReadCondition(map);
    }

    private LabelRule ReadTarget(YamlMappingNode map)
    {
        yaml.OnlyKeys(map, "label", "target", "where", "scale", "gap", "from", "churned", "churned_from");
        LabelRule label = new TargetReader(yaml, zone).Read(map, FindTable(map, "from", t => t.Time is not null)) with { GapMicros = ReadGap(map) };
        if (YamlSource.Find(map, "churned") is { } node)
        {
            // Without a table of its own, the one that the target looks at says who has left.
            PlanTable table = YamlSource.Find(map, "churned_from") is null ? tables.First(t => t.Name == label.Table) : FindTable(map, "churned_from", _ => false);
            LabelRule churned = ReadTerms(node, table);
            if (churned.HasHorizon)
                throw FeaturesErrors.BadCombination(yaml.At(node), "beside a target `churned` says who has left, at any time", "drop its `within`: the horizon is the target's");
            label = churned with { Target = label.Target, HorizonMicros = label.HorizonMicros, Period = label.Period, GapMicros = label.GapMicros };
        }
        else if (YamlSource.Find(map, "churned_from") is { } from)
        {
            throw FeaturesErrors.BadCombination(yaml.At(from), "`churned_from` belongs to `churned`", "drop it");
        }
        TargetReader.RefuseChurn(label);
        return label;
    }

    private LabelRule ReadColumn(YamlMappingNode map)
    {
        yaml.OnlyKeys(map, "label", "column", "positive", "numeric", "from");
        bool isNumber = YamlSource.Find(map, "numeric") is { } numeric && yaml.Flag(numeric, "`numeric`");
        if (isNumber && YamlSource.Find(map, "positive") is { } both)
            throw FeaturesErrors.BadCombination(yaml.At(both), "a numeric label has no value that means churn", "drop `positive`, or `numeric: true`");
        PlanTable table = FindTable(map, "from", t => t.IsStatic);
        if (tables.Length > 1 || !table.IsStatic)
            throw FeaturesErrors.BadCombination(yaml.At(map), "a label column needs a plain table: the only one, without `time` and `valid_from`", Example);
        return new LabelRule
        {
            Table = table.Name,
            Column = yaml.NeedText(map, "column", "name the label's column"),
            IsNumberColumn = isNumber,
            Positive = isNumber ? "" : yaml.NeedText(map, "positive", "name the value that means churn, such as positive: \"Yes\"; or say numeric: true, where it is a number to predict"),
            Mark = yaml.At(map),
        };
    }

    private LabelRule ReadCondition(YamlMappingNode map)
    {
        yaml.OnlyKeys(map, "label", "churned", "gap", "from");
        PlanTable table = FindTable(map, "from", t => t.Time is not null && t.Kind is not null);
        YamlNode node = YamlSource.Find(map, "churned") ?? throw FeaturesErrors.Missing(yaml.At(map), "`churned`", Example);
        LabelRule label = ReadTerms(node, table);
        return label.HasHorizon ? label with { GapMicros = ReadGap(map) } : throw FeaturesErrors.Missing(yaml.At(node), "the horizon, `within 30d`,", Example);
    }

    private long ReadGap(YamlMappingNode map) => YamlSource.Find(map, "gap") is { } gap ? yaml.DurationOf(gap, "`gap`") : 0;

    private LabelRule ReadTerms(YamlNode node, PlanTable table)
    {
        if (table.Time is null)
            throw FeaturesErrors.BadCombination(yaml.At(node), $"table '{table.Name}' has no events", "the label looks at a table with `time`");
        var text = new PlanText(yaml.Text(node, "`churned`"), yaml.At(node), "kind = cancel within 30d or inactive 21d");
        var label = new LabelRule { Table = table.Name, Mark = text.Mark };
        do
            label = ReadTerm(text, table, label);
        while (text.Accepts("or"));
        return text.AtEnd ? label : throw text.Error("terms are joined by `or`");
    }

    private LabelRule ReadTerm(PlanText text, PlanTable table, LabelRule label)
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
        LabelRule horizon = TakeHorizon(text, label with { HorizonMicros = 0, Period = null }, zone);
        return !label.HasHorizon || horizon.Horizon == label.Horizon ? horizon : throw text.Error("there is one horizon");
    }

    /// <summary>Takes what follows `within`: 30d, or next month.</summary>
    public static LabelRule TakeHorizon(PlanText text, LabelRule label, TimeZoneInfo zone)
    {
        if (!text.Accepts("next"))
            return label with { HorizonMicros = text.TakeDuration() };
        string word = text.Take("a calendar period such as month");
        return label with { Period = CalendarPeriod.Find(word, zone) ?? throw FeaturesErrors.UnknownName(text.Mark, "calendar period", word, CalendarPeriod.Words) };
    }

    private PlanTable FindTable(YamlMappingNode map, string key, Func<PlanTable, bool> fits)
    {
        if (YamlSource.Find(map, key) is { } from)
        {
            string name = yaml.Text(from, $"`{key}`");
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
