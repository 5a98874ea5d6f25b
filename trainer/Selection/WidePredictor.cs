using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Puts a predictor of some features back among all of them: it reads rows of all, and looks at its own.</summary>
internal static class WidePredictor
{
    /// <summary>What was trained, as of all features.</summary>
    /// <param name="trained">Of the features chosen.</param>
    /// <param name="columns">[K] their positions, ascending.</param>
    /// <param name="features">[F] all features.</param>
    public static TrainedPredictor Of(TrainedPredictor trained, int[] columns, IReadOnlyList<FeatureInfo> features)
    {
        var importance = new FeatureImportance[trained.Importance.Count == 0 ? 0 : features.Count];
        for (int i = 0; i < trained.Importance.Count; i++)
            importance[columns[i]] = trained.Importance[i];
        return trained with
        {
            Predictor = trained.Predictor switch
            {
                TreeEnsemble trees => Widen(trees, columns, features.Count),
                LinearModel linear => Widen(linear, columns, features),
                StackedModel stack => new StackedModel(Widen(stack.Trees, columns, features.Count), Widen(stack.Linear, columns, features)),
                IPredictor other => throw new NotSupportedException($"{other.GetType().Name} cannot be widened"),
            },
            Importance = importance,
        };
    }

    private static TreeEnsemble Widen(TreeEnsemble trees, int[] columns, int count) => new()
    {
        FeatureCount = count,
        BaseMargin = trees.BaseMargin,
        Trees = [.. trees.Trees.Select(tree => new DecisionTree
        {
            Feature = Array.ConvertAll(tree.Feature, feature => columns[feature]),
            Threshold = tree.Threshold,
            LeftCategories = tree.LeftCategories,
            MissingGoesLeft = tree.MissingGoesLeft,
            Left = tree.Left,
            Right = tree.Right,
            LeafValue = tree.LeafValue,
            LeafCover = tree.LeafCover,
        })],
    };

    private static LinearModel Widen(LinearModel linear, int[] columns, IReadOnlyList<FeatureInfo> features)
    {
        LinearTerm[] terms = [.. features.Select(feature => new LinearTerm { Kind = feature.Kind })];
        for (int i = 0; i < columns.Length; i++)
            terms[columns[i]] = linear.Terms[i];
        return new LinearModel { BaseMargin = linear.BaseMargin, Terms = terms };
    }
}
