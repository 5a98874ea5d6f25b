namespace ChurnEngine.Trainer;

/// <summary>The parts that trials climb through: a third of a bracket goes on to three times as much.</summary>
/// <remarks>
/// <code>
///   share 1/9   o o o o o o o o o     nine trials begin
///   share 1/3   o     o       o       the best three go on
///   share 1           o               the best of them is scored on all
/// </code>
/// All of a step are done before the next one begins, so that what goes on does not depend on who was done first. Source: Jamieson and Talwalkar 2016.</remarks>
internal static class SuccessiveHalving
{
    private const int Eta = 3, MostRungs = 3;

    // Below this a part says more about chance than about options.
    private const long LeastRows = 500;

    /// <summary>Trials that begin together where nothing is halved: each knows those of the batches before.</summary>
    public const int Batch = 4;

    /// <summary>The shares, ascending to 1.</summary>
    /// <param name="options">Whether, and of what.</param>
    /// <param name="rows">Training rows of the smallest fold.</param>
    public static double[] Shares(SearchOptions options, long rows)
    {
        var shares = new Stack<double>([1.0]);
        while (options.Halving && shares.Count < MostRungs && (options.Resource == HalvingResource.Trees || rows * shares.Peek() / Eta >= LeastRows))
            shares.Push(shares.Peek() / Eta);
        return [.. shares];
    }

    /// <summary>Trials that begin together.</summary>
    public static int BracketOf(int rungs) => rungs == 1 ? Batch : (int)Math.Pow(Eta, rungs - 1);

    /// <summary>How many of so many go on.</summary>
    public static int Promoted(int trials) => (trials + Eta - 1) / Eta;
}
