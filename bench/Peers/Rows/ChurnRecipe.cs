using ChurnEngine.DataGen;

namespace ChurnEngine.Bench.Peers;

/// <summary>What a customer is like underneath; standard normal each.</summary>
internal readonly record struct Latents(double Engagement, double Wealth, double Trouble);

/// <summary>Churn-like rows: 12 continuous features, 10 counts, tenure, two shares, days overdue, four categoricals as codes.</summary>
/// <remarks>7% NaN in ten features; a non-linear law with interactions, thresholds, a sine and a product of categories; 15% positive.</remarks>
internal sealed class ChurnRecipe : RowRecipe
{
    public const double MissingShare = 0.07;

    /// <summary>Features that have missing values.</summary>
    public static readonly int[] WithMissing = [1, 3, 4, 6, 8, 11, 12, 17, 23, 24];

    private static readonly double[] CountMeans = [0.2, 0.4, 0.8, 1.5, 2, 3, 5, 8, 12, 20];

    // How much engagement raises a count, and how much trouble does.
    private static readonly (double Engagement, double Trouble)[] CountSlopes =
        [(0, 0.7), (0.3, 0), (0, 0.5), (0.4, 0), (-0.2, 0.3), (0.5, 0), (0, 0), (0.4, 0.1), (0.3, 0), (0.5, 0)];

    private static readonly ZipfDraw[] Categories = [new(2), new(4), new(9), new(30)];

    public override string Name => "churn";

    public override double PositiveShare => 0.15;

    public override IReadOnlyList<string> FeatureNames { get; } =
    [
        "engagement", "listening_hours", "monthly_spend", "balance", "wait_minutes", "gap_days", "reply_hours", "price_change", "rating", "score_elsewhere", "discount", "data_used",
        .. CountMeans.Select((_, i) => $"count_{i}"),
        "tenure_months", "share_mobile", "share_night", "days_overdue",
        "contract", "payment", "channel", "region",
    ];

    public override double Fill(ulong key, Span<float> row) => Fill(key, row, out _);

    /// <summary>The same, and the latents.</summary>
    public static double Fill(ulong key, Span<float> row, out Latents latents)
    {
        var random = new CounterRandom(key, DrawPurpose.Traits);
        latents = new Latents(random.NextNormal(), random.NextNormal(), random.NextNormal());
        (double e, double w, double t) = latents;
        row[0] = (float)(0.8 * e + 0.6 * random.NextNormal());
        row[1] = (float)Math.Exp(1 + 0.6 * e + 0.5 * random.NextNormal());
        row[2] = (float)Math.Exp(3 + 0.5 * w + 0.4 * random.NextNormal());
        row[3] = (float)(1000 * (w + random.NextNormal()));
        row[4] = (float)((random.NextExponential() + random.NextExponential()) * Math.Exp(0.5 * t));
        row[5] = (float)(random.NextExponential() * 4 * Math.Exp(-0.7 * e));
        row[6] = (float)(2 * (random.NextExponential() + random.NextExponential() + random.NextExponential()));
        row[7] = (float)(StudentT4(ref random) + 0.6 * t);
        row[8] = (float)Math.Round(Math.Clamp(3.5 + 0.5 * e - 0.5 * t + 0.5 * random.NextNormal(), 1, 5), 1);
        row[9] = (float)random.NextUnit();
        row[10] = (float)(random.NextExponential() * Math.Exp(0.3 * w));
        row[11] = (float)Math.Exp(0.5 * e + 0.5 * w + 0.7 * random.NextNormal());
        for (int i = 0; i < CountMeans.Length; i++)
        {
            (double engaged, double troubled) = CountSlopes[i];
            double lift = engaged * e + troubled * t - (engaged * engaged + troubled * troubled) / 2;
            // Knuth's draw is linear in the mean; the cap keeps a rare row from being slow.
            row[12 + i] = random.NextPoisson(Math.Min(200, CountMeans[i] * Math.Exp(lift)));
        }
        row[22] = (float)Math.Min(120, Math.Floor(24 * random.NextExponential() * Math.Exp(0.2 * e)) + 1);
        row[23] = (float)LabelledRecipe.Sigmoid(0.5 * e + random.NextNormal());
        row[24] = (float)LabelledRecipe.Sigmoid(-1 + 0.5 * t + random.NextNormal());
        row[25] = random.NextBool(LabelledRecipe.Sigmoid(-1.6 + 0.8 * t)) ? (float)Math.Ceiling(15 * random.NextExponential()) : 0;
        for (int i = 0; i < Categories.Length; i++)
            row[26 + i] = Categories[i].Next(ref random);
        double logOdds = Law(row, latents);
        Punch(key, row);
        return logOdds;
    }

    // Thresholds, interactions, a sine, a product of categories; the latents' own share is what no feature tells exactly.
    private static double Law(ReadOnlySpan<float> row, Latents latents)
    {
        double monthToMonth = row[26] == 1 ? 1 : 0;
        double payment = row[27];
        double x = -0.75 * latents.Engagement + 0.65 * latents.Trouble - 0.2 * latents.Wealth;
        x -= 0.5 * row[0];
        x += row[25] > 7 ? 1.1 : 0;
        x += row[22] < 6 ? 0.9 : row[22] > 48 ? -0.6 : 0;
        x += row[8] < 3 ? 0.6 : 0;
        x += 0.6 * Math.Sin(2 * Math.PI * row[9]);
        x += 0.4 * monthToMonth * (payment >= 2 ? 2.0 : 0.5);
        x += 0.5 * Math.Tanh(row[7]) * (row[2] > 25 ? 1.2 : 0.3);
        x += 0.25 * Math.Min(row[12], 4) * (row[22] < 24 ? 1.5 : 0.5);
        x -= 0.3 * Math.Log2(1 + row[5]) * Math.Tanh(row[0]);
        x += row[28] is 3 or 5 ? 0.5 : 0;
        x += (((int)row[29] * 7) % 11 - 5) * 0.06;
        return 0.8 * x;
    }

    private static void Punch(ulong key, Span<float> row)
    {
        var random = new CounterRandom(key, DrawPurpose.Missing);
        foreach (int feature in WithMissing)
            row[feature] = random.NextBool(MissingShare) ? float.NaN : row[feature];
    }

    private static double StudentT4(ref CounterRandom random) =>
        random.NextNormal() / Math.Sqrt((random.NextExponential() + random.NextExponential()) / 2);
}

/// <summary>Draws a code 0..levels-1 whose frequency falls as rank^-0.8.</summary>
internal sealed class ZipfDraw
{
    private readonly double[] _upTo;

    public ZipfDraw(int levels)
    {
        double[] weight = [.. Enumerable.Range(1, levels).Select(rank => Math.Pow(rank, -0.8))];
        double sum = weight.Sum(), running = 0;
        _upTo = [.. weight.Select(w => running += w / sum)];
        _upTo[^1] = 1;
    }

    public int Next(ref CounterRandom random)
    {
        double u = random.NextUnit();
        int code = 0;
        while (_upTo[code] <= u)
            code++;
        return code;
    }
}
