using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Decisions;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>Puts the customers into groups for whom the same offers come at the same save rates, by the offers' conditions and segments; and asks the rule of thumb.</summary>
/// <remarks>Conditions are those of <c>churn score --where</c>, on the columns of the scores; <c>probability</c> and <c>value</c>, what the customer is worth, are among them.</remarks>
internal sealed class OfferGroups : IDisposable
{
    private readonly ScoreTable _table;
    private readonly DecisionSettings _settings;
    private readonly double[] _value;
    private readonly FeatureMatrix _matrix;

    private OfferGroups(ScoreTable table, DecisionSettings settings, double[] value)
    {
        (_table, _settings, _value) = (table, settings, value);
        _matrix = ReadMatrix(table, table.Beside);
    }

    /// <summary>The group of each customer, the save rates of each group and what the rule says.</summary>
    /// <param name="table">The scores.</param>
    /// <param name="settings">Offers, conditions, rule.</param>
    /// <param name="value">[N] what each customer is worth; empty: the same for all.</param>
    /// <param name="input">Gets them.</param>
    /// <param name="warn">Told of offers that nobody may have.</param>
    public static DecisionInput Add(ScoreTable table, DecisionSettings settings, double[] value, DecisionInput input, Action<string> warn)
    {
        if (settings.Rule is null && settings.Rules.All(rule => rule.Eligible is null && rule.Segment is null))
            return input;
        using var groups = new OfferGroups(table, settings, value);
        if (settings.Rule is { } text)
            input = input with { Rule = groups.Mask(text, "decisions.rule") };
        return groups.Split(input, warn);
    }

    public void Dispose() => _matrix.Dispose();

    private DecisionInput Split(DecisionInput input, Action<string> warn)
    {
        IReadOnlyList<Offer> offers = _settings.Options.Offers;
        int[] group = new int[_table.Rows];
        var rates = new List<double[]> { offers.Select(offer => offer.SaveRate).ToArray() };
        for (int j = 0; j < offers.Count; j++)
        {
            OfferRule rule = _settings.Rules[j];
            double[] rate = [];
            if (rule.Segment is { } segment)
                rate = RatesBySegment(rule, segment, offers[j].SaveRate);
            bool[]? may = rule.Eligible is null ? null : Mask(rule.Eligible, rule.Place);
            if (may is not null && _table.Rows > 0 && !may.AsSpan().Contains(true))
                warn($"offer '{offers[j].Name}': no customer meets `{rule.Eligible}`");
            if (rate.Length > 0 || may is not null)
                Refine(group, rates, j, row => may is { } mask && !mask[row] ? double.NaN : rate.Length > 0 ? rate[row] : offers[j].SaveRate);
        }
        return input with { Group = group, SaveRates = rates };
    }

    // Customers of one group that differ in an offer's rate become groups of their own, numbered by first appearance.
    private static void Refine(int[] group, List<double[]> rates, int offer, Func<int, double> rateOf)
    {
        var numbers = new Dictionary<(int, long), int>();
        var refined = new List<double[]>();
        for (int row = 0; row < group.Length; row++)
        {
            double rate = rateOf(row);
            (int, long) key = (group[row], BitConverter.DoubleToInt64Bits(rate));
            if (!numbers.TryGetValue(key, out int number))
            {
                numbers.Add(key, number = refined.Count);
                double[] own = [.. rates[group[row]]];
                own[offer] = rate;
                refined.Add(own);
            }
            group[row] = number;
        }
        if (refined.Count == 0)
            return;
        rates.Clear();
        rates.AddRange(refined);
    }

    private double[] RatesBySegment(OfferRule rule, string segment, double otherwise)
    {
        int feature = _matrix.Features.Select((info, index) => (info, index)).Where(pair => pair.info.Name == segment && pair.info.Kind == FeatureKind.Categorical).Select(pair => pair.index).DefaultIfEmpty(-1).First();
        if (feature < 0)
            throw DecideErrors.NotASegmentColumn(rule.Place, segment, _matrix.Features.Where(info => info.Kind == FeatureKind.Categorical).Select(info => info.Name));
        double[] byCode = [.. _matrix.Features[feature].Categories.Select(text => rule.Rates.TryGetValue(text, out double rate) ? rate : otherwise)];
        double[] rates = new double[_table.Rows];
        for (int row = 0; row < rates.Length; row++)
        {
            float code = _matrix.Row(row)[feature];
            rates[row] = float.IsNaN(code) ? otherwise : byCode[(int)code];
        }
        return rates;
    }

    private bool[] Mask(string condition, string place)
    {
        RowFilter filter = RowFilter.Parse(condition, place, _matrix.Features, ["probability", "value"], isOpen: true);
        float[] value = new float[_table.Rows];
        for (int row = 0; row < value.Length; row++)
            value[row] = _value.Length == 0 ? (float)_settings.Options.Value : (float)_value[row];
        bool[] mask = new bool[_table.Rows];
        foreach (int row in filter.Select(_matrix, _table.Score, value))
            mask[row] = true;
        return mask;
    }

    private static FeatureMatrix ReadMatrix(ScoreTable table, IReadOnlyList<Field> fields)
    {
        var texts = fields.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal)).ToArray();
        FeatureMatrix matrix = FeatureMatrix.Allocate([.. fields.Select(field => new FeatureInfo { Name = field.Name })], table.Rows);
        Span<char> letters = stackalloc char[256];
        for (int b = 0; b < table.Batches.Count; b++)
        {
            for (int f = 0; f < fields.Count; f++)
            {
                Column column = table.Batches[b][fields[f].Name];
                var known = texts[f].GetAlternateLookup<ReadOnlySpan<char>>();
                for (int i = 0; i < column.Length; i++)
                {
                    matrix.Row(table.FirstRow(b) + i)[f] = column.IsNull(i) ? float.NaN
                        : column is Utf8Column text ? CodeOf(known, text.GetBytes(i), letters)
                        : (float)((PrimitiveColumn<double>)column).Values[i];
                }
            }
        }
        return matrix.Describe([.. fields.Select((field, f) => field.Type == ColumnType.Utf8
            ? new FeatureInfo { Name = field.Name, Kind = FeatureKind.Categorical, Categories = [.. texts[f].OrderBy(pair => pair.Value).Select(pair => pair.Key)] }
            : new FeatureInfo { Name = field.Name })]);
    }

    // Allocates for a new text alone.
    private static float CodeOf(Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> known, ReadOnlySpan<byte> utf8, Span<char> letters)
    {
        ReadOnlySpan<char> text = utf8.Length <= letters.Length ? letters[..Encoding.UTF8.GetChars(utf8, letters)] : Encoding.UTF8.GetString(utf8);
        if (!known.TryGetValue(text, out int code))
            known.Dictionary.Add(text.ToString(), code = known.Dictionary.Count);
        return code;
    }
}
