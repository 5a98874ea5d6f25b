using ChurnEngine.Columns;
using ChurnEngine.Models;
using FsCheck;
using FsCheck.Fluent;

namespace ChurnEngine.Trainer.Tests;

/// <summary>What must hold of any table: FsCheck draws them, and cuts one that fails down to a few rows.</summary>
public class RandomTableTests
{
    private static readonly BoosterOptions s_exact = new() { Trees = 1, LearningRate = 0.3, MinRowsInLeaf = 1, MinChildWeight = 0, QuantizedGradients = false, Threads = 1 };

    // An exact rule for categories: none is rare, none is smoothed, and no set or child is too small.
    private static readonly BoosterOptions s_mixed = s_exact with { MinRowsPerCategory = 1, CategorySmoothing = 0, MaxCategoriesPerSplit = 255 };

    [Fact]
    public void Fit_NumbersAnyOptions_GrowsAnExactGreedyTree() => Prop.ForAll(SmallTable.Numbers, Options(s_exact, sizes: true), (table, options) =>
        new ExactGreedyCheck(table, options).Check(FirstTree(table, options))).Check(SmallTable.Config(seed: 11, tables: 400));

    [Fact]
    public void Fit_CategoriesAnyOptions_GrowsAnExactGreedyTree() => Prop.ForAll(SmallTable.Mixed, Options(s_mixed, sizes: false), (table, options) =>
        new ExactGreedyCheck(table, options).Check(FirstTree(table, options))).Check(SmallTable.Config(seed: 12, tables: 300));

    [Fact]
    public void Fit_WeightOfTwo_IsTheRowTwice() => Prop.ForAll(SmallTable.Mixed, Options(s_mixed, sizes: false), (table, options) =>
    {
        SmallTable twice = table.Take(Enumerable.Range(0, table.RowCount).SelectMany(row => Enumerable.Repeat(row, Math.Max(1, (int)table.Weights[row]))));
        twice = twice with { Weights = [.. twice.Weights.Select(weight => Math.Min(weight, 1))] };
        new ExactGreedyCheck(twice, options).Check(FirstTree(table, options));
    }).Check(SmallTable.Config(seed: 13, tables: 200));

    [Fact]
    public void Fit_WeightOfZero_IsNoRow() => Prop.ForAll(SmallTable.Mixed, Options(s_mixed, sizes: false), (table, options) =>
        new ExactGreedyCheck(table.Take(Enumerable.Range(0, table.RowCount).Where(row => table.Weights[row] > 0)), options).Check(FirstTree(table, options)))
        .Check(SmallTable.Config(seed: 14, tables: 200));

    [Fact]
    public void Fit_ColumnsInAnotherOrder_GivesTheSameMargins() => Prop.ForAll(SmallTable.Mixed, Options(s_mixed with { Trees = 5, ColumnSample = 0.7, ColumnSampleByNode = 0.8, RowSample = 0.9, QuantizedGradients = true }, sizes: true), (table, options) =>
    {
        using FeatureMatrix matrix = table.Matrix();
        if (!Varies(table))
            return;
        (FeatureMatrix other, int[] order) = table.Permuted(seed: 3);
        using (other)
        {
            TreeEnsemble straight = Booster.Fit(table.Rows(matrix), null, options).Ensemble, permuted = Booster.Fit(table.Rows(other), null, options).Ensemble;
            Assert.Equal(straight.Trees.Select(tree => string.Join(' ', tree.Feature)), permuted.Trees.Select(tree => string.Join(' ', tree.Feature.Select(feature => order[feature]))));
            for (int row = 0; row < table.RowCount; row++)
                Assert.Equal(straight.Margin(matrix.Row(row)), permuted.Margin(other.Row(row)));
        }
    }).Check(SmallTable.Config(seed: 15, tables: 200));

