using ChurnEngine.Columns;

namespace ChurnEngine.Models;

internal static class ShapErrors
{
    /// <summary>Throws unless values and contributions are the same rows of so many features.</summary>
    /// <remarks>Errors: ArgumentException.</remarks>
    public static void CheckLengths(int values, int contributions, int features)
    {
        if (values != contributions || (features == 0 ? values != 0 : values % features != 0))
            throw new ArgumentException($"{values} values and {contributions} contributions are not rows of {features}", nameof(contributions));
    }

    public static ChurnModelException NoCover(int tree) => new(new ErrorCode(5901), $"tree {tree} does not say how many training rows reached each leaf, so its contributions cannot be computed")
    {
        Expected = "a cover of 0 and up for each leaf, above 0 in sum",
        Hint = "export the model again with `churn export`; a tree model of another tool must be written with its covers.",
    };
}
