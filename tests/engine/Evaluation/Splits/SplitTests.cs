namespace ChurnEngine.Evaluation.Tests;

public class SplitTests
{
    [Theory]
    [InlineData(10, 2), InlineData(103, 5), InlineData(5000, 7), InlineData(4, 4)]
    public void Folds_AnySize_DifferByAtMostOneRowInTotalAndInEachClass(int rows, int folds)
    {
        (_, float[] labels) = Samples.Draw(rows, rows, 0);
        int[] fold = StratifiedFolds.Assign(labels, folds, 1);
        foreach (Func<int, bool> chosen in new Func<int, bool>[] { _ => true, row => labels[row] == 1, row => labels[row] == 0 })
        {
            int[] sizes = [.. Enumerable.Range(0, folds).Select(f => Enumerable.Range(0, rows).Count(row => fold[row] == f && chosen(row)))];
            Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        }
    }

    [Fact]
    public void Folds_SameSeed_AreTheSame_OtherSeedIsNot()
    {
        (_, float[] labels) = Samples.Draw(1, 500, 0);
        Assert.Equal(StratifiedFolds.Assign(labels, 5, 42), StratifiedFolds.Assign(labels, 5, 42));
        Assert.NotEqual(StratifiedFolds.Assign(labels, 5, 42), StratifiedFolds.Assign(labels, 5, 43));
    }

    // Written down: a release that changes these folds changes every published cross-validated number.
    [Fact]
    public void Folds_KnownSeed_AreTheseInEveryRelease() =>
        Assert.Equal(Pinned, StratifiedFolds.Assign([0, 1, 0, 0, 1, 0, 1, 0, 0, 0], 3, 7));

    private static readonly int[] Pinned = [2, 1, 2, 0, 0, 0, 2, 1, 1, 0];

    [Theory]
    [InlineData(1000, 0.2), InlineData(11, 0.5), InlineData(7, 0.01)]
    public void Holdout_AnyShare_KeepsTheShareInEachClass(int rows, double share)
    {
        (_, float[] labels) = Samples.Draw(rows, rows, 0);
        labels[0] = labels[1] = 1;
        bool[] heldOut = StratifiedHoldout.Assign(labels, share, 3);
        foreach (float label in new[] { 0f, 1f })
        {
            int all = labels.Count(y => y == label);
            int held = Enumerable.Range(0, rows).Count(row => labels[row] == label && heldOut[row]);
            Assert.InRange(held, 1, all - 1);
            Assert.True(held == 1 || Math.Abs(held - share * all) <= 0.5);
        }
        Assert.Equal(heldOut, StratifiedHoldout.Assign(labels, share, 3));
    }

    [Fact]
    public void Splits_BadArguments_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedFolds.Assign([0, 1], 3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedFolds.Assign([0, 1], 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedHoldout.Assign([0, 1], 1, 1));
        Assert.Throws<ArgumentException>(() => StratifiedFolds.Assign([0, 0.5f], 2, 1));
    }
}
