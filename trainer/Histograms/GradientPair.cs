namespace ChurnEngine.Trainer;

/// <summary>First and second derivative of one row's loss in fixed point; see <see cref="GradientBuffer"/> for the units.</summary>
internal readonly record struct GradientPair(int Gradient, int Hessian);

/// <summary>Sums over a set of rows: a bin of a histogram, or a whole node. Integers, so that any order of adding gives the same bits.</summary>
internal record struct GradientSums(long Gradient, long Hessian, long Rows)
{
    public void Add(GradientPair pair)
    {
        Gradient += pair.Gradient;
        Hessian += pair.Hessian;
        Rows++;
    }

    public static GradientSums operator +(GradientSums a, GradientSums b) => new(a.Gradient + b.Gradient, a.Hessian + b.Hessian, a.Rows + b.Rows);

    public static GradientSums operator -(GradientSums a, GradientSums b) => new(a.Gradient - b.Gradient, a.Hessian - b.Hessian, a.Rows - b.Rows);
}
