namespace ChurnEngine.Trainer;

/// <summary>Tree-structured Parzen estimator: points that are likely among the good trials and unlikely among the others.</summary>
/// <remarks>
/// The best fifth of the trials is good. l(x) and g(x) are the densities of the good and of the others: a kernel around each point, over all dimensions at once, and one that is flat.
/// Of some points drawn from l the one of the largest l(x) / g(x) is next, which is the one of the largest expected improvement.
/// Trials come in batches, each by what was known before it, so nothing depends on who is done first.
/// Source: Bergstra, Bardenet, Bengio and Kegl 2011; kernels over all dimensions after Falkner, Klein and Hutter 2018 (BOHB).</remarks>
internal sealed class TpeSampler(SearchSpace space, ulong seed) : ISampler
{
    private const ulong Stream = 0x545045;
    private const int LeastSeen = 9, Draws = 32;
    private const double GoodShare = 0.2, Width = 0.2, LeastWidth = 0.02;
    private readonly RandomSampler _random = new(space, seed);

    public double[][] Propose(int first, int count, IReadOnlyList<Observation> seen)
    {
        if (seen.Count < LeastSeen)
            return _random.Propose(first, count, seen);
        double[][] ranked = [.. seen.OrderBy(trial => trial.Loss).Select(trial => trial.Point)];
        int good = Math.Max(2, (int)Math.Ceiling(GoodShare * ranked.Length));
        Density better = new(space, ranked[..good]), others = new(space, ranked[good..]);
        return [.. Enumerable.Range(first, count).Select(trial => Best(trial, better, others))];
    }

    private double[] Best(int trial, Density better, Density others)
    {
        var random = new Chances(seed, (ulong)trial);
        double[] best = [];
        double most = double.NegativeInfinity;
        for (int draw = 0; draw < Draws; draw++)
        {
            double[] point = better.Draw(ref random);
            double worth = better.LogAt(point) - others.LogAt(point);
            if (worth > most)
                (most, best) = (worth, point);
        }
        return best;
    }

    // Numbers in [0, 1), one after the other, of one trial.
    private struct Chances(ulong seed, ulong trial)
    {
        private ulong _next;

        public double Next() => KeyedRandom.Unit(seed ^ Stream, trial, _next++);
    }

    /// <summary>A mean of kernels: around each point a product of normal densities reflected at 0 and 1, and of words mostly the point's own; and one that is flat.</summary>
    private sealed class Density(SearchSpace space, double[][] points)
    {
        private readonly double _width = Math.Max(LeastWidth, Width * Math.Pow(Math.Max(1, points.Length), -1.0 / (space.Dimensions.Count + 4)));

        public double[] Draw(ref Chances random)
        {
            int kernel = (int)(random.Next() * (points.Length + 1));
            double[] point = new double[space.Dimensions.Count];
            for (int i = 0; i < point.Length; i++)
            {
                SearchDimension dimension = space.Dimensions[i];
                double unit = random.Next(), second = random.Next();
                if (kernel == points.Length)
                    point[i] = dimension.PlaceOf(unit);
                else if (dimension.IsChoice)
                    point[i] = unit < Doubt(dimension) ? dimension.PlaceOf(second) : points[kernel][i];
                else
                    point[i] = Inside(points[kernel][i] + _width * Math.Sqrt(-2 * Math.Log(1 - unit)) * Math.Cos(2 * Math.PI * second));
            }
            return point;
        }

        public double LogAt(double[] point)
        {
            double sum = Flat();
            foreach (double[] centre in points)
            {
                double density = 1;
                for (int i = 0; i < point.Length; i++)
                {
                    SearchDimension dimension = space.Dimensions[i];
                    density *= dimension.IsChoice
                        ? Doubt(dimension) / dimension.Texts.Count + (point[i] == centre[i] ? 1 - Doubt(dimension) : 0)
                        : Normal((point[i] - centre[i]) / _width) / _width + Normal((point[i] + centre[i]) / _width) / _width + Normal((2 - point[i] - centre[i]) / _width) / _width;
                }
                sum += density;
            }
            return Math.Log(sum / (points.Length + 1));
        }

        // How likely a kernel takes any word instead of its own: few points say little about words.
        private double Doubt(SearchDimension dimension) => (double)dimension.Texts.Count / (dimension.Texts.Count + points.Length);

        private double Flat() => space.Dimensions.Where(dimension => dimension.IsChoice).Aggregate(1.0, (density, dimension) => density / dimension.Texts.Count);

        // What would fall outside is reflected at the border, in drawing and in the density alike.
        private static double Inside(double place)
        {
            double reflected = place < 0 ? -place : place > 1 ? 2 - place : place;
            return Math.Clamp(reflected, 0, 1);
        }

        private static double Normal(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }
}
