using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Features;

/// <summary>Reads features that are made of features defined above them.</summary>
internal sealed class DerivedReader(YamlSource yaml, IReadOnlyList<FeatureDefinition> above, IReadOnlyDictionary<string, int> indexByName)
{
    private const int MostParts = 1000;
    private static readonly string[] s_forms = ["ratio", "difference", "expr", "rank", "quantile"];

    /// <summary>The key that makes a feature a derived one; null when it has none.</summary>
    public static string? FormOf(YamlMappingNode map) => s_forms.FirstOrDefault(form => YamlSource.Find(map, form) is not null);

    /// <summary>The feature of that form.</summary>
    public FeatureDefinition Read(FeatureDefinition feature, YamlMappingNode map, string form)
    {
        string[] own = form switch { "ratio" or "difference" => ["per_day"], "quantile" => ["parts"], _ => [] };
        yaml.OnlyKeys(map, $"{form} '{feature.Name}'", ["name", form, "unit", "family", .. AdjustmentReader.Keys, .. own]);
        YamlNode node = YamlSource.Find(map, form)!;
        return form switch
        {
            "ratio" => ReadPair(feature, map, node, Aggregate.Ratio),
            "difference" => ReadPair(feature, map, node, Aggregate.Difference),
            "expr" => ReadExpression(feature, node),
            "rank" => feature with { Aggregate = Aggregate.Rank, Inputs = [FindOne(feature, node)], Unit = Unit(feature, "share") },
            _ => feature with { Aggregate = Aggregate.Quantile, Inputs = [FindOne(feature, node)], Parts = ReadParts(feature, map), Unit = Unit(feature, "class") },
        };
    }

    private FeatureDefinition ReadPair(FeatureDefinition feature, YamlMappingNode map, YamlNode node, Aggregate aggregate)
    {
        string form = aggregate == Aggregate.Ratio ? "ratio" : "difference";
        int[] inputs = [.. yaml.Sequence(node, $"`{form}`").Select(part => Find(part, form))];
        if (inputs.Length != 2)
            throw FeaturesErrors.Syntax(yaml.At(node), $"`{form}` takes two features", $"for example {form}: [plays_7d, plays_30d]");
        bool perDay = YamlSource.Find(map, "per_day") is { } flag && yaml.Flag(flag, "`per_day`");
        foreach (int input in inputs)
        {
            RequireNumber(feature, input, aggregate == Aggregate.Ratio ? "a ratio divides numbers" : "a difference takes numbers");
            if (perDay && above[input].Window == 0)
                throw FeaturesErrors.BadCombination(feature.Mark, $"`per_day` divides by the window, and feature '{above[input].Name}' has none", "drop `per_day`, or give it a window");
        }
        string unit = aggregate == Aggregate.Ratio ? "ratio" : above[inputs[0]].Unit;
        return feature with { Aggregate = aggregate, Inputs = inputs, PerDay = perDay, Unit = Unit(feature, unit) };
    }

    private FeatureDefinition ReadExpression(FeatureDefinition feature, YamlNode node)
    {
        Expression expression = new ExpressionParser(yaml.Text(node, "`expr`"), yaml.At(node), indexByName).Parse();
        int[] inputs = [.. expression.Inputs.Distinct().Order()];
        foreach (int input in inputs)
            RequireNumber(feature, input, "an expression computes with numbers");
        return feature with { Aggregate = Aggregate.Expression, Inputs = inputs, Expression = expression };
    }

    private int FindOne(FeatureDefinition feature, YamlNode node)
    {
        int input = Find(node, "rank");
        RequireNumber(feature, input, "numbers are ranked");
        return input;
    }

    private int Find(YamlNode node, string form)
    {
        string name = yaml.Text(node, $"a feature of a {form}");
        return indexByName.TryGetValue(name, out int index) ? index : throw FeaturesErrors.UnknownName(yaml.At(node), $"feature (a {form} takes features defined above it)", name, indexByName.Keys);
    }

    private void RequireNumber(FeatureDefinition feature, int input, string why)
    {
        if (above[input].Aggregate == Aggregate.Category)
            throw FeaturesErrors.BadCombination(feature.Mark, $"feature '{above[input].Name}' is categorical", why);
    }

    private int ReadParts(FeatureDefinition feature, YamlMappingNode map)
    {
        YamlNode node = YamlSource.Find(map, "parts") ?? throw FeaturesErrors.Missing(feature.Mark, $"`parts` of feature '{feature.Name}'", "4 for quartiles: { name: value_quartile, quantile: spend_90d, parts: 4 }");
        return int.TryParse(yaml.Text(node, "`parts`"), NumberStyles.None, CultureInfo.InvariantCulture, out int parts) && parts is >= 2 and <= MostParts
            ? parts
            : throw FeaturesErrors.Syntax(yaml.At(node), $"`parts` is a whole number from 2 to {MostParts}");
    }

    private static string Unit(FeatureDefinition feature, string standard) => feature.Unit.Length > 0 ? feature.Unit : standard;
}
