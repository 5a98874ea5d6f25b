using ChurnEngine.DataGen;

namespace ChurnEngine.Bench.Peers;

/// <summary>The churn-like features, and what a wide table has beside them: 60 noisy transforms, 40 sparse counts, 20 small categoricals, 17 columns of noise.</summary>
internal sealed class WideRecipe : RowRecipe
{
    private const int Base = 30, Transforms = 60, Counts = 40, Categoricals = 20, Noise = 17;
    private static readonly ZipfDraw[] Levels = [.. Enumerable.Range(0, Categoricals).Select(i => new ZipfDraw(2 + i % 11))];

    public override string Name => "wide";

    public override double PositiveShare => 0.15;

    public override IReadOnlyList<string> FeatureNames { get; } =
    [
        .. new ChurnRecipe().FeatureNames,
        .. Enumerable.Range(0, Transforms).Select(i => $"derived_{i}"),
        .. Enumerable.Range(0, Counts).Select(i => $"sparse_{i}"),
        .. Enumerable.Range(0, Categoricals).Select(i => $"code_{i}"),
        .. Enumerable.Range(0, Noise).Select(i => $"noise_{i}"),
    ];

    public override double Fill(ulong key, Span<float> row)
    {
        double logOdds = ChurnRecipe.Fill(key, row, out Latents latents);
        // A period of its own, so that the churn-like part stays what it is without the rest.
        var random = new CounterRandom(key, DrawPurpose.Traits, period: 1);
        int at = Base;
        for (int i = 0; i < Transforms; i++)
            row[at++] = (float)(Transform(row[i % 26], row[(i + 7) % 26], i % 6) * (1 + 0.1 * random.NextNormal()));
        for (int i = 0; i < Counts; i++)
            row[at++] = random.NextPoisson((0.02 + 0.28 * i / Counts) * Math.Exp(0.4 * (i % 3 == 0 ? latents.Trouble : i % 3 == 1 ? -latents.Engagement : 0)));
        for (int i = 0; i < Categoricals; i++)
            row[at++] = i % 4 == 0 && latents.Trouble > 1 ? 0 : Levels[i].Next(ref random);
        for (int i = 0; i < Noise; i++)
            row[at++] = (float)random.NextNormal();
        return logOdds;
    }

    private static double Transform(double x, double other, int kind) => kind switch
    {
        0 => Math.Log(1 + Math.Abs(x)),
        1 => Math.CopySign(Math.Sqrt(Math.Abs(x)), x),
        2 => x + other,
        3 => x - other,
        4 => Math.Tanh(x / 3) * other,
        _ => x / (1 + Math.Abs(other)),
    };
}
