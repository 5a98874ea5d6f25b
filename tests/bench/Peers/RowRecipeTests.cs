using ChurnEngine.Bench.Peers;

namespace ChurnEngine.Bench.Tests.Peers;

public sealed class RowRecipeTests
{
    private const int Rows = 20_000;

    [Theory]
    [InlineData(typeof(ChurnRecipe), 30, 0.15)]
    [InlineData(typeof(WideRecipe), 167, 0.15)]
    [InlineData(typeof(DenseRecipe), 28, 0.53)]
    public void Fill_AnyRecipe_HasItsWidthAndItsShareOfPositives(Type kind, int features, double share)
    {
        var recipe = new LabelledRecipe((RowRecipe)Activator.CreateInstance(kind)!, seed: 3);
        Assert.Equal(features, recipe.Recipe.FeatureCount);
        Assert.Distinct(recipe.Recipe.FeatureNames);
        float[] row = new float[features];
        double positives = 0;
        for (int i = 0; i < Rows; i++)
        {
            float label = recipe.Fill(i, row);
            Assert.True(label is 0 or 1);
            Assert.DoesNotContain(row, float.IsInfinity);
            positives += label;
        }
        // Four standard errors of a share over 20,000 rows are 0.010 to 0.014.
        Assert.InRange(positives / Rows, share - 0.015, share + 0.015);
    }

    [Fact]
    public void Fill_Churn_MissesSevenPercentInTenFeaturesAndNowhereElse()
    {
        float[][] columns = Columns(new ChurnRecipe());
        Assert.Equal(10, ChurnRecipe.WithMissing.Distinct().Count());
        for (int feature = 0; feature < columns.Length; feature++)
        {
            double missing = columns[feature].Count(float.IsNaN) / (double)Rows;
            if (ChurnRecipe.WithMissing.Contains(feature))
                Assert.InRange(missing, 0.062, 0.078);
            else
                Assert.Equal(0, missing);
        }
    }

    [Fact]
    public void Fill_Churn_HasCodesOfEveryLevelAndTheRarestLast()
    {
        float[][] columns = Columns(new ChurnRecipe());
        int[] levels = [2, 4, 9, 30];
        for (int i = 0; i < levels.Length; i++)
        {
            float[] codes = columns[26 + i];
            Assert.Equal(Enumerable.Range(0, levels[i]).Select(code => (float)code), codes.Distinct().Order());
            Assert.True(codes.Count(code => code == 0) > codes.Count(code => code == levels[i] - 1));
        }
        Assert.All(Enumerable.Range(12, 10), count => Assert.All(columns[count].Where(value => !float.IsNaN(value)), value => Assert.Equal(Math.Floor(value), value)));
    }

    [Fact]
    public void Fill_Dense_MissesNothingAndHardlyRepeatsAValue()
    {
        foreach (float[] column in Columns(new DenseRecipe()))
        {
            Assert.DoesNotContain(column, float.IsNaN);
            Assert.True(column.Distinct().Count() > Rows * 0.95);
        }
    }

    [Theory]
    [InlineData(typeof(ChurnRecipe))]
    [InlineData(typeof(WideRecipe))]
    [InlineData(typeof(DenseRecipe))]
    public void Fill_SameSeed_SameRowsInAnyOrder_OtherSeedOtherRows(Type kind)
    {
        var recipe = (RowRecipe)Activator.CreateInstance(kind)!;
        LabelledRecipe first = new(recipe, 5), second = new((RowRecipe)Activator.CreateInstance(kind)!, 5), other = new(recipe, 6);
        Assert.Equal(first.Intercept, second.Intercept);
        float[] a = new float[recipe.FeatureCount], b = new float[recipe.FeatureCount], c = new float[recipe.FeatureCount];
        for (int i = 0; i < 200; i++)
        {
            float label = first.Fill(i, a), same = second.Fill(199 - i, b);
            if (i > 199 - i)
                continue;
            Assert.Equal(label, second.Fill(i, b));
            Assert.Equal(a, b);
            Assert.True(same is 0 or 1);
            other.Fill(i, c);
            Assert.NotEqual(a, c);
        }
    }

    // A booster must have something to learn: the law's own log-odds, seen through no feature, would rank at this.
    [Fact]
    public void Fill_Churn_LabelFollowsTheLaw()
    {
        var recipe = new LabelledRecipe(new ChurnRecipe(), 9);
        float[] row = new float[30], labels = new float[Rows], logOdds = new float[Rows];
        for (int i = 0; i < Rows; i++)
        {
            labels[i] = recipe.Fill(i, row);
            logOdds[i] = (float)recipe.LogOdds(i, row);
        }
        Assert.InRange(Evaluation.RocAuc.Compute(logOdds, labels), 0.84, 0.91);
    }

    private static float[][] Columns(RowRecipe recipe)
    {
        var labelled = new LabelledRecipe(recipe, 3);
        float[][] columns = [.. recipe.FeatureNames.Select(_ => new float[Rows])];
        float[] row = new float[recipe.FeatureCount];
        for (int i = 0; i < Rows; i++)
        {
            labelled.Fill(i, row);
            for (int feature = 0; feature < row.Length; feature++)
                columns[feature][i] = row[feature];
        }
        return columns;
    }
}
