namespace ChurnEngine.Features;

/// <summary>One feature, bound to where a scan leaves what it needs.</summary>
internal readonly record struct FeatureStep
{
    public required Aggregate Aggregate { get; init; }
    public int Table { get; init; }
    public int Selector { get; init; }

    /// <summary>Accumulator of a sum.</summary>
    public int Slot { get; init; }

    /// <summary>Last bucket that counts.</summary>
    public int LastBucket { get; init; }

    /// <summary>Column of the latest number or text.</summary>
    public int Column { get; init; }

    /// <summary>10^decimals of the fixed point.</summary>
    public double Power { get; init; }
    public int Numerator { get; init; }
    public int Denominator { get; init; }

    /// <summary>What the quotient of a ratio is multiplied with: window of the denominator over window of the numerator, or 1.</summary>
    public double NumeratorDays { get; init; }
    public double DenominatorDays { get; init; }

    /// <summary>Code of the data to code of the model, -1 unseen; null while categories are being frozen.</summary>
    public int[]? CodeMap { get; init; }

    /// <summary>Binds every feature of <paramref name="plan"/> to <paramref name="data"/>.</summary>
    public static FeatureStep[] Bind(FeaturePlan plan, CustomerData data) => [.. plan.Definitions.Select(d => Bind(d, plan, data))];

    private static FeatureStep Bind(FeatureDefinition feature, FeaturePlan plan, CustomerData data)
    {
        if (feature.Aggregate == Aggregate.Ratio)
        {
            return new FeatureStep
            {
                Aggregate = Aggregate.Ratio,
                Numerator = feature.Numerator,
                Denominator = feature.Denominator,
                NumeratorDays = feature.PerDay ? plan.Definitions[feature.Numerator].Window / (double)Duration.Day : 1,
                DenominatorDays = feature.PerDay ? plan.Definitions[feature.Denominator].Window / (double)Duration.Day : 1,
            };
        }
        int table = Array.FindIndex([.. plan.Tables], t => t.Name == feature.Table);
        TableLayout layout = plan.Layouts[table];
        var step = new FeatureStep
        {
            Aggregate = feature.Aggregate,
            Table = table,
            Selector = layout.SelectorOf(feature.Where),
            LastBucket = layout.LastBucketOf(feature.Window),
        };
        return feature.Aggregate switch
        {
            Aggregate.Sum or Aggregate.Mean => step with { Slot = layout.SlotOf(feature), Power = Math.Pow(10, feature.Scale) },
            Aggregate.Latest => step with { Column = layout.LatestOf(feature.Column) },
            Aggregate.Category => step with
            {
                Column = layout.TextOf(feature.Column),
                CodeMap = feature.Categories is null ? null : MapCodes(data.Texts[table][layout.TextOf(feature.Column)], feature.Categories),
            },
            _ => step,
        };
    }

    private static int[] MapCodes(string[] texts, IReadOnlyList<string> categories)
    {
        var codes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int code = 0; code < categories.Count; code++)
            codes.TryAdd(categories[code], code);
        return [.. texts.Select(t => codes.GetValueOrDefault(t, -1))];
    }
}
