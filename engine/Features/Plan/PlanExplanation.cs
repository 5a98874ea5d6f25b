using System.Globalization;

namespace ChurnEngine.Features;

/// <summary>What one feature is, in words.</summary>
/// <param name="Name">Column of the matrix.</param>
/// <param name="Unit">Its unit; empty when the plan says none.</param>
/// <param name="Family">Features that tell one fact; empty for none.</param>
/// <param name="Says">What it computes.</param>
/// <param name="From">Table that it reads, or the features that it is made of.</param>
/// <param name="Sees">Which rows it may see at an instant t.</param>
public sealed record FeatureExplanation(string Name, string Unit, string Family, string Says, string From, string Sees);

/// <summary>Says in words what a plan computes, what each feature reads and what it may see.</summary>
public static class PlanExplanation
{
    /// <summary>One explanation a feature, in plan order.</summary>
    public static IReadOnlyList<FeatureExplanation> Of(FeaturePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. plan.Definitions.Select(feature => Explain(feature, plan))];
    }

    /// <summary>What counts as churn, or what number is predicted, in words; null without a label.</summary>
    public static string? OfLabel(FeaturePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Label switch
        {
            null => null,
            { IsNumberColumn: true } label => $"the number in column '{label.Column}' of table '{label.Table}'",
            { Column.Length: > 0 } label => $"column '{label.Column}' of table '{label.Table}' is '{label.Positive}'",
            { Target: { } target } label => $"{target.Value.Replace("\"", "", StringComparison.Ordinal)} of {RowsOf(target.Where)} of table '{target.Table}' in {label.WindowText}{(label.Condition.Length > 0 ? $", of customers who have not left: in table '{label.Table}', {label.Condition}" : "")}",
            { } label => $"in table '{label.Table}': {label.Condition}, in {label.WindowText}",
        };
    }

    private static string RowsOf(WhereClause where) => where.Canonical.Length == 0 ? "all rows" : $"rows with {where.Canonical.Replace("\"", "", StringComparison.Ordinal)}";

    private static FeatureExplanation Explain(FeatureDefinition feature, FeaturePlan plan)
    {
        string says = Says(feature, plan) + Adjusted(feature.Adjustment);
        if (feature.IsDerived)
        {
            string inputs = string.Join(", ", feature.Inputs.Select(i => plan.Definitions[i].Name));
            string sees = feature.UsesPopulation ? "what those features see, of every customer at risk at t" : "what those features see";
            return new(feature.Name, feature.Unit, feature.Family, says, inputs, sees);
        }
        PlanTable table = plan.Tables.First(t => t.Name == feature.Table);
        return new(feature.Name, feature.Unit, feature.Family, says, table.Name, Sees(feature, table));
    }

    private static string Says(FeatureDefinition feature, FeaturePlan plan)
    {
        string Name(int input) => plan.Definitions[feature.Inputs[input]].Name;
        string perDay = feature.PerDay ? ", each divided by the days of its window first" : "";
        return feature.Aggregate switch
        {
            Aggregate.Ratio => $"{Name(0)} / {Name(1)}{perDay}; missing where the lower one is 0",
            Aggregate.Difference => $"{Name(0)} - {Name(1)}{perDay}",
            Aggregate.Expression => feature.Expression!.Text(i => plan.Definitions[i].Name).Replace("\"", "", StringComparison.Ordinal),
            Aggregate.Rank => $"share of the customers at risk at t whose {Name(0)} is lower, ties by half",
            Aggregate.Quantile => $"class 0 to {feature.Parts - 1} of {Name(0)} among the customers at risk at t",
            Aggregate.Latest => $"{feature.Column} of the latest row",
            _ => $"{feature.Value.Replace("\"", "", StringComparison.Ordinal)}: {AggregateForm.Of(feature.Aggregate)!.Says}",
        };
    }

    private static string Adjusted(Adjustment adjustment)
    {
        string[] parts = [.. adjustment.Parts().Select(part => part.Replace("\"", "", StringComparison.Ordinal))];
        return parts.Length == 0 ? "" : $"; then {string.Join(", ", parts)}";
    }

    private static string Sees(FeatureDefinition feature, PlanTable table)
    {
        string where = RowsOf(feature.Where);
        if (table.IsStatic)
            return $"{where}, whenever they were written: the table has no instants";
        string window = feature.Window > 0 ? string.Create(CultureInfo.InvariantCulture, $"{table.Instant} in [t - {Duration.Write(feature.Window)}, t)") : $"{table.Instant} < t";
        string known = table.Known is null ? "taken as known when they happened" : $"{table.Known} <= t";
        return $"{where}, {window}, {known}";
    }
}
