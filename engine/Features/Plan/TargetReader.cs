using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Features;

/// <summary>Reads a `label:` that is a number: <c>target: "sum(amount) within 90d"</c>.</summary>
internal sealed class TargetReader(YamlSource yaml, TimeZoneInfo zone)
{
    public const string Example = "for example target: \"sum(amount) within 90d\"";

    /// <summary>The label with its target and its horizon.</summary>
    /// <param name="map">The mapping under `label`.</param>
    /// <param name="table">Table whose rows are aggregated.</param>
    public LabelRule Read(YamlMappingNode map, PlanTable table)
    {
        if (table.Time is null)
            throw FeaturesErrors.BadCombination(yaml.At(map), $"table '{table.Name}' has no events", "a target looks at a table with `time`");
        YamlNode node = YamlSource.Find(map, "target")!;
        var text = new PlanText(yaml.Text(node, "`target`"), yaml.At(node), "sum(amount) within 90d");
        var target = new FeatureDefinition
        {
            Name = "target",
            Table = table.Name,
            Aggregate = Aggregate.Count,
            Mark = text.Mark,
            Where = YamlSource.Find(map, "where") is { } where ? new FeatureReader(yaml, [table], null).ReadWhere(where, table) : WhereClause.Everything,
        };
        target = ValueReader.Read(target, text, table);
        if (!target.UsesWindow)
            throw FeaturesErrors.NotATarget(text.Mark, target.Value, "it has no window: count, sums, means, distinct values and the like do");
        if (!text.Accepts("within"))
            throw FeaturesErrors.Missing(text.Mark, "the horizon, `within 90d`,", Example);
        LabelRule label = LabelReader.TakeHorizon(text, new LabelRule { Table = table.Name, Mark = yaml.At(map) }, zone);
        if (!text.AtEnd)
            throw text.Error("nothing may follow the horizon");
        if (target.Aggregate == Aggregate.Slope && (label.HorizonMicros % target.Period != 0 || label.HorizonMicros < 2 * target.Period))
            throw FeaturesErrors.NotATarget(text.Mark, target.Value, $"its horizon is two periods of {Duration.Write(target.Period)} or more, and a whole number of them");
        if (YamlSource.Find(map, "scale") is { } scale)
            target = target with { Scale = new FeatureReader(yaml, [table], null).ReadScale(scale) };
        return label with { Target = target with { Window = label.HorizonMicros } };
    }

    /// <summary>Refuses a target that counts the rows by which customers leave: those reach nobody.</summary>
    public static void RefuseChurn(LabelRule label)
    {
        if (label.Target is not { } target || target.Table != label.Table)
            return;
        foreach (WhereClause? where in (WhereClause?[])[target.Where, target.Also])
        {
            if (where is { ExcludesKinds: false } && where.Kinds.FirstOrDefault(label.Kinds.Contains) is { } kind)
                throw FeaturesErrors.NotATarget(target.Mark, target.Value, $"it looks at kind '{kind}', whose rows say who has left: predict that with `churned` alone");
        }
    }
}
