using FsCheck;
using FsCheck.Fluent;

namespace ChurnEngine.Decisions.Tests;

/// <summary>Few customers and offers with every kind of limit, drawn by FsCheck: amounts are round, so that ties are common.</summary>
public sealed record SmallProblem(float[] Probability, double[] Value, int[] Group, double[][] SaveRates, Offer[] Offers, int Capacity, double? Budget, int Days)
{
    public DecisionOptions Options => new() { Offers = Offers, Capacity = Capacity, Budget = Budget, Days = Days };

    public DecisionInput Input => new() { Probability = Probability, Value = Value, Group = Group, SaveRates = SaveRates };

    public double Earns(int row, int offer) => (double)Probability[row] * Value[row] * SaveRates[Group[row]][offer] - Offers[offer].Cost;

    /// <summary>Whether so many contacts of each offer are allowed, from first principles.</summary>
    public bool Allows(int[] counts)
    {
        decimal cost = 0;
        for (int j = 0; j < counts.Length; j++)
        {
            if (Offers[j].Capacity > 0 && counts[j] > Offers[j].Capacity * Days)
                return false;
            cost += counts[j] * (decimal)Offers[j].Cost;
        }
        return (Capacity == 0 || counts.Sum() <= Capacity * Days) && (Budget is null || cost <= (decimal)Budget);
    }

    /// <summary>The best value, by trying every assignment.</summary>
    public double BruteForce()
    {
        return Try(0, new int[Offers.Length]);

        double Try(int row, int[] counts)
        {
            if (row == Probability.Length)
                return 0;
            double best = Try(row + 1, counts);
            for (int j = 0; j < Offers.Length; j++)
            {
                double value = Earns(row, j);
                if (!(value > 0))
                    continue;
                counts[j]++;
                if (Allows(counts))
                    best = Math.Max(best, value + Try(row + 1, counts));
                counts[j]--;
            }
            return best;
        }
    }

    public static Arbitrary<SmallProblem> Any(int mostCustomers, int mostOffers) => Arb.From(
        from offers in Gen.Choose(1, mostOffers)
        from customers in Gen.Choose(0, mostCustomers)
        from groups in Gen.Choose(1, 3)
        from probability in Gen.ArrayOf(Gen.Choose(0, 10).Select(tenth => tenth / 10f), customers)
        from value in Gen.ArrayOf(Gen.Frequency((8, Gen.Choose(0, 12).Select(x => 25.0 * x)), (1, Gen.Constant(double.NaN)), (1, Gen.Constant(-50.0))), customers)
        from @group in Gen.ArrayOf(Gen.Choose(0, groups - 1), customers)
        from rates in Gen.ArrayOf(Gen.ArrayOf(Gen.Frequency((6, Gen.Choose(0, 10).Select(tenth => tenth / 10.0)), (1, Gen.Constant(double.NaN))), offers), groups)
        from costs in Gen.ArrayOf(Gen.Choose(0, 8).Select(cost => cost * 2.5), offers)
        from capacities in Gen.ArrayOf(Gen.Frequency((2, Gen.Constant(0)), (3, Gen.Choose(1, 3))), offers)
        from capacity in Gen.Frequency((2, Gen.Constant(0)), (3, Gen.Choose(1, 4)))
        from budget in Gen.Frequency((2, Gen.Constant(-1)), (3, Gen.Choose(0, 30)))
        from days in Gen.Choose(1, 3)
        select new SmallProblem(probability, value, @group, rates, [.. costs.Select((cost, j) => new Offer { Name = $"o{j}", Cost = cost, SaveRate = 0.5, Capacity = capacities[j] })],
            capacity, budget < 0 ? null : costs.Min() + budget, days));
}
