using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace ChurnEngine.Features;

/// <summary>Reads `outliers:`, `clip:` and `impute:` of a feature.</summary>
internal sealed class AdjustmentReader(YamlSource yaml)
{
    public static IReadOnlyList<string> Keys { get; } = ["outliers", "clip", "impute"];

    public Adjustment Read(YamlMappingNode map)
    {
        Adjustment result = Adjustment.None;
        if (YamlSource.Find(map, "outliers") is { } outliers)
            result = ReadOutliers(result, outliers);
        if (YamlSource.Find(map, "clip") is { } clip)
            result = result with { Clip = ReadClip(clip) };
        if (YamlSource.Find(map, "impute") is { } impute)
            result = result with { Impute = Number(impute, "`impute`") };
        return result;
    }

    private Adjustment ReadOutliers(Adjustment adjustment, YamlNode node)
    {
        var text = new PlanText(yaml.Text(node, "`outliers`"), yaml.At(node), "log, winsorise(0.01, 0.99) or flag(0.01, 0.99)");
        string policy = text.TakeValue();
        OutlierPolicy outliers = policy switch
        {
            "log" => OutlierPolicy.Log,
            "winsorise" => OutlierPolicy.Winsorise,
            "flag" => OutlierPolicy.Flag,
            _ => throw FeaturesErrors.UnknownName(text.Mark, "outlier policy", policy, ["log", "winsorise", "flag"]),
        };
        if (outliers != OutlierPolicy.Log)
        {
            text.Expect("(");
            double low = Share(text);
            text.Expect(",");
            double high = Share(text);
            text.Expect(")");
            if (low >= high)
                throw text.Error("the lower share comes first");
            adjustment = adjustment with { Shares = (low, high) };
        }
        return text.AtEnd ? adjustment with { Outliers = outliers } : throw text.Error("nothing may follow");
    }

    private static double Share(PlanText text)
    {
        string word = text.TakeValue();
        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1 ? share : throw text.Error($"'{word}' is no share from 0 to 1");
    }

    private (double, double) ReadClip(YamlNode node)
    {
        double[] limits = [.. yaml.Sequence(node, "`clip`").Select(limit => Number(limit, "a limit of `clip`"))];
        return limits.Length == 2 && limits[0] <= limits[1]
            ? (limits[0], limits[1])
            : throw FeaturesErrors.Syntax(yaml.At(node), "`clip` takes a least and a greatest value", "for example clip: [0, 100]");
    }

    private double Number(YamlNode node, string what) =>
        double.TryParse(yaml.Text(node, what), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw FeaturesErrors.Syntax(yaml.At(node), $"{what} is no number");
}
