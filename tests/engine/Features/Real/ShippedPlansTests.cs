using ChurnEngine.Columns;
using ChurnEngine.DataGen;
using ChurnEngine.Ingest;
using ChurnEngine.TestKit;

namespace ChurnEngine.Features.Tests.Real;

/// <summary>The plans that data-gen ships, on the worlds they ship with.</summary>
public sealed class ShippedPlansTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly IngestSession _session = new(new IngestOptions { Budget = new JobBudget { Threads = 2 }, BadShareLimit = 0.15 });

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    // A feature that says nothing, or what another says already, is a mistake in a plan that others copy from.
    [Theory]
    [InlineData("streaming", 3_000, 26, "")]
    [InlineData("streaming", 3_000, 26, "all")]
    [InlineData("telecom", 4_000, 30, "")]
    [InlineData("b2b", 3_000, 30, "")]
    [InlineData("music-log", 600, 167, "")]
    public void Compute_ShippedPlan_HasNoConstantAndNoTwinFeatures(string scenario, int customers, int least, string with)
    {
        string world = _folder[$"{scenario}-{with}"];
        DataGen.World.Generate(new WorldOptions { Scenario = scenario, Customers = customers, Months = 8, Seed = 3, With = with.Length > 0 ? [with] : [] }, world, _session.OpenParquet, null, default);
        string yaml = Path.Combine(world, "churn.yaml");
        FeaturePlan plan = FeaturePlan.Parse(File.ReadAllText(yaml), yaml);
        Assert.True(plan.Features.Count >= least, $"{plan.Features.Count} features");
        using CustomerData data = CustomerData.Load(plan, _session, new JobBudget { Threads = 2 }, null, default);
        long asOf = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(240).ToUnixTimeMilliseconds() * 1000;
        using FeatureSnapshot snapshot = SelfFrozenFeatures.Compute(plan, data, asOf, new JobBudget { Threads = 2 }, default);
        double[][] columns = [.. Enumerable.Range(0, plan.Features.Count).Select(feature => Column(snapshot.Matrix, feature))];

        List<string> faults = [];
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i].Where(value => !double.IsNaN(value)).Distinct().Count() < 2)
                faults.Add($"{plan.Features[i].Name} is constant");
            for (int j = i + 1; j < columns.Length; j++)
            {
                if (plan.Features[i].Kind == FeatureKind.Numeric && plan.Features[j].Kind == FeatureKind.Numeric && Math.Abs(Correlation(columns[i], columns[j])) > 0.99999)
                    faults.Add($"{plan.Features[i].Name} and {plan.Features[j].Name} say the same");
            }
        }
        Assert.True(faults.Count == 0, string.Join("; ", faults));
    }

    private static double[] Column(FeatureMatrix matrix, int feature)
    {
        double[] values = new double[matrix.RowCount];
        for (int row = 0; row < values.Length; row++)
            values[row] = matrix.Row(row)[feature];
        return values;
    }

    // Of the rows that have both; NaN where the missing ones tell the two apart, or where either is constant.
    private static double Correlation(double[] a, double[] b)
    {
        double n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
        for (int row = 0; row < a.Length; row++)
        {
            if (double.IsNaN(a[row]) != double.IsNaN(b[row]))
                return double.NaN;
            if (double.IsNaN(a[row]))
                continue;
            n++;
            sa += a[row];
            sb += b[row];
            saa += a[row] * a[row];
            sbb += b[row] * b[row];
            sab += a[row] * b[row];
        }
        return (n * sab - sa * sb) / Math.Sqrt((n * saa - sa * sa) * (n * sbb - sb * sb));
    }
}
