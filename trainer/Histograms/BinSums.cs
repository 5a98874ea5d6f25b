namespace ChurnEngine.Trainer;

/// <summary>Sums by bin of a feature, or by code of a bundle: three runs of 64-bit integers, each padded with zeros to eights.</summary>
/// <remarks><code>   | gradients 0..B-1, pad | hessians 0..B-1, pad | rows 0..B-1, pad |</code></remarks>
internal readonly unsafe struct BinSums(long* gradients, int count)
{
    /// <summary>Sums per vector; runs are padded to a multiple of it.</summary>
    public const int Lanes = 8;

    /// <summary>Longs that the sums of so many bins take.</summary>
    public static int LongsOf(int count) => 3 * PaddedOf(count);

    /// <summary>Bins.</summary>
    public int Count { get; } = count;

    /// <summary>Bins with the padding.</summary>
    public int Padded => PaddedOf(Count);

    public long* Gradients { get; } = gradients;

    public long* Hessians => Gradients + Padded;

    public long* Rows => Gradients + 2 * Padded;

    /// <summary>All three runs, padding included.</summary>
    public Span<long> All => new(Gradients, 3 * Padded);

    public GradientSums this[int bin]
    {
        get => new(Gradients[bin], Hessians[bin], Rows[bin]);
        set => (Gradients[bin], Hessians[bin], Rows[bin]) = (value.Gradient, value.Hessian, value.Rows);
    }

    private static int PaddedOf(int count) => (count + Lanes - 1) / Lanes * Lanes;
}
