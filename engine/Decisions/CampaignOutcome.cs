using ChurnEngine.Evaluation;

namespace ChurnEngine.Decisions;

/// <summary>A customer of a plan, and what became of them.</summary>
/// <param name="Action">Name of the offer; of the hold-out the one they would have got.</param>
/// <param name="IsContacted">False of the hold-out.</param>
/// <param name="Stayed">Whether the customer stayed.</param>
/// <param name="Kept">What the customer brought in: the revenue where it is known, else their value when they stayed and 0 when not.</param>
/// <param name="Cost">Of the contact.</param>
/// <param name="ExpectedSaved">What the contact was expected to save: expected value and cost together.</param>
public readonly record struct OutcomeRow(string Action, bool IsContacted, bool Stayed, double Kept, double Cost, double ExpectedSaved);

/// <summary>An amount with its 95% interval; NaN where it cannot be told.</summary>
/// <param name="Amount">Estimate.</param>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
public readonly record struct AmountInterval(double Amount, double Lower, double Upper);

/// <summary>How many of a group stayed.</summary>
/// <param name="Customers">Customers whose outcome is known.</param>
/// <param name="Stayed">Of these, stayed.</param>
/// <param name="Retention">Share that stayed, with Wilson's 95% interval.</param>
public sealed record Retained(long Customers, long Stayed, ShareInterval Retention);

/// <summary>One offer's effect.</summary>
/// <param name="Action">Name of the offer.</param>
/// <param name="Contacted">Those who got it.</param>
/// <param name="HoldOut">Those who would have.</param>
/// <param name="Effect">Retention of the former less that of the latter, with Newcombe's 95% interval; NaN without both.</param>
public sealed record OfferEffect(string Action, Retained Contacted, Retained HoldOut, ShareInterval Effect);

/// <summary>What a campaign achieved, measured against its hold-out.</summary>
public sealed record CampaignOutcome
{
    /// <summary>P-value below which the split between contacted and hold-out is not what chance makes of it.</summary>
    public const double MismatchBelow = 0.001;

    /// <summary>All who were contacted.</summary>
    public required Retained Contacted { get; init; }

    /// <summary>All who were held out.</summary>
    public required Retained HoldOut { get; init; }

    /// <summary>Retention of the contacted less that of the hold-out, with Newcombe's 95% interval; NaN without a hold-out.</summary>
    public required ShareInterval Effect { get; init; }

    /// <summary>Value that the contacts saved: what contacted customers brought in on the mean above the hold-out's, times the contacted; Welch's 95% interval.</summary>
    public required AmountInterval ValueSaved { get; init; }

    /// <summary>What the plan expected them to save.</summary>
    public required double ExpectedSaved { get; init; }

    /// <summary>Cost of the contacts.</summary>
    public required double Spend { get; init; }

    /// <summary>Value saved less cost, for each unit of cost; NaN where it cannot be told.</summary>
    public required AmountInterval Roi { get; init; }

    /// <summary>Each offer, in order of its first contact.</summary>
    public required IReadOnlyList<OfferEffect> Offers { get; init; }

    /// <summary>Chi-squared of the split between contacted and hold-out.</summary>
    public required double SplitChiSquared { get; init; }

    /// <summary>How likely a split as uneven as this is by chance; 1 without a hold-out.</summary>
    public required double SplitP { get; init; }

    /// <summary>True when the two groups cannot have come from one random split: their difference is no effect then.</summary>
    public bool IsSplitMismatched => SplitP < MismatchBelow;

    /// <summary>Measures.</summary>
    /// <param name="rows">Customers of plan and hold-out whose outcome is known.</param>
    /// <param name="controlShare">Share that was held out, 0 and below 1.</param>
    public static CampaignOutcome Measure(IReadOnlyList<OutcomeRow> rows, double controlShare)
    {
        ArgumentNullException.ThrowIfNull(rows);
        OutcomeRow[] contacted = [.. rows.Where(row => row.IsContacted)], held = [.. rows.Where(row => !row.IsContacted)];
        (Retained of, Retained against) = (Count(contacted), Count(held));
        AmountInterval saved = Saved(contacted, held);
        double spend = contacted.Sum(row => row.Cost);
        (double chi, double p) = controlShare > 0 ? BinomialInterval.SplitTest(held.Length, contacted.Length, controlShare) : (0, 1);
        return new CampaignOutcome
        {
            Contacted = of,
            HoldOut = against,
            Effect = BinomialInterval.Difference(of.Retention, against.Retention),
            ValueSaved = saved,
            ExpectedSaved = contacted.Sum(row => row.ExpectedSaved),
            Spend = spend,
            Roi = spend > 0 ? new AmountInterval((saved.Amount - spend) / spend, (saved.Lower - spend) / spend, (saved.Upper - spend) / spend) : new AmountInterval(double.NaN, double.NaN, double.NaN),
            Offers = [.. contacted.GroupBy(row => row.Action).Select(group => EffectOf(group.Key, [.. group], [.. held.Where(row => row.Action == group.Key)]))],
            SplitChiSquared = chi,
            SplitP = p,
        };
    }

    private static OfferEffect EffectOf(string action, OutcomeRow[] contacted, OutcomeRow[] held)
    {
        (Retained of, Retained against) = (Count(contacted), Count(held));
        return new OfferEffect(action, of, against, BinomialInterval.Difference(of.Retention, against.Retention));
    }

    private static Retained Count(OutcomeRow[] rows)
    {
        long stayed = rows.LongCount(row => row.Stayed);
        return new Retained(rows.Length, stayed, ShareInterval.Wilson(stayed, rows.Length));
    }

    private static AmountInterval Saved(OutcomeRow[] contacted, OutcomeRow[] held)
    {
        if (contacted.Length == 0 || held.Length == 0)
            return new AmountInterval(double.NaN, double.NaN, double.NaN);
        (double mean, double error) = Mean(contacted);
        (double other, double otherError) = Mean(held);
        double amount = (mean - other) * contacted.Length, half = 1.959963984540054 * contacted.Length * Math.Sqrt(error + otherError);
        return new AmountInterval(amount, amount - half, amount + half);
    }

    // Mean, and its squared standard error.
    private static (double Mean, double SquaredError) Mean(OutcomeRow[] rows)
    {
        double mean = rows.Average(row => row.Kept);
        return (mean, rows.Length < 2 ? double.PositiveInfinity : rows.Sum(row => (row.Kept - mean) * (row.Kept - mean)) / (rows.Length - 1) / rows.Length);
    }
}
