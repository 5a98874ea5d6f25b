namespace ChurnEngine.Features;

/// <summary>One feature, bound to where a sweep leaves what it needs.</summary>
internal sealed record FeatureStep
{
    public required FeatureDefinition Feature { get; init; }
    public int Table { get; init; }
    public int Selector { get; init; }

    /// <summary>Selector of the rows that also meet the condition of a share.</summary>
    public int Also { get; init; }

    /// <summary>Accumulator of a sum.</summary>
    public int Slot { get; init; }

    /// <summary>Position of the window in the layout; -1 for all history.</summary>
    public int Window { get; init; }

    /// <summary>Text column of a category.</summary>
    public int Text { get; init; }

    /// <summary>10^decimals of the fixed point.</summary>
    public double Power { get; init; }

    /// <summary>What the parts of a ratio or difference are divided by: their windows in days, or 1.</summary>
    public double LeftDays { get; init; } = 1;
    public double RightDays { get; init; } = 1;

    /// <summary>Code of the data to code of the model, -1 unseen; null while categories are being frozen.</summary>
    public int[]? CodeMap { get; init; }

    /// <summary>Of a category: the texts that codes of the data stand for.</summary>
    public string?[] Texts { get; init; } = [];

    /// <summary>Binds every feature of a plan.</summary>
    /// <param name="plan">The features.</param>
    /// <param name="texts">[table][text column] the texts that codes of the data stand for.</param>
    public static FeatureStep[] Bind(FeaturePlan plan, string?[][][] texts) => [.. plan.Definitions.Select(d => Bind(d, plan, texts))];

    /// <summary>Binds one feature, or the target of a label, whose window is the first one of its sweep.</summary>
    public static FeatureStep Bind(FeatureDefinition feature, FeaturePlan plan, string?[][][] texts)
    {
        var step = new FeatureStep { Feature = feature };
        if (feature.IsDerived)
        {
            return !feature.PerDay ? step : step with
            {
                LeftDays = plan.Definitions[feature.Inputs[0]].Window / (double)Duration.Day,
                RightDays = plan.Definitions[feature.Inputs[1]].Window / (double)Duration.Day,
            };
        }
        int table = Array.FindIndex([.. plan.Tables], t => t.Name == feature.Table);
        TableLayout layout = plan.Layouts[table];
        step = step with { Table = table, Selector = layout.SelectorOf(feature.Where, null), Window = layout.WindowOf(feature.Window) };
        return feature.Aggregate switch
        {
            Aggregate.Sum or Aggregate.Mean => step with { Slot = layout.SlotOf(feature), Power = Math.Pow(10, feature.Scale) },
            Aggregate.Share => step with { Also = layout.SelectorOf(feature.Where, feature.Also) },
            Aggregate.Category => step with
            {
                Text = layout.TextOf(feature.Source),
                Texts = texts[table][layout.TextOf(feature.Source)],
                CodeMap = feature.Categories is null ? null : MapCodes(texts[table][layout.TextOf(feature.Source)], feature.Categories),
            },
            _ => step,
        };
    }

    private static int[] MapCodes(string?[] texts, IReadOnlyList<string> categories)
    {
        var codes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int code = 0; code < categories.Count; code++)
            codes.TryAdd(categories[code], code);
        return [.. texts.Select(t => t is null ? -1 : codes.GetValueOrDefault(t, -1))];
    }
}
