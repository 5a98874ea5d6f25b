using System.Globalization;
using ChurnEngine.Decisions;

namespace ChurnEngine.Pipeline;

/// <summary>Section <c>decisions</c>: what offers cost and bring, what limits them, and what is written.</summary>
/// <param name="Options">Options of the planner, the offers among them.</param>
/// <param name="ValueColumn">Column of the scores that says what a customer is worth; null: the same for all.</param>
/// <param name="Out">File for the action plan.</param>
public sealed record DecisionSettings(DecisionOptions Options, string? ValueColumn, string Out)
{
    /// <summary>Used when there is no churn.yaml.</summary>
    public static DecisionSettings Default { get; } = new(new DecisionOptions(), null, "action_plan.csv");

    /// <summary>[J] who may have each offer, and its save rates by segment; as many as the options' offers.</summary>
    public IReadOnlyList<OfferRule> Rules { get; init; } = [];

    /// <summary>Folder of scores of a value model, `churn score` of a model with a `target`, that says what each customer is worth; null for none.</summary>
    public string? Values { get; init; }

    /// <summary>Who was contacted lately; null: nobody is left alone for that.</summary>
    public FatigueSettings? Fatigue { get; init; }

    /// <summary>Share of the customers, 0..1, who are left alone at random so that the effect can be measured; 0 for none.</summary>
    public double ControlShare { get; init; }

    /// <summary>Key of that choice; another key, another group.</summary>
    public ulong ControlSeed { get; init; }

    /// <summary>Condition of a rule of thumb to compare with; null for none.</summary>
    public string? Rule { get; init; }

    /// <summary>File for what was decided about every customer; null for none.</summary>
    public string? Listing { get; init; }

    /// <summary>Folder for the curves of value against budget and capacity; null for none.</summary>
    public string? WhatIf { get; init; }

    /// <summary>The first day of the plan, microseconds since 1970 UTC; null: the instant of the scores.</summary>
    public long? Date { get; init; }

    internal static DecisionSettings Read(ConfigSection section)
    {
        DecisionOptions o = new();
        o = o with
        {
            Value = section.Number("value", o.Value),
            SaveRate = section.Number("save_rate", o.SaveRate),
            Cost = section.Number("cost", o.Cost),
            Capacity = section.Int("capacity", o.Capacity),
            Budget = section.OptionalNumber("budget"),
            Days = section.Int("days", o.Days),
            RiskCuts = new RiskCuts(section.Number("medium_risk", o.RiskCuts.Medium), section.Number("high_risk", o.RiskCuts.High)),
        };
        (Offer Offer, OfferRule Rule)[] offers = [.. section.Items("offers").Select(item => OfferRule.Read(item, o))];
        // Records are compared, and lists by reference: none is the one empty list.
        o = offers.Length == 0 ? o : o with { Offers = [.. offers.Select(pair => pair.Offer)] };
        ConfigSection control = section.Nested("control");
        var settings = new DecisionSettings(o, section.OptionalText("value_column"), section.Text("out", Default.Out))
        {
            Rules = offers.Length == 0 ? [] : [.. offers.Select(pair => pair.Rule)],
            Values = section.OptionalText("values"),
            Fatigue = FatigueSettings.Read(section.Nested("fatigue")),
            ControlShare = control.Within("share", 0, "a number from 0, below 1", share => share is >= 0 and < 1),
            ControlSeed = control.Seed("seed", 0),
            Rule = section.OptionalText("rule"),
            Listing = section.OptionalText("listing"),
            WhatIf = section.OptionalText("what_if"),
            Date = section.Instant("date"),
        };
        control.Close();
        if (settings.Values is not null && settings.ValueColumn is not null)
            throw section.Unusable("values", "one of `values` and `value_column`");
        section.Close();
        o.Validate();
        return settings;
    }

    /// <summary>The settings with their paths from the project's folder.</summary>
    internal DecisionSettings Resolve(ProjectConfig project) => this with
    {
        Out = project.Resolve(Out),
        Values = Values is null ? null : project.Resolve(Values),
        Listing = Listing is null ? null : project.Resolve(Listing),
        WhatIf = WhatIf is null ? null : project.Resolve(WhatIf),
        Fatigue = Fatigue is null ? null : Fatigue with { Contacts = project.Resolve(Fatigue.Contacts) },
    };
}

/// <summary>Who may have an offer, and how it works on whom.</summary>
/// <param name="Place">Where it stands, for errors.</param>
/// <param name="Eligible">Condition on columns of the scores; null: everybody.</param>
/// <param name="Segment">Column of the scores whose texts have save rates of their own; null: the same for all.</param>
/// <param name="Rates">Save rate by text of that column.</param>
public sealed record OfferRule(string Place, string? Eligible, string? Segment, IReadOnlyDictionary<string, double> Rates)
{
    internal static (Offer Offer, OfferRule Rule) Read(ConfigSection item, DecisionOptions options)
    {
        string name = item.Text("name", "");
        bool perSegment = item.IsMapping("save_rate");
        ConfigSection? segments = perSegment ? item.Nested("save_rate") : null;
        double rate = segments is null ? item.Share("save_rate", options.SaveRate) : segments.Share("otherwise", 0);
        Dictionary<string, double> rates = [];
        foreach ((string text, string value) in segments?.Entries("rates") ?? [])
        {
            rates[text] = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1
                ? share
                : throw segments!.Unusable("rates", "a number from 0 to 1 for each text");
        }
        string? column = segments?.OptionalText("column");
        if (segments is not null && (column is null || rates.Count == 0))
            throw item.Unusable("save_rate", "a number, or { column: NAME, rates: { text: number, ... }, otherwise: number }");
        segments?.Close();
        var offer = new Offer
        {
            Name = name,
            Cost = item.Number("cost", options.Cost),
            SaveRate = rate,
            Capacity = item.OptionalAtLeast("capacity", 1) ?? 0,
        };
        var rule = new OfferRule(name, item.OptionalText("eligible"), column, rates);
        if (rule.Eligible is not null)
            rule = rule with { Place = $"{item.At("eligible")}, offer '{name}'" };
        item.Close();
        return (offer, rule);
    }
}

