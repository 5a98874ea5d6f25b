namespace ChurnEngine.Trainer;

/// <summary>The best split that was found for a node; none when <see cref="Exists"/> is false.</summary>
internal record struct SplitCandidate
{
    /// <summary>Score of both children less the score of the node.</summary>
    public double Gain { get; set; }

    public int Feature { get; set; }

    /// <summary>Numeric: the last value bin that goes left. Categorical: -1.</summary>
    public int LastLeftBin { get; set; }

    public bool MissingGoesLeft { get; set; }

    /// <summary>All bins that go left, the missing one included when it does.</summary>
    public BinSet LeftBins { get; set; }

    /// <summary>Sums of the left child.</summary>
    public GradientSums Left { get; set; }

    public bool Exists { get; set; }
}
