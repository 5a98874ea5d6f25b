namespace ChurnEngine.DataGen.Tests;

/// <summary>One draw of a world: the probability, and what came of it.</summary>
public readonly record struct Draw(double Probability, bool Churned);

/// <summary>What the true probabilities of a world reach: no model can do better but by luck.</summary>
public static class Oracle
{
    public static Draw Row(CapturedTable truth, int row) => new(truth.Reals(TruthFile.Probability)[row], truth.Integers(TruthFile.Churned)[row] == 1);

    /// <summary>All pairs of a customer and a month at which churn was drawn.</summary>
    public static Draw[] Drawn(CapturedWorld world) =>
        [.. Enumerable.Range(0, (int)world.Truth.Rows).Where(row => world.Truth.Integers(TruthFile.Churned)[row] != CapturedTable.Null).Select(row => Row(world.Truth, row))];

    public static double Rate(Draw[] drawn) => drawn.Average(d => d.Churned ? 1.0 : 0.0);

    // Independent draws: the rate is within four standard errors of the mean probability.
    public static void AssertCalibrated(Draw[] drawn, string where)
    {
        double mean = drawn.Average(d => d.Probability);
        double error = Math.Sqrt(drawn.Sum(d => d.Probability * (1 - d.Probability))) / drawn.Length;
        Assert.True(Math.Abs(Rate(drawn) - mean) < 4 * error + 1e-9, $"{where}: drawn {Rate(drawn):F4}, probability {mean:F4}, standard error {error:F4}");
    }

    // Probability that a churner ranks above a stayer; ties, of which discrete histories have some, count half.
    public static double RocAuc(Draw[] drawn)
    {
        double ranks = 0, below = 0;
        long churners = 0;
        foreach (IGrouping<double, Draw> tied in drawn.GroupBy(d => d.Probability).OrderBy(group => group.Key))
        {
            int count = tied.Count(), churned = tied.Count(d => d.Churned);
            ranks += churned * (below + (count + 1) / 2.0);
            churners += churned;
            below += count;
        }
        return (ranks - churners * (churners + 1) / 2.0) / (churners * (double)(drawn.Length - churners));
    }

    // Average precision.
    public static double PrAuc(Draw[] drawn)
    {
        double sum = 0;
        long found = 0, seen = 0, churners = drawn.Count(d => d.Churned);
        foreach (IGrouping<double, Draw> tied in drawn.GroupBy(d => d.Probability).OrderByDescending(group => group.Key))
        {
            int churned = tied.Count(d => d.Churned);
            found += churned;
            seen += tied.Count();
            sum += churned / (double)churners * found / seen;
        }
        return sum;
    }

    public static double Brier(Draw[] drawn) => drawn.Average(d => Math.Pow(d.Probability - (d.Churned ? 1 : 0), 2));

    public static double PrecisionAtTop(Draw[] drawn, double share) => Rate([.. drawn.OrderByDescending(d => d.Probability).Take((int)(share * drawn.Length))]);

    public static (double Precision, double Recall) At(Draw[] drawn, double threshold)
    {
        Draw[] flagged = [.. drawn.Where(d => d.Probability >= threshold)];
        return (Rate(flagged), flagged.Count(d => d.Churned) / (double)drawn.Count(d => d.Churned));
    }
}
