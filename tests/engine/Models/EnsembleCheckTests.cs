namespace ChurnEngine.Models.Tests;

public sealed class EnsembleCheckTests
{
    private static DecisionTree Tree(int[]? feature = null, float[]? threshold = null, int[]? left = null, int[]? right = null, double[]? values = null) => new()
    {
        Feature = feature ?? [0, 1],
        Threshold = threshold ?? [1, 2],
        LeftCategories = [null, null],
        MissingGoesLeft = [true, false],
        Left = left ?? [1, ~0],
        Right = right ?? [~2, ~1],
        LeafValue = values ?? [1, 2, 3],
    };

    public static TheoryData<string, string> Faults => new()
    {
        { nameof(Broken.Feature), "tests feature 2 of 2" },
        { nameof(Broken.Threshold), "neither a threshold nor categories" },
        { nameof(Broken.Outside), "does not exist" },
        { nameof(Broken.TwoParents), "two parents" },
        { nameof(Broken.Circle), "two parents" },
        { nameof(Broken.Island), "cannot be reached" },
        { nameof(Broken.LeafCount), "leaves for" },
        { nameof(Broken.LeafValue), "not finite" },
        { nameof(Broken.Lengths), "differ in length" },
    };

    [Fact]
    public void FirstFault_WholeTree_IsNone() => Assert.Null(FaultOf(Tree()));

    [Theory]
    [MemberData(nameof(Faults))]
    public void FirstFault_BrokenTree_IsNamed(string which, string expected)
    {
        DecisionTree tree = Enum.Parse<Broken>(which) switch
        {
            Broken.Feature => Tree(feature: [0, 2]),
            Broken.Threshold => Tree(threshold: [1, float.NaN]),
            Broken.Outside => Tree(right: [~3, ~1]),
            Broken.TwoParents => Tree(right: [~1, ~1]),
            Broken.Circle => Tree(left: [1, 0]),
            Broken.Island => Tree(left: [~0, 1]),
            Broken.LeafCount => Tree(values: [1, 2]),
            Broken.LeafValue => Tree(values: [1, 2, double.NaN]),
            _ => Tree(threshold: [1]),
        };
        Assert.Contains(expected, FaultOf(tree), StringComparison.Ordinal);
    }

    [Fact]
    public void FirstFault_FeatureOfTwoKinds_IsNamed()
    {
        var tree = new DecisionTree
        {
            Feature = [0, 0],
            Threshold = [1, float.NaN],
            LeftCategories = [null, new CategorySet([1])],
            MissingGoesLeft = [true, false],
            Left = [1, ~0],
            Right = [~2, ~1],
            LeafValue = [1, 2, 3],
        };
        Assert.Contains("feature 0 is compared", FaultOf(tree), StringComparison.Ordinal);
    }

    private static string? FaultOf(DecisionTree tree) =>
        EnsembleCheck.FirstFault(new TreeEnsemble { FeatureCount = 2, BaseMargin = 0, Trees = [tree] });

    private enum Broken
    {
        Feature,
        Threshold,
        Outside,
        TwoParents,
        Circle,
        Island,
        LeafCount,
        LeafValue,
        Lengths,
    }
}
