using ChurnEngine.DataGen;

namespace ChurnEngine.Bench.Peers;

/// <summary>Like the Higgs data: 28 dense continuous columns without a missing value or a repeated one, 21 measured and 7 derived, about half positive.</summary>
internal sealed class DenseRecipe : RowRecipe
{
    private const int Measured = 21, Derived = 7;

    public override string Name => "dense";

    public override double PositiveShare => 0.53;

    public override IReadOnlyList<string> FeatureNames { get; } =
        [.. Enumerable.Range(0, Measured).Select(i => $"measured_{i}"), .. Enumerable.Range(0, Derived).Select(i => $"derived_{i}")];

    public override double Fill(ulong key, Span<float> row)
    {
        var random = new CounterRandom(key, DrawPurpose.Traits);
        for (int i = 0; i < Measured; i++)
        {
            row[i] = (float)((i % 3) switch
            {
                0 => random.NextExponential(),
                1 => random.NextNormal(),
                _ => Math.PI * (2 * random.NextUnit() - 1),
            });
        }
        double x = 0;
        for (int i = 0; i < Derived; i++)
        {
            // A mass of two objects: momenta times what their angles make of each other.
            int a = 3 * i, b = 3 * ((i + 1) % Derived);
            double mass = Math.Sqrt(2 * row[a] * row[b] * (Math.Cosh(row[a + 1] - row[b + 1]) - Math.Cos(row[a + 2] - row[b + 2])));
            row[Measured + i] = (float)(mass * (1 + 0.1 * random.NextNormal()));
            x += (i % 2 == 0 ? 1.4 : -1.2) * Math.Exp(-(mass - 1.5) * (mass - 1.5));
        }
        return 0.9 * x + 0.25 * row[1] * row[4] + 0.2 * Math.Cos(row[2]);
    }
}
