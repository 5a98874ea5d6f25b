using System.Text;

namespace ChurnEngine.Features;

/// <summary>Writes a plan: as canonical text, which is hashed, and as YAML, which goes into the model.</summary>
internal static class PlanWriter
{
    public static string CanonicalText(PlanParts plan)
    {
        var text = new StringBuilder("churn-plan 1\n").Append("entity ").Append(Quote(plan.Entity)).Append('\n');
        foreach (PlanTable table in plan.Tables)
            text.Append("table ").AppendJoin(' ', TableParts(table).Prepend(Quote(table.Name))).Append('\n');
        if (plan.TimeZone.Id != TimeZoneInfo.Utc.Id)
            text.Append("time_zone ").Append(Quote(plan.TimeZone.Id)).Append('\n');
        foreach (FeatureDefinition feature in plan.Features)
            text.Append("feature ").AppendJoin(' ', FeatureParts(plan, feature, withCategories: false)).Append('\n');
        if (plan.Label is { } label)
            text.Append("label ").AppendJoin(' ', LabelParts(label)).Append('\n');
        return text.ToString();
    }

    public static string Yaml(PlanParts plan)
    {
        var text = new StringBuilder("entity: ").Append(Quote(plan.Entity)).Append("\ntables:\n");
        foreach (PlanTable table in plan.Tables)
            text.Append("  ").Append(Quote(table.Name)).Append(": { ").AppendJoin(", ", TableParts(table)).Append(" }\n");
        if (plan.TimeZone.Id != TimeZoneInfo.Utc.Id)
            text.Append("time_zone: ").Append(Quote(plan.TimeZone.Id)).Append('\n');
        text.Append("features:\n");
        foreach (FeatureDefinition feature in plan.Features)
            text.Append("  - { ").AppendJoin(", ", FeatureParts(plan, feature, withCategories: true)).Append(" }\n");
        if (plan.Label is { } label)
            text.Append("label: { ").AppendJoin(", ", LabelParts(label)).Append(" }\n");
        return text.ToString();
    }

    private static IEnumerable<string> TableParts(PlanTable table)
    {
        yield return Pair("key", table.Key);
        if (table.Time is not null)
            yield return Pair("time", table.Time);
        if (table.ValidFrom is not null)
            yield return Pair("valid_from", table.ValidFrom);
        if (table.Known is not null)
            yield return Pair("known", table.Known);
        if (table.Kind is not null)
            yield return Pair("kind", table.Kind);
        if (table.Session is not null)
            yield return Pair("session", table.Session);
        if (table.SessionGapMicros > 0)
            yield return Pair("session_gap", Duration.Write(table.SessionGapMicros));
        if (table.Since.Count > 0)
            yield return $"since: {{ {string.Join(", ", table.Since.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{Quote(s.Key)}: {Quote(Columns.InstantText.Format(s.Value))}"))} }}";
        if (table.TimeUnit != TimeUnit.None)
            yield return Pair("time_unit", table.TimeUnit switch { TimeUnit.Seconds => "s", TimeUnit.Milliseconds => "ms", _ => "us" });
    }

    private static IEnumerable<string> FeatureParts(PlanParts plan, FeatureDefinition feature, bool withCategories)
    {
        yield return Pair("name", feature.Name);
        if (feature.IsDerived)
        {
            foreach (string part in DerivedParts(plan, feature))
                yield return part;
        }
        else
        {
            yield return Pair("from", feature.Table);
            if (feature.Where.Canonical.Length > 0)
                yield return Pair("where", feature.Where.Canonical);
            yield return Pair("value", feature.Value);
            if (feature.Window > 0)
                yield return $"windows: [{Duration.Write(feature.Window)}]";
            if (feature.UsesMeasure)
                yield return $"scale: {feature.Scale}";
        }
        foreach (string part in feature.Adjustment.Parts())
            yield return part;
        if (feature.Unit.Length > 0)
            yield return Pair("unit", feature.Unit);
        if (feature.Family.Length > 0)
            yield return Pair("family", feature.Family);
        if (withCategories && feature.Categories is not null)
            yield return $"categories: [{string.Join(", ", feature.Categories.Select(Quote))}]";
    }

    private static IEnumerable<string> DerivedParts(PlanParts plan, FeatureDefinition feature)
    {
        string Name(int index) => plan.Features[index].Name;
        switch (feature.Aggregate)
        {
            case Aggregate.Expression:
                yield return Pair("expr", feature.Expression!.Text(Name));
                break;
            case Aggregate.Rank:
                yield return Pair("rank", Name(feature.Inputs[0]));
                break;
            case Aggregate.Quantile:
                yield return Pair("quantile", Name(feature.Inputs[0]));
                yield return $"parts: {feature.Parts}";
                break;
            default:
                yield return $"{(feature.Aggregate == Aggregate.Ratio ? "ratio" : "difference")}: [{Quote(Name(feature.Numerator))}, {Quote(Name(feature.Denominator))}]";
                if (feature.PerDay)
                    yield return "per_day: true";
                break;
        }
    }

    private static IEnumerable<string> LabelParts(LabelRule label)
    {
        yield return Pair("from", label.Target?.Table ?? label.Table);
        if (label.Target is { } target)
        {
            yield return Pair("target", label.TargetText);
            if (target.Where.Canonical.Length > 0)
                yield return Pair("where", target.Where.Canonical);
            if (target.UsesMeasure)
                yield return $"scale: {target.Scale}";
            if (label.Condition.Length > 0)
            {
                yield return Pair("churned", label.Condition);
                yield return Pair("churned_from", label.Table);
            }
            yield return $"gap: {Duration.Write(label.GapMicros)}";
        }
        else if (label.Column.Length > 0)
        {
            yield return Pair("column", label.Column);
            yield return label.IsNumberColumn ? "numeric: true" : Pair("positive", label.Positive);
        }
        else
        {
            yield return Pair("churned", label.Condition);
            yield return $"gap: {Duration.Write(label.GapMicros)}";
        }
    }

    private static string Pair(string key, string value) => $"{key}: {Quote(value)}";

    // YAML's double-quoted style, so that any text survives: line ends, quotes, leading blanks, words such as `no`.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                _ when char.IsControl(c) || c is '\u0085' or '\u2028' or '\u2029' or '\uFEFF' => quoted.Append($"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }
        return quoted.Append('"').ToString();
    }
}
