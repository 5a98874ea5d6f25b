using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;

namespace ChurnEngine.Pipeline;

/// <summary>A feature in words.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit; empty for none.</param>
/// <param name="Family">Features that tell one fact.</param>
/// <param name="Says">What it computes.</param>
/// <param name="From">What it reads: a table and its file, or other features.</param>
/// <param name="Sees">Which rows it may see at an instant t.</param>
public sealed record ExplainedFeature(string Name, string Unit, string Family, string Says, string From, string Sees);

/// <summary>A table of a plan.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">File, folder or pattern; empty in a model, which knows no paths.</param>
/// <param name="Holds">Events, attributes, or one row a customer.</param>
public sealed record ExplainedTable(string Name, string Source, string Holds);

/// <summary>A plan in words.</summary>
/// <param name="Source">File it was read from.</param>
/// <param name="Entity">Name of the customer's key.</param>
/// <param name="PlanHash">Hash of the plan.</param>
/// <param name="Label">What counts as churn; null without a label.</param>
/// <param name="Tables">In plan order.</param>
/// <param name="Features">In plan order.</param>
/// <param name="Warnings">What the user should know, one sentence each.</param>
public sealed record PlanReport(string Source, string Entity, string PlanHash, string? Label, IReadOnlyList<ExplainedTable> Tables, IReadOnlyList<ExplainedFeature> Features, IReadOnlyList<string> Warnings);

/// <summary>Explains a plan without reading data.</summary>
public static class ExplainPlanStep
{
    /// <summary>Reads a project file, or the plan inside a model.</summary>
    /// <param name="path">A YAML file, or an ONNX file of ours.</param>
    /// <param name="filter">Only features whose names hold this, case aside; null for all.</param>
    /// <remarks>Errors: those of reading either; <see cref="ChurnConfigException"/> CE3002 when no name holds the filter.</remarks>
    public static PlanReport Run(string path, string? filter)
    {
        FeaturePlan plan = path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
            ? ServedModel.PlanIn(ModelFile.Load(path), path)
            : ProjectConfig.Load(path).Plan;
        FeatureExplanation[] features = [.. PlanExplanation.Of(plan).Where(feature => filter is null || feature.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        if (features.Length == 0)
            throw PipelineErrors.NoSuchFeature(filter!, plan.Features.Select(feature => feature.Name));
        return new PlanReport(path, plan.Entity, plan.Hash, PlanExplanation.OfLabel(plan), [.. plan.Tables.Select(Explain)],
            [.. features.Select(f => new ExplainedFeature(f.Name, f.Unit, f.Family, f.Says, f.From, f.Sees))], plan.Warnings);
    }

    private static ExplainedTable Explain(PlanTable table)
    {
        string known = table.Known is { } column ? $", known at {column}" : "";
        string holds = table.Time is { } time ? $"events at {time}{known}" : table.ValidFrom is { } from ? $"attributes from {from}{known}" : "one row a customer, visible at every instant";
        return new ExplainedTable(table.Name, table.Source?.Path ?? "", holds);
    }
}
