using ChurnEngine.TestKit;

namespace ChurnEngine.Columns.Tests;

public class AtomicFileTests
{
    [Fact]
    public void Write_FailingWriter_LeavesTheOldFileAndNoTemporary()
    {
        using var folder = new TemporaryDirectory();
        string path = folder.Write("a.txt", "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException("disk gone");
        }));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void WriteText_NewFolder_IsCreated()
    {
        using var folder = new TemporaryDirectory();
        AtomicFile.WriteText(folder["x/y/é.txt"], "ü");
        Assert.Equal("ü", File.ReadAllText(folder["x/y/é.txt"]));
        Assert.Equal(2, new FileInfo(folder["x/y/é.txt"]).Length);
    }
}
