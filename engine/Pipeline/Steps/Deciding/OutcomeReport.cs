using ChurnEngine.Decisions;
using ChurnEngine.Evaluation;

namespace ChurnEngine.Pipeline;

/// <summary>How many of a group stayed.</summary>
/// <param name="Customers">Customers whose outcome is known.</param>
/// <param name="Stayed">Of these, stayed.</param>
/// <param name="Retention">Share that stayed, with Wilson's interval.</param>
public sealed record GroupRetention(long Customers, long Stayed, Estimate Retention);

/// <summary>One offer's effect.</summary>
/// <param name="Action">Name of the offer.</param>
/// <param name="Contacted">Those who got it.</param>
/// <param name="HoldOut">Those who would have.</param>
/// <param name="Effect">Retention of the former less that of the latter, with Newcombe's interval; NaN without both.</param>
public sealed record OfferOutcome(string Action, GroupRetention Contacted, GroupRetention HoldOut, Estimate Effect);

/// <summary>What a plan achieved, against its hold-out. Intervals are of 95%; NaN is what cannot be told.</summary>
/// <param name="Plan">The plan's file.</param>
/// <param name="Unknown">Customers of plan and hold-out without an outcome; they count nowhere.</param>
/// <param name="HasRevenue">True when value saved is told from revenues, false when from the plan's values.</param>
public sealed record OutcomeReport(string Plan, long Unknown, bool HasRevenue)
{
    /// <summary>All who were contacted.</summary>
    public required GroupRetention Contacted { get; init; }

    /// <summary>All who were held out.</summary>
    public required GroupRetention HoldOut { get; init; }

    /// <summary>Retention of the contacted less that of the hold-out.</summary>
    public required Estimate Effect { get; init; }

    /// <summary>Value that the contacts saved.</summary>
    public required Estimate ValueSaved { get; init; }

    /// <summary>What the plan expected them to save.</summary>
    public required double ExpectedSaved { get; init; }

    /// <summary>Cost of the contacts.</summary>
    public required double Spend { get; init; }

    /// <summary>Value saved less cost, for each unit of cost.</summary>
    public required Estimate Roi { get; init; }

    /// <summary>Each offer.</summary>
    public required IReadOnlyList<OfferOutcome> Offers { get; init; }

    /// <summary>Chi-squared of the split between contacted and hold-out.</summary>
    public required double SplitChiSquared { get; init; }

    /// <summary>How likely a split as uneven as this is by chance; 1 without a hold-out.</summary>
    public required double SplitP { get; init; }

    /// <summary>True when the two groups cannot have come from one random split.</summary>
    public required bool IsSplitMismatched { get; init; }

    internal static OutcomeReport Of(string plan, long unknown, bool hasRevenue, CampaignOutcome campaign) => new(plan, unknown, hasRevenue)
    {
        Contacted = Of(campaign.Contacted),
        HoldOut = Of(campaign.HoldOut),
        Effect = Of(campaign.Effect),
        ValueSaved = Of(campaign.ValueSaved),
        ExpectedSaved = campaign.ExpectedSaved,
        Spend = campaign.Spend,
        Roi = Of(campaign.Roi),
        Offers = [.. campaign.Offers.Select(offer => new OfferOutcome(offer.Action, Of(offer.Contacted), Of(offer.HoldOut), Of(offer.Effect)))],
        SplitChiSquared = campaign.SplitChiSquared,
        SplitP = campaign.SplitP,
        IsSplitMismatched = campaign.IsSplitMismatched,
    };

    private static GroupRetention Of(Retained group) => new(group.Customers, group.Stayed, Of(group.Retention));

    private static Estimate Of(ShareInterval share) => new(share.Value, share.Lower, share.Upper);

    private static Estimate Of(AmountInterval amount) => new(amount.Amount, amount.Lower, amount.Upper);
}
