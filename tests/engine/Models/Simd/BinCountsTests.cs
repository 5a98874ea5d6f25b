using ChurnEngine.Columns;
using ChurnEngine.ModelSamples;

namespace ChurnEngine.Models.Tests;

public sealed class BinCountsTests
{
    [Theory]
    [InlineData(1, 1), InlineData(3, 255), InlineData(4, 256), InlineData(7, 1000)]
    public void Add_HostileValues_CountsWhatACaseByCaseSearchDoes(int features, int rows)
    {
        ChurnModel model = RandomModels.Create(features, new ModelShape { Features = features });
        FeatureInfo[] infos = [.. model.Metadata.Features];
        var random = new Random(rows);
        FeatureDistribution[] distributions = [.. infos.Select((info, i) => info.Kind == FeatureKind.Categorical
            ? new FeatureDistribution([], new double[info.Categories.Count], 0)
            : new FeatureDistribution(Edges(random, i), new double[Edges(random, i).Length + 1], 0))];
        for (int i = 0; i < infos.Length; i++)
        {
            if (infos[i].Kind == FeatureKind.Numeric)
                distributions[i] = distributions[i] with { Shares = new double[distributions[i].UpperEdges.Length + 1] };
        }
        using FeatureMatrix matrix = FeatureMatrix.Allocate(infos, rows);
        RandomModels.Rows(rows, model, rows).CopyTo(matrix.Rows(0, rows));
        var whole = new BinCounts(infos, distributions);
        whole.Add(matrix);
        // Two halves, the second first.
        BinCounts first = new(infos, distributions), second = new(infos, distributions);
        first.Add(matrix.View(0, rows / 2));
        second.Add(matrix.View(rows / 2, rows - rows / 2));
        second.Add(first);
        Assert.Equal(rows, second.Rows);
        for (int feature = 0; feature < features; feature++)
        {
            (long[] bins, long missing) = Count(matrix, feature, distributions[feature]);
            Assert.Equal(bins, whole.Of(feature).ToArray());
            Assert.Equal(missing, whole.Missing(feature));
            Assert.Equal(bins, second.Of(feature).ToArray());
            Assert.Equal(missing, second.Missing(feature));
        }
    }

    private static float[] Edges(Random random, int feature) => [.. Enumerable.Range(0, feature % 3 == 0 ? 19 : 40).Select(_ => (float)(random.NextDouble() * 8 - 4)).Distinct().Order()];

    private static (long[] Bins, long Missing) Count(FeatureMatrix matrix, int feature, FeatureDistribution distribution)
    {
        long[] bins = new long[distribution.Shares.Length];
        long missing = 0;
        for (long row = 0; row < matrix.RowCount; row++)
        {
            float value = matrix.Row(row)[feature];
            int bin = float.IsNaN(value) ? -1
                : matrix.Features[feature].Kind == FeatureKind.Numeric ? distribution.UpperEdges.Count(edge => edge < value)
                : value == Math.Floor(value) && value >= 0 && value < bins.Length ? (int)value : -1;
            if (bin < 0)
                missing++;
            else
                bins[bin]++;
        }
        return (bins, missing);
    }
}
