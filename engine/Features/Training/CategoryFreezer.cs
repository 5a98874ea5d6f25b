using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Turns the data's codes of unfrozen categories into the model's codes: sorted by text, rare ones beyond the limit missing.</summary>
internal sealed class CategoryFreezer(FeaturePlan plan, CustomerData data, int limit)
{
    /// <summary>Rewrites the codes in place and returns the plan with its categories.</summary>
    /// <param name="matrix">Categorical columns hold the bits of the data's code, -1 for missing.</param>
    /// <param name="fitRows">The first rows, from which categories are taken; texts seen only later are missing.</param>
    /// <param name="warnings">Gets a line a feature that is cut.</param>
    public FeaturePlan Freeze(FeatureMatrix matrix, long fitRows, List<string> warnings)
    {
        var categories = new IReadOnlyList<string>?[plan.Definitions.Length];
        for (int feature = 0; feature < categories.Length; feature++)
        {
            FeatureDefinition definition = plan.Definitions[feature];
            if (definition.Aggregate != Aggregate.Category || definition.Categories is not null)
                continue;
            int table = Array.FindIndex([.. plan.Tables], t => t.Name == definition.Table);
            string[] texts = data.Texts[table][plan.Layouts[table].TextOf(definition.Source)];
            int[] kept = Choose(CountCodes(matrix, feature, fitRows, texts.Length), definition.Name, warnings);
            categories[feature] = [.. kept.Select(code => texts[code])];
            Rewrite(matrix, feature, kept, texts.Length);
        }
        return plan.WithCategories(categories);
    }

    private static long[] CountCodes(FeatureMatrix matrix, int feature, long rows, int textCount)
    {
        long[] counts = new long[textCount];
        for (long row = 0; row < rows; row++)
        {
            int code = BitConverter.SingleToInt32Bits(matrix.Row(row)[feature]);
            if (code >= 0)
                counts[code]++;
        }
        return counts;
    }

    // The data's codes are in ordinal order of their texts, so sorting codes sorts texts.
    private int[] Choose(long[] counts, string feature, List<string> warnings)
    {
        int[] seen = [.. Enumerable.Range(0, counts.Length).Where(code => counts[code] > 0)];
        if (seen.Length <= limit)
            return seen;
        warnings.Add($"feature '{feature}' has {seen.Length} categories; the {limit} most frequent are kept, the rest is missing");
        return [.. seen.OrderByDescending(code => counts[code]).ThenBy(code => code).Take(limit).Order()];
    }

    private static void Rewrite(FeatureMatrix matrix, int feature, int[] kept, int textCount)
    {
        float[] codes = new float[textCount];
        Array.Fill(codes, float.NaN);
        for (int i = 0; i < kept.Length; i++)
            codes[kept[i]] = i;
        for (long row = 0; row < matrix.RowCount; row++)
        {
            ref float cell = ref matrix.Row(row)[feature];
            int code = BitConverter.SingleToInt32Bits(cell);
            cell = code < 0 ? float.NaN : codes[code];
        }
    }
}
