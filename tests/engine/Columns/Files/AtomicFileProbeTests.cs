using ChurnEngine.TestKit;

namespace ChurnEngine.Columns.Tests.Files;

public sealed class AtomicFileProbeTests
{
    [Theory]
    [InlineData("model.onnx")]
    [InlineData("not/yet/there/model.onnx")]
    public void Probe_WhereAFileCanBeWritten_LeavesNothing(string name)
    {
        using var folder = new TemporaryDirectory();
        AtomicFile.Probe(folder[name]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Probe_FileThatIsThere_IsNotTouched()
    {
        using var folder = new TemporaryDirectory();
        string path = folder.Write("model.onnx", "old");
        AtomicFile.Probe(path);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Probe_FolderOrBelowAFile_ThrowsAsWritingWould()
    {
        using var folder = new TemporaryDirectory();
        string file = folder.Write("file", "x");
        Assert.ThrowsAny<IOException>(() => AtomicFile.Probe(folder.Path));
        Assert.ThrowsAny<IOException>(() => AtomicFile.Probe(Path.Combine(file, "model.onnx")));
        Assert.ThrowsAny<IOException>(() => AtomicFile.Probe(Path.Combine(file, "deep", "model.onnx")));
        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteText(Path.Combine(file, "model.onnx"), "x"));
    }
}
