using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Features;

/// <summary>Reads `value:`, what a feature computes of its rows.</summary>
internal sealed class ValueReader(YamlSource yaml)
{
    private const string Example = "count, sum(amount), mean(amount), share(kind = skip), slope(7d), category(device), recency_days, tenure_days, or a column";

    /// <summary>The feature with what its value says.</summary>
    public FeatureDefinition Read(FeatureDefinition feature, YamlNode node, PlanTable table)
    {
        var text = new PlanText(yaml.Text(node, "`value`"), yaml.At(node), Example);
        feature = Read(feature, text, table);
        return text.AtEnd ? feature : throw text.Error("nothing may follow");
    }

    /// <summary>The feature with what its value says, and the text behind it still to be read.</summary>
    public static FeatureDefinition Read(FeatureDefinition feature, PlanText text, PlanTable table)
    {
        bool quoted = text.SeesQuoted;
        string word = text.TakeValue();
        AggregateForm? form = quoted ? null : AggregateForm.Find(word);
        if (!text.AtEnd && text.Accepts("("))
        {
            if (form is null or { Argument: ArgumentForm.None })
                throw form is null ? FeaturesErrors.UnknownName(text.Mark, "aggregate", word, AggregateForm.All.Select(f => f.Name)) : text.Error($"`{word}` takes no brackets");
            feature = ReadArgument(feature with { Aggregate = form.Aggregate }, form, text, table);
            text.Expect(")");
        }
        else if (form is { Argument: not ArgumentForm.None })
        {
            throw text.Error($"`{word}` needs {Needs(form)}");
        }
        else
        {
            feature = form is null ? feature with { Aggregate = Aggregate.Latest, Source = new ColumnRef(word, "") } : feature with { Aggregate = form.Aggregate };
        }
        Check(feature, form, table);
        return feature;
    }

    private static FeatureDefinition ReadArgument(FeatureDefinition feature, AggregateForm form, PlanText text, PlanTable table)
    {
        switch (form.Argument)
        {
            case ArgumentForm.Condition:
                return feature with { Also = WhereClause.Parse(text, table) };
            case ArgumentForm.Duration:
                return feature with { Period = text.TakeDuration() };
            case ArgumentForm.Period:
                string first = text.TakeValue();
                if (text.Accepts(","))
                    return feature with { Source = new ColumnRef(first, ""), Period = text.TakeDuration() };
                return Duration.TryParse(first, out long period) && period > 0
                    ? feature with { Period = period }
                    : throw text.Error($"'{first}' is no duration such as 7d");
            case ArgumentForm.Transition:
                feature = feature with { Source = TakeColumn(text, table) };
                if (!text.Accepts(","))
                    return feature;
                string from = text.TakeValue();
                text.Expect(",");
                return feature with { Levels = [from, text.TakeValue()] };
            case ArgumentForm.Level:
                feature = feature with { Source = TakeColumn(text, table) };
                text.Expect("=");
                return feature with { Levels = [text.TakeValue()] };
            case ArgumentForm.NumberColumn or ArgumentForm.InstantColumn:
                return feature with { Source = new ColumnRef(text.TakeValue(), "") };
            default:
                return feature with { Source = TakeColumn(text, table) };
        }
    }

    // A column, kind, hour, weekday, or a function of a column.
    private static ColumnRef TakeColumn(PlanText text, PlanTable table)
    {
        if (text.SeesQuoted)
            return new ColumnRef(text.TakeValue(), "");
        if (text.Accepts("hour"))
            return new ColumnRef { Clock = ClockPart.Hour };
        if (text.Accepts("weekday"))
            return new ColumnRef { Clock = ClockPart.Weekday };
        string word = text.TakeValue();
        if (!text.Accepts("("))
            return new ColumnRef(word == "kind" && table.Kind is { } kind ? kind : word, "");
        if (!TextFunction.Names.Contains(word))
            throw FeaturesErrors.UnknownName(text.Mark, "function of a column", word, TextFunction.Names);
        string column = text.TakeValue();
        text.Expect(")");
        return new ColumnRef(column, word);
    }

    private static void Check(FeatureDefinition feature, AggregateForm? form, PlanTable table)
    {
        if (form is { Argument: ArgumentForm.TextColumn } && feature.Source.Clock is { } part)
            throw FeaturesErrors.BadCombination(feature.Mark, $"feature '{feature.Name}' takes the {part.ToString().ToLowerInvariant()} for a text", "count, share, distinct and entropy look at hours and weekdays");
        if (feature.Aggregate is Aggregate.Sessions or Aggregate.SessionMinutes or Aggregate.SessionItems or Aggregate.SessionGapDays or Aggregate.SessionShortShare
            && table.Session is null && table.SessionGapMicros == 0)
            throw FeaturesErrors.BadCombination(feature.Mark, $"table '{table.Name}' does not say what a session is", $"add `session: <column>` or `session_gap: 30m` to table '{table.Name}'");
        if (table.IsStatic && feature.Aggregate is not (Aggregate.Latest or Aggregate.Category or Aggregate.DaysUntil or Aggregate.DaysSince))
            throw FeaturesErrors.BadCombination(feature.Mark, $"table '{table.Name}' has no instants, so feature '{feature.Name}' can only be a column, category(column), days_until(column) or days_since(column)", "give the table `time` or `valid_from`");
    }

    private static string Needs(AggregateForm form) => form.Argument switch
    {
        ArgumentForm.Condition => $"a condition, such as {form.Name}(kind = skip)",
        ArgumentForm.Period => $"a period, such as {form.Name}(7d) or {form.Name}(amount, 7d)",
        ArgumentForm.Duration => $"a duration, such as {form.Name}(5m)",
        ArgumentForm.Level => $"a column and a text, such as {form.Name}(level = paid)",
        ArgumentForm.Transition => $"a column, such as {form.Name}(level) or {form.Name}(level, free, paid)",
        _ => $"a column, such as {form.Name}(amount)",
    };
}
