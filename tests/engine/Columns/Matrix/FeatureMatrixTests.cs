namespace ChurnEngine.Columns.Tests.Matrix;

public unsafe class FeatureMatrixTests
{
    private static readonly FeatureInfo[] s_three = [new() { Name = "a" }, new() { Name = "b" }, new() { Name = "c" }];

    [Fact]
    public void Row_AnyRow_IsItsFeatures()
    {
        using FeatureMatrix matrix = Counting(4);
        Assert.Equal((4L, 3), (matrix.RowCount, matrix.FeatureCount));
        Assert.Equal([30f, 31f, 32f], matrix.Row(3).ToArray());
        Assert.Equal([10f, 11f, 12f, 20f, 21f, 22f], matrix.Rows(1, 2).ToArray());
        Assert.True(matrix.Rows(4, 0).IsEmpty);
        Assert.Equal(21f, matrix.Pointer[7]);
    }

    [Fact]
    public void View_SomeRows_SharesTheMemory()
    {
        using FeatureMatrix matrix = Counting(6);
        FeatureMatrix view = matrix.View(1, 4);
        FeatureMatrix inner = view.View(2, 2);
        Assert.Equal([30f, 31f, 32f], inner.Row(0).ToArray());
        inner.Row(1)[0] = -1;
        Assert.Equal(-1f, matrix.Row(4)[0]);
        Assert.Equal(30f, *inner.Pointer);
        inner.Dispose();
        view.Dispose();
        Assert.Equal(0f, matrix.Row(0)[0]);
    }

    [Fact]
    public void View_RowsAroundIt_AreOutOfReach()
    {
        using FeatureMatrix matrix = Counting(6);
        FeatureMatrix view = matrix.View(2, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Row(-1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Row(2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.View(-1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.View(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.View(long.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.View(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Rows(0, -1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.Gather([-1]));
    }

    [Fact]
    public void Gather_RowsInAnyOrder_CopiesThem()
    {
        using FeatureMatrix matrix = Counting(5);
        using FeatureMatrix gathered = matrix.View(1, 4).Gather([3, 0, 3]);
        matrix.Row(4).Clear();
        Assert.Equal([40f, 41f, 42f, 10f, 11f, 12f, 40f, 41f, 42f], gathered.Rows(0, 3).ToArray());
        Assert.Same(matrix.Features, gathered.Features);
    }

    [Fact]
    public void Gather_Nothing_IsEmpty()
    {
        using FeatureMatrix matrix = Counting(2);
        using FeatureMatrix gathered = matrix.Gather([]);
        Assert.Equal(0, gathered.RowCount);
        Assert.True(gathered.Rows(0, 0).IsEmpty);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(5, 0)]
    public void Allocate_EmptyShapes_Work(long rows, int features)
    {
        using FeatureMatrix matrix = FeatureMatrix.Allocate(s_three[..features], rows);
        Assert.Equal(rows * features, matrix.Rows(0, (int)rows).Length);
    }

    [Fact]
    public void Constructor_TooFewValues_Throws()
    {
        using NativeBuffer<float> values = NativeBuffer<float>.Allocate(8);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureMatrix(s_three, values, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureMatrix(s_three, values, -1));
        Assert.Throws<OverflowException>(() => new FeatureMatrix(s_three, values, long.MaxValue));
    }

    [Fact]
    public void Dispose_Owner_EndsItsViews()
    {
        FeatureMatrix matrix = Counting(2);
        FeatureMatrix view = matrix.View(0, 1);
        matrix.Dispose();
        matrix.Dispose();
        Assert.Throws<ObjectDisposedException>(() => view.Row(0).Length);
    }

    // Row r, feature f holds 10 r + f.
    private static FeatureMatrix Counting(int rows)
    {
        FeatureMatrix matrix = FeatureMatrix.Allocate(s_three, rows);
        for (int row = 0; row < rows; row++)
        {
            for (int feature = 0; feature < 3; feature++)
                matrix.Row(row)[feature] = 10 * row + feature;
        }
        return matrix;
    }
}
