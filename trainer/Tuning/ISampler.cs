namespace ChurnEngine.Trainer;

/// <summary>A trial that has been scored.</summary>
/// <param name="Point">[D] where it was.</param>
/// <param name="Loss">Its mean loss, the less the better.</param>
internal readonly record struct Observation(double[] Point, double Loss);

/// <summary>Says where the next trials are.</summary>
internal interface ISampler
{
    /// <summary>The next points.</summary>
    /// <param name="first">Number of the first of them, 1 and up: the key of its random choices.</param>
    /// <param name="count">How many.</param>
    /// <param name="seen">What is known by now, in the order of the trials.</param>
    /// <returns>[count][D] places, the same for the same arguments.</returns>
    double[][] Propose(int first, int count, IReadOnlyList<Observation> seen);
}

/// <summary>Points at random, each of its trial's number alone.</summary>
internal sealed class RandomSampler(SearchSpace space, ulong seed) : ISampler
{
    private const ulong Stream = 0x52414E44;

    public double[][] Propose(int first, int count, IReadOnlyList<Observation> seen) =>
        [.. Enumerable.Range(first, count).Select(trial => space.Dimensions.Select(dimension => dimension.PlaceOf(KeyedRandom.Unit(seed ^ KeyedRandom.OfName(dimension.Name), Stream, (ulong)trial))).ToArray())];
}
