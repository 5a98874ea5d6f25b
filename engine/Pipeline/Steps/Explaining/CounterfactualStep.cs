using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Explain;
using ChurnEngine.Features;
using ChurnEngine.Models;

namespace ChurnEngine.Pipeline;

/// <summary>What to ask beside why: what would have to be otherwise.</summary>
/// <param name="Actionable">What can be changed.</param>
/// <param name="Target">Probability to come below; null: the threshold from which the customer is flagged.</param>
public sealed record CounterfactualQuestion(IReadOnlyList<ActionableRule> Actionable, double? Target)
{
    /// <summary>The question that the command line and the project put together.</summary>
    /// <param name="actionable">Such as <c>plays_30d:increase,plan</c>; null: those of the project.</param>
    /// <param name="target">Probability; null for the threshold.</param>
    /// <param name="project">Null of a plain table.</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1192, CE1198.</remarks>
    public static CounterfactualQuestion Of(string? actionable, double? target, ProjectConfig? project) => target is not (null or > 0 and < 1)
        ? throw ExplainingErrors.BadTarget(target.Value)
        : new CounterfactualQuestion(actionable is null ? project?.Actionable ?? [] : ActionableSettings.Parse(actionable), target);
}

/// <summary>One feature that would have to be otherwise.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="From">Its value now, in words.</param>
/// <param name="To">The value that would do.</param>
/// <param name="Value">The same as a number; of a category its code.</param>
/// <param name="Spreads">How far that is, in standard deviations of the training rows; 1 for another category.</param>
public sealed record CounterfactualChange(string Feature, string From, string To, double Value, double Spreads);

/// <summary>The smallest change that brings a customer's probability below a target.</summary>
/// <param name="Target">Probability to come below.</param>
/// <param name="IsReached">True when the changes do it, as the backend that serves the model says itself.</param>
/// <param name="IsExact">True when nothing smaller does it; when it is not reached, that nothing does.</param>
/// <param name="Predicted">Probability after the changes; without any, the one now.</param>
/// <param name="Changes">What changes; empty when nothing need or can.</param>
/// <param name="Distance">Sum of the spreads.</param>
/// <param name="LeastChanges">Fewer features cannot do it: proved.</param>
/// <param name="LeastDistance">With that many, a shorter distance cannot: proved.</param>
/// <param name="Boxes">Boxes of combinations that were looked at, of <see cref="CounterfactualSearch.MostBoxes"/> at most.</param>
/// <param name="Notes">What a reader should know, one sentence each.</param>
public sealed record CounterfactualReport(double Target, bool IsReached, bool IsExact, double Predicted, IReadOnlyList<CounterfactualChange> Changes, double Distance, int LeastChanges, double LeastDistance, long Boxes, IReadOnlyList<string> Notes);

/// <summary>Finds the smallest change among features that can be acted on.</summary>
internal static class CounterfactualStep
{
    // Backends agree on a probability to some 1e-7: what is found must hold for each.
    private const double BackendTolerance = 1e-6;

    /// <summary>Refuses a question that the model cannot answer, before data is read.</summary>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE1190, CE1191, CE1193, CE1198.</remarks>
    public static void Check(ChurnModel model, CounterfactualQuestion question)
    {
        if (model.Predictor is not TreeEnsemble || model.Metadata.Task != ModelTask.Classification)
            throw ExplainingErrors.NoCounterfactuals(model.Version);
        if (question.Actionable.Count == 0)
            throw ExplainingErrors.NothingActionable(model.Metadata.Features.Select(feature => feature.Name));
        ActionableSettings.Check(question.Actionable, model.Metadata.Features);
    }

    /// <summary>Searches, and asks the backend whether what was found holds.</summary>
    public static CounterfactualReport Run(ServedModel served, float[] row, CounterfactualQuestion question, CancellationToken cancellation)
    {
        ModelMetadata metadata = served.Model.Metadata;
        double target = question.Target ?? new FlagRule(metadata).Of(row);
        ActionableFeature[] actions = [.. question.Actionable.DistinctBy(rule => rule.Feature).Select(rule => ActionOf(rule, metadata))];
        Counterfactual found = CounterfactualSearch.Find(served.Model.Ensemble, row, actions, margin => served.Model.Calibration.Probability(margin) < target - BackendTolerance, cancellation: cancellation);
        float[] changed = [.. row], predicted = new float[1], margins = new float[1];
        foreach (FeatureChange change in found.Changes)
            changed[change.Feature] = change.To;
        served.Backend.Predict(changed, predicted, margins);
        if (found.IsReached && !(predicted[0] < target))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"backend {served.Backend.Name} says {predicted[0]:R} of a counterfactual below {target:R}"));
        return new CounterfactualReport(
            target, found.IsReached, found.IsExact, predicted[0],
            [.. found.Changes.Select(change => new CounterfactualChange(metadata.Features[change.Feature].Name, ValueFormat.Text(metadata.Features[change.Feature], change.From), ValueFormat.Text(metadata.Features[change.Feature], change.To), change.To, change.Distance))],
            found.Distance, found.LeastChanges, found.LeastDistance, found.Boxes, [.. Notes(served, row, actions, found)]);
    }

    private static ActionableFeature ActionOf(ActionableRule rule, ModelMetadata metadata)
    {
        int index = Enumerable.Range(0, metadata.Features.Count).First(i => metadata.Features[i].Name == rule.Feature);
        FeatureInfo feature = metadata.Features[index];
        bool isCategory = feature.Kind == FeatureKind.Categorical;
        return new ActionableFeature(index)
        {
            CanRise = rule.Direction != "decrease",
            CanFall = rule.Direction != "increase",
            Least = (float)(rule.Least ?? double.NegativeInfinity),
            Most = (float)(rule.Most ?? double.PositiveInfinity),
            IsWhole = feature.Unit == "count",
            Spread = metadata.Distributions.ElementAtOrDefault(index)?.Deviation is { } deviation && deviation > 0 ? deviation : 1,
            Codes = isCategory ? [.. Enumerable.Range(0, feature.Categories.Count).Where(code => rule.Values.Count == 0 || rule.Values.Contains(feature.Categories[code]))] : null,
        };
    }

    private static IEnumerable<string> Notes(ServedModel served, float[] row, ActionableFeature[] actions, Counterfactual found)
    {
        IReadOnlyList<FeatureInfo> features = served.Model.Metadata.Features;
        foreach (ActionableFeature action in actions.Where(action => !float.IsFinite(row[action.Feature])))
            yield return $"{features[action.Feature].Name} is not known, so nothing was changed about it";
        foreach (ActionableFeature action in actions.Where(action => action.Codes is null && served.Model.Metadata.Distributions.ElementAtOrDefault(action.Feature)?.Deviation is not > 0))
            yield return $"the model does not say how {features[action.Feature].Name} spreads: its changes are counted in its own unit";
        HashSet<string> changed = [.. found.Changes.Select(change => features[change.Feature].Name)];
        foreach (FeatureFact fact in FeatureFact.Of(served.Plan).Where(fact => fact.MadeOf.Any(changed.Contains) && !changed.Contains(fact.Name)))
            yield return $"{fact.Name} is made of {string.Join(" and ", fact.MadeOf.Where(changed.Contains))} and was left as it is: a real change would move it too";
    }
}
