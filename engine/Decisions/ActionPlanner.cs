namespace ChurnEngine.Decisions;

/// <summary>Chooses the customers whose contact earns most within capacity and budget. With one offer of one cost that is: the highest expected values.</summary>
public static class ActionPlanner
{
    private const int Chunk = 1024;

    /// <summary>Plans the contacts.</summary>
    /// <param name="probability">[N] calibrated probability of churn, 0..1. NaN is an error.</param>
    /// <param name="value">[N] value of each customer; NaN where unknown: that customer is left alone and counted. Empty: the options' value for all.</param>
    /// <param name="options">Economics and limits.</param>
    /// <returns>The same plan for the same rows in the same order; equal expected values in row order.</returns>
    /// <remarks>Memory: about 32 bytes a contact chosen, not a row. Errors: ChurnConfigException CE7001 to CE7003; ChurnDataException CE7004 (probability),
    /// CE7005 (infinite value); ArgumentException when the lengths differ.</remarks>
    public static ActionPlan Plan(ReadOnlySpan<float> probability, ReadOnlySpan<double> value, DecisionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (!value.IsEmpty && value.Length != probability.Length)
            throw new ArgumentException($"{probability.Length} probabilities but {value.Length} values", nameof(value));
        var best = new BestRows(options.MostContacts, probability.Length);
        int worthwhile = 0, withoutValue = 0;
        Span<double> expectedValue = stackalloc double[Chunk];
        for (int start = 0; start < probability.Length; start += Chunk)
        {
            int count = Math.Min(Chunk, probability.Length - start);
            ReadOnlySpan<float> chunk = probability.Slice(start, count);
            ReadOnlySpan<double> values = value.IsEmpty ? value : value.Slice(start, count);
            withoutValue += Check(chunk, values, start);
            ExpectedValueKernel.Run(chunk, values, options, expectedValue[..count]);
            for (int i = 0; i < count; i++)
            {
                if (expectedValue[i] > 0)
                {
                    worthwhile++;
                    best.Add(new Candidate(expectedValue[i], start + i));
                }
            }
        }
        return Describe(best.Ranked(), probability, value, options) with { Worthwhile = worthwhile, WithoutValue = withoutValue };
    }

    private static int Check(ReadOnlySpan<float> probability, ReadOnlySpan<double> value, int firstRow)
    {
        for (int i = 0; i < probability.Length; i++)
        {
            if (!(probability[i] >= 0 && probability[i] <= 1))
                throw DecisionsErrors.BadProbability(firstRow + i, probability[i]);
        }
        int unknown = 0;
        for (int i = 0; i < value.Length; i++)
        {
            if (double.IsInfinity(value[i]))
                throw DecisionsErrors.BadValue(firstRow + i, value[i]);
            unknown += double.IsNaN(value[i]) ? 1 : 0;
        }
        return unknown;
    }

    private static ActionPlan Describe(ReadOnlySpan<Candidate> ranked, ReadOnlySpan<float> probability, ReadOnlySpan<double> value, DecisionOptions options)
    {
        var plan = new ActionPlan
        {
            Rows = new int[ranked.Length],
            Probability = new float[ranked.Length],
            Value = new double[ranked.Length],
            ExpectedValue = new double[ranked.Length],
            Risk = new RiskLevel[ranked.Length],
            Considered = probability.Length,
            Worthwhile = 0,
            WithoutValue = 0,
            TotalExpectedValue = 0,
            ExpectedSaves = 0,
            Spend = (double)(ranked.Length * (decimal)options.Cost),
        };
        double total = 0, saves = 0;
        for (int i = 0; i < ranked.Length; i++)
        {
            (double expectedValue, int row) = ranked[i];
            plan.Rows[i] = row;
            plan.Probability[i] = probability[row];
            plan.Value[i] = value.IsEmpty ? options.Value : value[row];
            plan.ExpectedValue[i] = expectedValue;
            plan.Risk[i] = options.RiskCuts.LevelOf(probability[row]);
            total += expectedValue;
            saves += probability[row] * options.SaveRate;
        }
        return plan with { TotalExpectedValue = total, ExpectedSaves = saves };
    }
}
