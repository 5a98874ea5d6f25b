using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.ModelSamples;

/// <summary>Seeded random linear models and rows to try them with.</summary>
internal static class RandomLinearModels
{
    /// <summary>Which features a model has, by name.</summary>
    public static IReadOnlyDictionary<string, string> Shapes { get; } = new Dictionary<string, string>
    {
        ["mixed"] = "ncnnccncn",
        ["numbers only"] = "nnnnn",
        ["categories only"] = "ccc",
        ["one number"] = "n",
        ["one category"] = "c",
        ["wide"] = new string('n', 150) + new string('c', 20),
    };

    public static ChurnModel Create(int seed, string shape)
    {
        var random = new Random(seed);
        string kinds = Shapes[shape];
        FeatureInfo[] features = [.. kinds.Select((kind, i) => new FeatureInfo
        {
            Name = $"feature_{i}",
            Kind = kind == 'c' ? FeatureKind.Categorical : FeatureKind.Numeric,
            Categories = kind == 'c' ? [.. Enumerable.Range(0, 12).Select(code => $"kind {code}")] : [],
        })];
        return new ChurnModel
        {
            Predictor = new LinearModel { BaseMargin = random.NextDouble() - 1.5, Terms = [.. kinds.Select(kind => kind == 'c' ? Category(random) : Number(random))] },
            Calibration = new SigmoidCalibration(0.5 + random.NextDouble(), random.NextDouble() - 0.5),
            Metadata = new ModelMetadata
            {
                Features = features,
                EngineVersion = "0.1.0",
                Coefficients = [new(ModelCoefficient.InterceptName, "", 0.25, 0), new("feature_0", ModelCoefficient.MissingLevel, 1 / 3.0, -1e-300)],
            },
        };
    }

    /// <summary>Rows with missing and infinite values, values far away, and codes of every sort.</summary>
    public static float[] Rows(int seed, ChurnModel model, int count)
    {
        var random = new Random(seed);
        int width = model.Metadata.Features.Count;
        float[] rows = new float[count * width];
        for (int i = 0; i < rows.Length; i++)
        {
            bool isCode = model.Metadata.Features[i % width].Kind == FeatureKind.Categorical;
            rows[i] = random.Next(12) switch
            {
                0 => float.NaN,
                1 => s_hostile[random.Next(s_hostile.Length)],
                _ => isCode ? random.Next(14) : (float)(random.NextDouble() * 200 - 50),
            };
        }
        return rows;
    }

    private static readonly float[] s_hostile =
        [float.PositiveInfinity, float.NegativeInfinity, -0f, float.Epsilon, -1, -0.5f, 2.5f, 0.99999994f, 8.9999990f, 1e9f, -1e9f, 16_777_216];

    private static LinearTerm Number(Random random)
    {
        double mean = random.NextDouble() * 100 - 20;
        return random.Next(4) switch
        {
            0 => new LinearTerm { Kind = FeatureKind.Numeric, Mean = mean },
            1 => new LinearTerm { Kind = FeatureKind.Numeric, Mean = mean, Coefficient = random.NextDouble() / 20 },
            _ => new LinearTerm { Kind = FeatureKind.Numeric, Mean = mean, Coefficient = random.NextDouble() / 50 - 0.01, PresentEffect = random.NextDouble() / 9 - 0.05, MissingEffect = random.NextDouble() - 0.5 },
        };
    }

    private static LinearTerm Category(Random random) => random.Next(5) == 0
        ? new LinearTerm { Kind = FeatureKind.Categorical }
        : new LinearTerm
        {
            Kind = FeatureKind.Categorical,
            CategoryEffects = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.NextDouble() - 0.5)],
            OtherEffect = random.NextDouble() - 0.5,
            MissingEffect = random.NextDouble() - 0.5,
        };
}