    [Fact]
    public void Fit_AnyConstraints_HoldInEveryLeaf() => Prop.ForAll(SmallTable.Mixed, Options(s_mixed with { Trees = 4, LearningRate = 1 }, sizes: true), (table, drawn) =>
    {
        BoosterOptions options = drawn with
        {
            MonotoneConstraints = MonotoneConstraints.Of([.. table.Categories.Select((categories, i) => KeyValuePair.Create(SmallTable.NameOf(i), categories > 0 ? 0 : i % 2 == 0 ? 1 : -1)).Where(constraint => constraint.Value != 0)]),
            InteractionConstraints = table.Columns.Length < 3 ? null : InteractionConstraints.Of([[SmallTable.NameOf(0), SmallTable.NameOf(1)], [SmallTable.NameOf(1), SmallTable.NameOf(2)]]),
        };
        if (!Varies(table))
            return;
        using FeatureMatrix matrix = table.Matrix();
        TreeEnsemble ensemble = Booster.Fit(table.Rows(matrix), null, options).Ensemble;
        double[] margins = [.. Enumerable.Repeat(ensemble.BaseMargin, table.RowCount)];
        foreach (DecisionTree tree in ensemble.Trees)
            LeafCheck.Check(tree, table, options, margins);
    }).Check(SmallTable.Config(seed: 16, tables: 300));

    [Fact]
    public void Fit_AnyOptionsAndThreads_GiveTheSameBytes() => Prop.ForAll(Gen.Choose(1, 30_000).Zip(Gen.Choose(0, 1000)).ToArbitrary(), Options(new BoosterOptions { Trees = 4, RowSample = 0.8, ColumnSampleByLevel = 0.7 }, sizes: true), (size, options) =>
    {
        (LabelledRows rows, _) = TestRows.Churn(size.Item1 + 50, size.Item2, weighted: size.Item2 % 2 == 0);
        using FeatureMatrix matrix = rows.Matrix;
        TreeEnsemble one = Booster.Fit(rows, null, options with { Threads = 1 }).Ensemble;
        foreach (int threads in (int[])[2, 7])
            BoosterTests.AssertSame(one, Booster.Fit(rows, null, options with { Threads = threads }).Ensemble);
    }).Check(SmallTable.Config(seed: 17, tables: 12));

    // Sizes of leaves make some sets of categories impossible, which the search by mean gradient does not go round.
    private static Arbitrary<BoosterOptions> Options(BoosterOptions start, bool sizes) => Arb.From(
        from leaves in Gen.Choose(2, 9)
        from depth in Gen.Elements(0, 0, 1, 2, 3)
        from growth in Gen.Elements(GrowthPolicy.LeafWise, GrowthPolicy.DepthWise)
        from l1 in Gen.Elements(0, 0, 0.5)
        from l2 in Gen.Elements(0, 0.3, 1)
        from step in Gen.Elements(0, 0, 0.4)
        from gain in Gen.Elements(0, 0, 0.7)
        from rows in Gen.Choose(1, 4)
        from weight in Gen.Elements(0, 0.3713)
        select start with
        {
            MaxLeaves = leaves,
            MaxDepth = depth,
            Growth = growth,
            L1 = l1,
            L2 = l2,
            MaxDeltaStep = step,
            MinGain = gain,
            MinRowsInLeaf = sizes ? rows : 1,
            MinChildWeight = sizes ? weight : 0,
        });

    private static DecisionTree FirstTree(SmallTable table, BoosterOptions options)
    {
        using FeatureMatrix matrix = table.Matrix();
        // A table in which nothing varies is refused; its only tree is one leaf.
        return Varies(table) ? Booster.Fit(table.Rows(matrix), null, options).Ensemble.Trees[0] : OneLeaf(table, options);
    }

    private static DecisionTree OneLeaf(SmallTable table, BoosterOptions options)
    {
        using FeatureMatrix matrix = table.Matrix();
        Assert.Equal(4002, Assert.Throws<ChurnDataException>(() => Booster.Fit(table.Rows(matrix), null, options)).Code.Number);
        return new DecisionTree { Feature = [], Threshold = [], LeftCategories = [], MissingGoesLeft = [], Left = [], Right = [], LeafValue = [0] };
    }

    // NaN equals NaN to Distinct, and -0 equals 0.
    private static bool Varies(SmallTable table) => table.Columns.Any(column => column.Distinct().Count() > 1);
}
