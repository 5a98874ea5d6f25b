using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.ModelSamples;

/// <summary>Seeded stacks: random trees, and a random linear form of the same features.</summary>
internal static class RandomStacks
{
    public static ChurnModel Create(int seed, ModelShape shape)
    {
        ChurnModel trees = RandomModels.Create(seed, shape);
        var random = new Random(seed + 1);
        var linear = new LinearModel { BaseMargin = random.NextDouble(), Terms = [.. trees.Metadata.Features.Select(feature => Term(random, feature))] };
        return new ChurnModel
        {
            Predictor = StackedModel.Of([(trees.Predictor, 0.7), (linear, 0.4)], 0.1),
            Calibration = trees.Calibration,
            Metadata = trees.Metadata,
        };
    }

    /// <summary>Rows as the trees want them, without values so large that their linear term takes the digits of all others.</summary>
    public static float[] Rows(int seed, ChurnModel model, int count)
    {
        var trees = new ChurnModel { Predictor = ((StackedModel)model.Predictor).Trees, Metadata = model.Metadata };
        return [.. RandomModels.Rows(seed, trees, count).Select(value => Math.Abs(value) is > 1e6f and < float.PositiveInfinity ? 1000 : value)];
    }

    private static LinearTerm Term(Random random, FeatureInfo feature) => feature.Kind == FeatureKind.Categorical
        ? new LinearTerm { Kind = FeatureKind.Categorical, CategoryEffects = [.. feature.Categories.Select(_ => random.NextDouble() - 0.5)], OtherEffect = 0.2, MissingEffect = -0.3 }
        : new LinearTerm { Kind = FeatureKind.Numeric, Mean = random.NextDouble(), Coefficient = random.NextDouble() / 50 - 0.01, PresentEffect = 0.01, MissingEffect = random.NextDouble() - 0.5 };
}
