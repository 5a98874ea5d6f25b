using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.ModelSamples;

/// <summary>What a random model is made of.</summary>
internal sealed record ModelShape
{
    public int Features { get; init; } = 8;
    public int Trees { get; init; } = 20;
    public int Leaves { get; init; } = 15;

    /// <summary>Categories of every third feature; 0: all features are numeric.</summary>
    public int Categories { get; init; } = 12;

    /// <summary>Codes in a set at most.</summary>
    public int SetSize { get; init; } = 6;

    /// <summary>Each split under the right child of the one before: as deep as it has leaves.</summary>
    public bool Chain { get; init; }

    public bool Covers { get; init; } = true;
}

/// <summary>Seeded random models and rows to try them with.</summary>
internal static class RandomModels
{
    public static ChurnModel Create(int seed, ModelShape shape)
    {
        var random = new Random(seed);
        FeatureInfo[] features = [.. Enumerable.Range(0, shape.Features).Select(i => Feature(i, shape))];
        return new ChurnModel
        {
            Predictor = new TreeEnsemble
            {
                FeatureCount = shape.Features,
                BaseMargin = random.NextDouble() - 1.5,
                Trees = [.. Enumerable.Range(0, shape.Trees).Select(_ => Tree(random, features, shape))],
            },
            Calibration = new SigmoidCalibration(0.5 + random.NextDouble(), random.NextDouble() - 0.5),
            Metadata = new ModelMetadata { Features = features, EngineVersion = "0.1.0" },
        };
    }

    /// <summary>The same trees as a model of a value, their leaves and base so many times as large.</summary>
    public static ChurnModel Regression(int seed, ModelShape shape, double scale, OutputLink link = OutputLink.Identity)
    {
        ChurnModel model = Create(seed, shape);
        return new ChurnModel
        {
            Predictor = new TreeEnsemble
            {
                FeatureCount = model.Ensemble.FeatureCount,
                BaseMargin = model.Ensemble.BaseMargin * scale,
                Trees =
                [
                    .. model.Ensemble.Trees.Select(tree => new DecisionTree
                    {
                        Feature = tree.Feature,
                        Threshold = tree.Threshold,
                        LeftCategories = tree.LeftCategories,
                        MissingGoesLeft = tree.MissingGoesLeft,
                        Left = tree.Left,
                        Right = tree.Right,
                        LeafValue = [.. tree.LeafValue.Select(value => value * scale)],
                        LeafCover = tree.LeafCover,
                    }),
                ],
            },
            Metadata = model.Metadata with { Task = ModelTask.Regression, TrainingMean = 1234.5, Link = link },
        };
    }

    /// <summary>Rows with values anywhere, and often exactly at a threshold, beside one, or at the edges of float.</summary>
    public static float[] Rows(int seed, ChurnModel model, int count)
    {
        var random = new Random(seed);
        int width = model.Ensemble.FeatureCount;
        var thresholds = model.Ensemble.Trees
            .SelectMany(t => Enumerable.Range(0, t.NodeCount).Where(n => t.LeftCategories[n] is null).Select(n => (Feature: t.Feature[n], Value: t.Threshold[n])))
            .ToLookup(p => p.Feature, p => p.Value);
        float[][] near = [.. Enumerable.Range(0, width).Select(f => thresholds[f].SelectMany(t => new[] { t, float.BitIncrement(t), float.BitDecrement(t) }).ToArray())];
        float[] rows = new float[count * width];
        for (int i = 0; i < rows.Length; i++)
        {
            int feature = i % width;
            int categories = model.Metadata.Features[feature].Categories.Count;
            rows[i] = categories > 0 ? Code(random, categories) : Number(random, near[feature]);
        }
        return rows;
    }

    private static float Number(Random random, float[] near) => random.Next(10) switch
    {
        0 => float.NaN,
        1 => Hostile[random.Next(Hostile.Length)],
        < 6 when near.Length > 0 => near[random.Next(near.Length)],
        _ => (float)(random.NextDouble() * 8 - 4),
    };

