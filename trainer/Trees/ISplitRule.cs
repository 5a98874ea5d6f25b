namespace ChurnEngine.Trainer;

/// <summary>Says what a split is worth beyond its gain: what leaves and features are chosen by. One's own goes into <see cref="BoosterInputs.SplitRule"/>.</summary>
/// <remarks>Asked from many threads at once about the best threshold of each feature in each node; the same split must be worth the same every time.</remarks>
public interface ISplitRule
{
    /// <summary>What the split is worth; 0, less, or NaN: it is not made.</summary>
    double Worth(in SplitView split);
}

/// <summary>A split that could be made.</summary>
/// <param name="Feature">Name of the feature.</param>
/// <param name="Depth">Splits above the node.</param>
/// <param name="Gain">Score of both children less the score of the node, above 0.</param>
/// <param name="Left">Rows and sums that would go left.</param>
/// <param name="Right">Same, right.</param>
public readonly record struct SplitView(string Feature, int Depth, double Gain, SideSums Left, SideSums Right);

/// <summary>One side of a split.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Gradient">Sum of first derivatives, in the units of the loss.</param>
/// <param name="Hessian">Sum of second derivatives.</param>
public readonly record struct SideSums(long Rows, double Gradient, double Hessian);
