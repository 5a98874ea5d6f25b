using System.Globalization;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

/// <summary>A choice of features, <c>train: { select: { method: null } }</c>, and <c>--select null|permutation[:N]</c>.</summary>
internal static class SelectSettings
{
    private const string None = "none", Null = "null", Permutation = "permutation";

    /// <summary>How <c>--select</c> is written.</summary>
    public const string Form = "none, null, permutation, or either with the most features to keep, such as permutation:20";

    public static FeatureSelection? Read(ConfigSection section)
    {
        FeatureSelection o = new();
        string method = section.OneOf("method", None, Null, Permutation);
        var selection = o with
        {
            Method = method == Permutation ? SelectionMethod.Permutation : SelectionMethod.Null,
            Most = section.OptionalAtLeast("most", 1),
            Rounds = section.AtLeast("rounds", 2, o.Rounds),
            Quantile = section.Share("quantile", o.Quantile),
            Seed = section.Seed("seed", o.Seed),
        };
        section.Close();
        return method == None ? null : selection;
    }

    /// <summary>What the command line asks for, with the project's other settings.</summary>
    /// <remarks>Errors: CE1134.</remarks>
    public static FeatureSelection? Parse(string text, FeatureSelection? project)
    {
        string[] parts = text.Split(':', 2);
        int? most = parts.Length == 1 ? null : int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 ? value : throw DesignErrors.BadSelection(text);
        FeatureSelection selection = (project ?? new()) with { Most = most ?? project?.Most };
        return parts[0] switch
        {
            None when most is null => null,
            Null => selection with { Method = SelectionMethod.Null },
            Permutation => selection with { Method = SelectionMethod.Permutation },
            _ => throw DesignErrors.BadSelection(text),
        };
    }
}