    // Codes beyond the dictionary, negative ones should not come, and must not differ between walks if they do.
    private static float Code(Random random, int categories) => random.Next(12) switch
    {
        0 => float.NaN,
        1 => HostileCodes[random.Next(HostileCodes.Length)],
        _ => random.Next(categories + 2),
    };

    private static readonly float[] Hostile = [float.PositiveInfinity, float.NegativeInfinity, -0f, 0f, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, float.NaN];
    private static readonly float[] HostileCodes = [-1, -0f, float.PositiveInfinity, float.NegativeInfinity, 1e9f, 1e20f, 64, 128, 16_777_216];

    private static FeatureInfo Feature(int index, ModelShape shape)
    {
        bool categorical = shape.Categories > 0 && index % 3 == 1;
        return new()
        {
            Name = $"feature_{index}",
            Unit = categorical ? "" : "days",
            Kind = categorical ? FeatureKind.Categorical : FeatureKind.Numeric,
            Categories = categorical ? [.. Enumerable.Range(0, shape.Categories).Select(c => $"kind é {c}")] : [],
        };
    }

    private static DecisionTree Tree(Random random, FeatureInfo[] features, ModelShape shape)
    {
        int leaves = Math.Max(1, shape.Leaves - random.Next(Math.Min(3, shape.Leaves)));
        var builder = new Builder(leaves - 1);
        builder.Grow(leaves - 1, () => shape.Chain ? builder.LastRight : random.Next(builder.OpenCount));
        int[] feature = [.. builder.Left.Select(_ => random.Next(features.Length))];
        CategorySet?[] sets = [.. feature.Select(f => features[f].Categories.Count == 0 ? null : Set(random, features[f].Categories.Count, shape.SetSize))];
        return new()
        {
            Feature = feature,
            LeftCategories = sets,
            Threshold = [.. sets.Select(s => s is null ? Threshold(random) : float.NaN)],
            MissingGoesLeft = [.. feature.Select(_ => random.Next(2) == 0)],
            Left = builder.Left,
            Right = builder.Right,
            LeafValue = [.. Enumerable.Range(0, leaves).Select(_ => (random.NextDouble() - 0.5) / 4)],
            LeafCover = [.. Enumerable.Range(0, shape.Covers ? leaves : 0).Select(_ => random.NextDouble() * 1000)],
        };
    }

    private static float Threshold(Random random) => random.Next(20) switch
    {
        0 => 0f,
        1 => -0f,
        2 => float.NegativeInfinity,
        3 => float.MaxValue,
        _ => (float)(random.NextDouble() * 8 - 4),
    };

    private static CategorySet Set(Random random, int categories, int size) =>
        new(Enumerable.Range(0, random.Next(size + 1)).Select(_ => random.Next(categories)));

    /// <summary>Splits open leaves one by one; what is still open at the end is a leaf.</summary>
    private sealed class Builder(int nodes)
    {
        private readonly List<(int Node, bool IsLeft)> _open = [(-1, false)];

        public int[] Left { get; } = new int[nodes];
        public int[] Right { get; } = new int[nodes];
        public int OpenCount => _open.Count;
        public int LastRight => _open.Count - 1;

        public void Grow(int splits, Func<int> pick)
        {
            for (int node = 0; node < splits; node++)
            {
                int index = pick();
                Attach(_open[index], node);
                _open.RemoveAt(index);
                _open.Add((node, true));
                _open.Add((node, false));
            }
            for (int leaf = 0; leaf < _open.Count; leaf++)
                Attach(_open[leaf], ~leaf);
        }

        private void Attach((int Node, bool IsLeft) place, int child)
        {
            if (place.Node < 0)
                return;
            (place.IsLeft ? Left : Right)[place.Node] = child;
        }
    }
}
