using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public class SplitTraceTests
{
    [Fact]
    public void Trace_EverySplit_SaysWhatTheTreesHold()
    {
        (LabelledRows rows, _) = TestRows.Churn(3000, seed: 4);
        using FeatureMatrix matrix = rows.Matrix;
        var splits = new List<SplitTrace>();
        BoosterResult result = Booster.Fit(new BoosterInputs(rows) { Trace = splits.Add }, new BoosterOptions { Trees = 5 });
        Assert.Equal(result.Ensemble.Trees.Sum(tree => tree.NodeCount), splits.Count);
        Assert.Equal(splits.Select(split => split.Microseconds).Order(), splits.Select(split => split.Microseconds));
        foreach (SplitTrace split in splits)
        {
            DecisionTree tree = result.Ensemble.Trees[split.Tree];
            Assert.Equal(matrix.Features[tree.Feature[split.Node]].Name, split.Feature);
            Assert.Equal(tree.MissingGoesLeft[split.Node], split.MissingGoesLeft);
            if (tree.LeftCategories[split.Node] is { } categories)
                Assert.Equal(categories.Codes.Select(code => matrix.Features[tree.Feature[split.Node]].Categories[code]), split.Categories);
            else
                Assert.Equal(tree.Threshold[split.Node], split.Threshold);
            Assert.Equal(0, double.IsNegative(split.Gain) ? 1 : 0);
            // What a node's parent sent it is what it parts.
            if (split.Depth == 0)
                Assert.Equal(3000, split.Left.Rows + split.Right.Rows);
            Assert.InRange(split.Left.Hessian, 0, 0.25 * split.Left.Rows * 1.001);
        }
        Assert.Equal(5, splits.Count(split => split.Depth == 0));
    }
}
