using ChurnEngine.Columns;

namespace ChurnEngine.Models;

internal static class ShapErrors
{
    public static ChurnModelException NoCover(int tree) => new(new ErrorCode(5901), $"tree {tree} does not say how many training rows reached each leaf, so its contributions cannot be computed")
    {
        Expected = "a cover of 0 and up for each leaf, above 0 in sum",
        Hint = "export the model again with `churn export`; a tree model of another tool must be written with its covers.",
    };
}
