namespace ChurnEngine.Bench;

/// <summary>Runs things side by side, so that what the machine does meanwhile hits all of them alike.</summary>
internal static class InterleavedRounds
{
    /// <summary>Measures each side once a round; every other round goes through them backwards (A B, B A, A B ...), so that none is always first.</summary>
    /// <param name="rounds">Rounds, 1 and up.</param>
    /// <param name="sides">Each runs once and returns what it measured.</param>
    /// <returns>[side][round] measurements.</returns>
    public static double[][] Run(int rounds, params Func<double>[] sides) => Run(rounds, CancellationToken.None, sides);

    /// <inheritdoc cref="Run(int, Func{double}[])"/>
    public static double[][] Run(int rounds, CancellationToken cancellation, params Func<double>[] sides)
    {
        double[][] measured = [.. sides.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int turn = 0; turn < sides.Length; turn++)
            {
                cancellation.ThrowIfCancellationRequested();
                int side = round % 2 == 0 ? turn : sides.Length - 1 - turn;
                measured[side][round] = sides[side]();
            }
        }
        return measured;
    }
}
