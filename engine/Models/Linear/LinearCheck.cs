using ChurnEngine.Columns;

namespace ChurnEngine.Models;

/// <summary>Finds what is wrong with a linear model before it gives a margin that is no number.</summary>
internal static class LinearCheck
{
    /// <summary>Describes the first fault, or returns null when every row has a finite margin.</summary>
    /// <param name="model">The model.</param>
    /// <param name="features">[F] features as the metadata names them.</param>
    public static string? FirstFault(LinearModel model, IReadOnlyList<FeatureInfo> features)
    {
        if (model.FeatureCount < 1)
            return $"{model.FeatureCount} features";
        if (!double.IsFinite(model.BaseMargin))
            return $"base margin {model.BaseMargin}";
        // Slots of the file's table are found by adding in float.
        if (model.Terms.Sum(term => (long)term.CategoryEffects.Length + LinearCodec.SlotsBeside) > CategorySet.MostCodes)
            return $"more than {CategorySet.MostCodes} categories";
        for (int feature = 0; feature < Math.Min(model.FeatureCount, features.Count); feature++)
        {
            LinearTerm term = model.Terms[feature];
            if (term.Kind != features[feature].Kind)
                return $"term {feature} is {term.Kind.ToString().ToLowerInvariant()}, its feature is not";
            if (term.Kind == FeatureKind.Numeric && term.CategoryEffects.Length > 0)
                return $"term {feature} is numeric and has categories";
            if (!double.IsFinite(term.Coefficient) || !double.IsFinite(term.Mean) || !double.IsFinite(term.PresentEffect) || !double.IsFinite(term.MissingEffect)
                || !double.IsFinite(term.OtherEffect) || !term.CategoryEffects.All(double.IsFinite))
                return $"term {feature} is not finite";
        }
        return null;
    }
}
