using ChurnEngine.TestKit;

namespace ChurnEngine.Columns.Tests.Files;

public sealed class PendingFileTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    private string Target => _folder["out/model.onnx"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Publish_ShowsTheWholeAtOnce()
    {
        using (var file = PendingFile.Create(Target))
        {
            file.Stream.Write("new"u8);
            Assert.False(File.Exists(Target));
            file.Publish();
        }
        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder["out"]));
    }

    [Fact]
    public void Dispose_Unpublished_LeavesTheOldFile()
    {
        _folder.Write("out/model.onnx", "old");
        using (var file = PendingFile.Create(Target))
            file.Stream.Write("half"u8);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder["out"]));
    }

    [Fact]
    public void TwoWriters_AtOnce_BothSucceedAndTheLaterStays()
    {
        using var first = PendingFile.Create(Target);
        using var second = PendingFile.Create(Target);
        first.Stream.Write("first"u8);
        second.Stream.Write("second"u8);
        first.Publish();
        Assert.Equal("first", File.ReadAllText(Target));
        second.Publish();
        Assert.Equal("second", File.ReadAllText(Target));
    }

    [Fact]
    public void Create_LeftoversOfDeadWriters_AreRemovedAndOthersAreNot()
    {
        _folder.Write("out/.model.onnx.4711-1.partial", "of a killed process");
        string[] others = [_folder.Write("out/.model.onnx.extra.4711-1.partial", ""), _folder.Write("out/.model.onnx.mine.partial", ""), _folder.Write("out/.other.4711-1.partial", "")];
        using var alive = PendingFile.Create(Target);
        using var file = PendingFile.Create(Target);

        Assert.Equal([.. others.Append(alive.HiddenPath).Append(file.HiddenPath).Order(StringComparer.Ordinal)], Directory.GetFiles(_folder["out"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Create_NameOfAFolder_IsRefused() => Assert.Throws<IOException>(() => PendingFile.Create(_folder.Path));

    [Fact]
    public async Task Create_ManyAtOnce_NoneMeetsAnother()
    {
        await Parallel.ForAsync(0, 200, (i, _) =>
        {
            using var file = PendingFile.Create(Target);
            file.Stream.Write(new byte[] { (byte)i });
            file.Publish();
            return ValueTask.CompletedTask;
        });
        Assert.Equal([Target], Directory.GetFiles(_folder["out"]));
    }
}

public sealed class FolderLockTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryTake_Held_IsNullUntilLetGo()
    {
        using (FolderLock? held = FolderLock.TryTake(_folder.Path))
        {
            Assert.NotNull(held);
            Assert.Null(FolderLock.TryTake(_folder.Path));
        }
        Assert.Empty(Directory.GetFiles(_folder.Path));
        using FolderLock? again = FolderLock.TryTake(_folder.Path);
        Assert.NotNull(again);
    }

    [Fact]
    public void TryTake_FileOfADeadProcess_IsTaken()
    {
        _folder.Write(FolderLock.FileName, "");
        using FolderLock? held = FolderLock.TryTake(_folder.Path);
        Assert.NotNull(held);
    }

    [Fact]
    public async Task TryTake_ManyAtOnce_OneAtATimeHoldsIt()
    {
        int inside = 0, taken = 0;
        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, (_, _) =>
        {
            using FolderLock? held = FolderLock.TryTake(_folder.Path);
            if (held is not null)
            {
                Assert.Equal(1, Interlocked.Increment(ref inside));
                Interlocked.Increment(ref taken);
                Interlocked.Decrement(ref inside);
            }
            return ValueTask.CompletedTask;
        });
        Assert.InRange(taken, 1, 2000);
    }
}