/// <summary>Whom to leave alone because they were contacted lately: <c>decisions: { fatigue: ... }</c>.</summary>
/// <param name="Contacts">File, glob or folder of earlier contacts; earlier plans will do.</param>
/// <param name="Key">Its column with the customer.</param>
/// <param name="Time">Its column with the day or instant.</param>
/// <param name="NotWithinDays">Not again within so many days of a contact; 0 for no such rule.</param>
/// <param name="Most">At most so many contacts within <paramref name="PerDays"/>; 0 for no such rule.</param>
/// <param name="PerDays">Days of that period.</param>
public sealed record FatigueSettings(string Contacts, string Key, string Time, int NotWithinDays, int Most, int PerDays)
{
    internal static FatigueSettings? Read(ConfigSection section)
    {
        if (!section.IsThere)
            return null;
        var settings = new FatigueSettings(section.Text("contacts", ""), section.Text("key", "customer_id"), section.Text("time", "date"),
            section.AtLeast("not_within_days", 0, 0), section.AtLeast("most", 0, 0), section.AtLeast("per_days", 1, 90));
        section.Close();
        return settings.Contacts.Length > 0 && (settings.NotWithinDays > 0 || settings.Most > 0) ? settings : throw DecideErrors.NoFatigueRule();
    }
}

/// <summary>What the command line gave of decisions; null leaves the project's. Meanings and ranges are those of <see cref="DecisionOptions"/> and <see cref="DecisionSettings"/>.</summary>
public sealed record DecisionOverrides
{
    /// <summary>What a customer is worth.</summary>
    public double? Value { get; init; }

    /// <summary>Column of the scores that says what each customer is worth.</summary>
    public string? ValueColumn { get; init; }

    /// <summary>Folder of scores of a value model.</summary>
    public string? Values { get; init; }

    /// <summary>Share of contacted churners that stay.</summary>
    public double? SaveRate { get; init; }

    /// <summary>Cost of one contact.</summary>
    public double? Cost { get; init; }

    /// <summary>Most contacts a day; 0 is no limit.</summary>
    public int? Capacity { get; init; }

    /// <summary>Most to spend.</summary>
    public double? Budget { get; init; }

    /// <summary>Days of the plan.</summary>
    public int? Days { get; init; }

    /// <summary>First day, microseconds since 1970 UTC.</summary>
    public long? Date { get; init; }

    /// <summary>Share left alone to measure against, from 0 and below 1.</summary>
    public double? ControlShare { get; init; }

    /// <summary>File to write.</summary>
    public string? Out { get; init; }

    /// <summary>File for what was decided about everybody.</summary>
    public string? Listing { get; init; }

    /// <summary>Folder for the curves.</summary>
    public string? WhatIf { get; init; }

    /// <summary>Decides on probabilities that are not calibrated; recorded.</summary>
    public bool AllowUncalibrated { get; init; }

    /// <summary>Decides and writes nothing.</summary>
    public bool DryRun { get; init; }

    internal DecisionSettings Apply(DecisionSettings settings)
    {
        // In churn.yaml they may stand beside offers, as what an offer has that says nothing else; a flag that does nothing is a mistake.
        if (settings.Options.Offers.Count > 0 && (Cost is not null || SaveRate is not null))
            throw DecideErrors.FlagBesideOffers(Cost is not null ? "--cost" : "--save-rate");
        if (ControlShare is not (null or (>= 0 and < 1)))
            throw DecideErrors.BadControlShare(ControlShare.Value);
        if (Values is not null && ValueColumn is not null)
            throw DecideErrors.TwoValues();
        return settings with
        {
            Options = settings.Options with
            {
                Value = Value ?? settings.Options.Value,
                SaveRate = SaveRate ?? settings.Options.SaveRate,
                Cost = Cost ?? settings.Options.Cost,
                Capacity = Capacity ?? settings.Options.Capacity,
                Budget = Budget ?? settings.Options.Budget,
                Days = Days ?? settings.Options.Days,
            },
            ValueColumn = Values is null ? ValueColumn ?? settings.ValueColumn : null,
            Values = ValueColumn is null ? Values ?? settings.Values : null,
            Date = Date ?? settings.Date,
            ControlShare = ControlShare ?? settings.ControlShare,
            Out = Out ?? settings.Out,
            Listing = Listing ?? settings.Listing,
            WhatIf = WhatIf ?? settings.WhatIf,
        };
    }
}
