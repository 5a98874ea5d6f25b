namespace ChurnEngine.Evaluation;

/// <summary>How folds by time are cut.</summary>
public sealed record RollingOriginOptions
{
    /// <summary>Most folds, 1 and up; fewer where the instants do not suffice.</summary>
    public int Folds { get; init; } = 1;

    /// <summary>Most training instants of a fold, 1 and up; the latest are taken.</summary>
    public int Training { get; init; } = 5;

    /// <summary>Uses after training, one instant each, 1 and up: such as to stop, to calibrate, to test.</summary>
    public int LaterRoles { get; init; } = 3;

    /// <summary>How long after its window a label must have had time to become known, microseconds; 0: it counts as it was known.</summary>
    public long WaitMicros { get; init; }

    /// <summary>Instant by which the labels of the last use are known, microseconds since 1970 UTC; the default lets them take all that the data knows.</summary>
    public long Until { get; init; } = long.MaxValue;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <remarks>Errors: ArgumentOutOfRangeException.</remarks>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Folds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Training, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LaterRoles, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(WaitMicros);
    }
}

/// <summary>One fold by time.</summary>
/// <param name="AsOf">As-of instants ascending: those that train, then one for each later use.</param>
/// <param name="LaterRoles">Later uses.</param>
/// <param name="Purged">Instants left out because their label window, and the wait, reach into the next use; ascending.</param>
public sealed record TimeFold(IReadOnlyList<long> AsOf, int LaterRoles, IReadOnlyList<long> Purged)
{
    /// <summary>The instants that train.</summary>
    public IReadOnlyList<long> Training => [.. AsOf.Take(AsOf.Count - LaterRoles)];
}

/// <summary>Folds whose origin rolls through time: each is measured on an instant later than all that it learnt from.</summary>
/// <remarks>
/// <code>
/// time      t1    t2    t3    t4    t5    t6    t7
/// fold 1    train train stop  calib test
/// fold 2    train train train stop  calib test
/// fold 3    train train train train stop  calib test
/// </code>
/// Purged: of two instants of different use the earlier one's as-of + gap + horizon + wait is at most the later one's as-of. Those that train may overlap each other.
/// Source: Tashman 2000 (rolling origin); Lopez de Prado 2018, ch. 7 (purging).</remarks>
public static class RollingOrigin
{
    /// <summary>Cuts the folds.</summary>
    /// <param name="usable">As-of instants, ascending, microseconds since 1970 UTC.</param>
    /// <param name="labelEnd">Where the label window of an instant ends: as-of + gap + horizon.</param>
    /// <param name="options">How many, and of what size.</param>
    /// <returns>The folds, the earliest first; the last one is measured on the latest instant that can be. Empty when there are too few instants.</returns>
    /// <remarks>Errors: ArgumentOutOfRangeException for the options.</remarks>
    public static IReadOnlyList<TimeFold> Cut(IReadOnlyList<long> usable, Func<long, long> labelEnd, RollingOriginOptions options)
    {
        ArgumentNullException.ThrowIfNull(usable);
        ArgumentNullException.ThrowIfNull(labelEnd);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var folds = new Stack<TimeFold>();
        long[] left = [.. usable];
        while (folds.Count < options.Folds && Latest(left, labelEnd, options) is { } fold)
        {
            folds.Push(fold);
            left = [.. left.Where(instant => instant < fold.AsOf[^1])];
        }
        return [.. folds];
    }

    private static TimeFold? Latest(long[] usable, Func<long, long> labelEnd, RollingOriginOptions options)
    {
        var chosen = new Stack<long>();
        var purged = new Stack<long>();
        long next = options.Until;
        for (int i = usable.Length - 1; i >= 0 && chosen.Count < options.Training + options.LaterRoles; i--)
        {
            // Among those that train windows may overlap: all of them are counted at the same instant.
            if (labelEnd(usable[i]) > next - (next == long.MaxValue ? 0 : options.WaitMicros))
            {
                purged.Push(usable[i]);
                continue;
            }
            chosen.Push(usable[i]);
            if (chosen.Count <= options.LaterRoles)
                next = usable[i];
        }
        return chosen.Count > options.LaterRoles ? new TimeFold([.. chosen], options.LaterRoles, [.. purged]) : null;
    }
}
