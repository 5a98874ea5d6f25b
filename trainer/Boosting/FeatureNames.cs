using ChurnEngine.Columns;

namespace ChurnEngine.Trainer;

/// <summary>Finds features that an option names.</summary>
internal static class FeatureNames
{
    /// <summary>Index of the feature of a name.</summary>
    /// <remarks>Errors: CE4007 with the nearest name when there is none.</remarks>
    public static int Find(IReadOnlyList<FeatureInfo> features, string name, string option)
    {
        for (int feature = 0; feature < features.Count; feature++)
        {
            if (features[feature].Name == name)
                return feature;
        }
        string nearest = Suggestion.For(name, features.Select(feature => feature.Name));
        throw TrainerErrors.OptionOutOfRange(option, $"names of features ({nearest})", name);
    }
}
