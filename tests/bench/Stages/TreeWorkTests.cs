using ChurnEngine.Models;

namespace ChurnEngine.Bench.Tests;

public class TreeWorkTests
{
    //        node 0 (100)
    //      node 1 (70)   leaf 2 (30)
    //  leaf 0 (60)  leaf 1 (10)
    private static readonly DecisionTree s_tree = new()
    {
        Feature = [3, 0],
        Threshold = [4.5f, 1],
        LeftCategories = [null, null],
        MissingGoesLeft = [true, true],
        Left = [1, ~0],
        Right = [~2, ~1],
        LeafValue = [1, 2, 3],
        LeafCover = [60, 10, 30],
    };

    private static readonly DecisionTree s_leaf = new()
    {
        Feature = [],
        Threshold = [],
        LeftCategories = [],
        MissingGoesLeft = [],
        Left = [],
        Right = [],
        LeafValue = [1],
        LeafCover = [100],
    };

    // All at the root, then 30 and 10.
    [Fact]
    public void RowsCounted_KnownTree_IsRootAndSmallerChildren() => Assert.Equal(140, TrainStage.RowsCounted(s_tree));

    [Fact]
    public void RowsCounted_OneLeaf_IsTheRoot() => Assert.Equal(100, TrainStage.RowsCounted(s_leaf));

    // 70 rows pass two nodes, 30 pass one.
    [Fact]
    public void MeanDepth_KnownTree_WeighsLeavesByRows() => Assert.Equal(1.7, ScoreStage.MeanDepth(s_tree), 1e-12);

    [Fact]
    public void MeanDepth_OneLeaf_IsNone() => Assert.Equal(0, ScoreStage.MeanDepth(s_leaf));
}
