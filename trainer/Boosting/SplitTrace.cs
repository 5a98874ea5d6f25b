namespace ChurnEngine.Trainer;

/// <summary>One split, as it was made: what <c>churn train --trace FILE</c> writes a line of.</summary>
public sealed record SplitTrace
{
    /// <summary>Number of the tree, from 0; those that training went on from are counted.</summary>
    public required int Tree { get; init; }

    /// <summary>Number of the node in its tree, in the order of splitting.</summary>
    public required int Node { get; init; }

    /// <summary>Splits above it.</summary>
    public required int Depth { get; init; }

    /// <summary>Name of the feature.</summary>
    public required string Feature { get; init; }

    /// <summary>Values up to this go left; null for a categorical feature.</summary>
    public float? Threshold { get; init; }

    /// <summary>Categories that go left; null for a numeric feature.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Side of missing values.</summary>
    public required bool MissingGoesLeft { get; init; }

    /// <summary>Score of both children less the score of the node; see <see cref="GainRule"/>.</summary>
    public required double Gain { get; init; }

    /// <summary>Rows, and sums of first and second derivatives, that went left.</summary>
    public required SideSums Left { get; init; }

    /// <summary>Same, right.</summary>
    public required SideSums Right { get; init; }

    /// <summary>Microseconds since training began.</summary>
    public required long Microseconds { get; init; }
}
