namespace ChurnEngine.Columns.Tests.Memory;

public sealed class SpillFileTests
{
    // More than a page short of two megabytes, so that the last page is partly used.
    private const int Length = 600_007;

    [Fact]
    public void MoveTo_ThenReadWriteAndMoveAgain_KeepsEveryValue()
    {
        Assert.SkipUnless(SpillFile.IsSupported, "only Linux has files in the place of memory");
        using SpillFile file = SpillFile.Create();
        using NativeBuffer<int> buffer = Numbers();
        Assert.True(buffer.MoveTo(file));
        Assert.Equal(Enumerable.Range(0, Length), buffer.Span.ToArray());
        buffer.Span[4711] = -1;
        Assert.True(buffer.MoveTo(file));
        buffer.Rest();
        Assert.Equal(Enumerable.Range(0, Length).Select(i => i == 4711 ? -1 : i), buffer.Span.ToArray());
        Assert.InRange(file.Length, 2L * Length * sizeof(int), 2L * (Length * sizeof(int) + 8192));
    }

    [Fact]
    public void Rest_AfterTheFileIsClosed_IsReadAgain()
    {
        Assert.SkipUnless(SpillFile.IsSupported, "only Linux has files in the place of memory");
        using NativeBuffer<int> buffer = Numbers(), other = Numbers();
        using (SpillFile file = SpillFile.Create())
        {
            other.MoveTo(file);
            buffer.MoveTo(file);
        }
        buffer.Rest();
        other.Dispose();
        Assert.Equal(Enumerable.Range(0, Length), buffer.Span.ToArray());
    }

    [Fact]
    public void Discard_PartInAFile_LeavesTheRestAsItWas()
    {
        Assert.SkipUnless(SpillFile.IsSupported, "only Linux has files in the place of memory");
        using SpillFile file = SpillFile.Create();
        using NativeBuffer<int> buffer = Numbers(), after = Numbers();
        buffer.MoveTo(file);
        after.MoveTo(file);
        // Neither end at the border of a page.
        buffer.Discard(5_001, 300_001);
        buffer.Rest();
        Assert.Equal(Enumerable.Range(0, 5_001), buffer.Slice(0, 5_001).ToArray());
        Assert.Equal(Enumerable.Range(305_002, Length - 305_002), buffer.Slice(305_002, Length - 305_002).ToArray());
        Assert.Equal(Enumerable.Range(0, Length), after.Span.ToArray());
    }

    [Fact]
    public void MoveTo_SmallOrBorrowed_StaysAndRestChangesNothing()
    {
        using SpillFile file = SpillFile.Create();
        using NativeBuffer<int> small = NativeBuffer<int>.CopyOf([1, 2, 3]);
        Assert.False(small.MoveTo(file));
        small.Rest();
        Assert.Equal([1, 2, 3], small.Span.ToArray());
        Assert.Equal(0, file.Length);
    }

    [Fact]
    public void Create_LeavesNoName()
    {
        string[] before = Names();
        using SpillFile file = SpillFile.Create();
        Assert.Empty(Names().Except(before));

        static string[] Names() => Directory.GetFiles(Path.GetTempPath(), $"churn-spill-{Environment.ProcessId}-*");
    }

    [Fact]
    public void MoveTo_ClosedFile_ThrowsAndKeepsTheValues()
    {
        Assert.SkipUnless(SpillFile.IsSupported, "only Linux has files in the place of memory");
        SpillFile file = SpillFile.Create();
        file.Dispose();
        using NativeBuffer<int> buffer = Numbers();
        Assert.Throws<ObjectDisposedException>(() => buffer.MoveTo(file));
        Assert.Equal(Enumerable.Range(0, Length), buffer.Span.ToArray());
    }

    private static NativeBuffer<int> Numbers() => NativeBuffer<int>.CopyOf([.. Enumerable.Range(0, Length)]);
}
