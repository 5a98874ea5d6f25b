using ChurnEngine.Models;
using ChurnEngine.ModelSamples;
using ChurnEngine.TestKit;

namespace ChurnEngine.OnnxBackend.Tests;

public sealed class BlockSizeTests
{
    private static readonly BlockSubject s_subject = new("m-1", "a machine", "1.29.0");

    [Fact]
    public void Probe_SizeThatIsFastest_IsKept()
    {
        BlockSize blocks = BlockSize.Probe(null);
        Run(blocks, calls: 20, rows: 65_536, ticksPerRow: size => size == 4096 ? 90 : 100);
        Assert.Equal(4096, blocks.Rows);
        Assert.Equal(new MeasuredBlock(4096, 32_768), blocks.Finding);
        Assert.Equal(4096, blocks.Next(100_000, 100_000, out int size));
        Assert.Equal(-1, size);
    }

    [Fact]
    public void Probe_LargerSizesThatGainLittle_AreNotWorthTheirMemory()
    {
        BlockSize blocks = BlockSize.Probe(null);
        Run(blocks, calls: 20, rows: 65_536, ticksPerRow: size => size == 32_768 ? 99 : 100);
        Assert.Equal(2048, blocks.Rows);
    }

    [Fact]
    public void Probe_OneSlowCall_DoesNotDecide()
    {
        BlockSize blocks = BlockSize.Probe(null);
        int calls = 0;
        Run(blocks, calls: 20, rows: 65_536, ticksPerRow: size => size == 16_384 ? calls++ == 0 ? 1000 : 50 : 100);
        Assert.Equal(16_384, blocks.Rows);
    }

    // Partitions of a scoring job have some 10,000 rows, so larger blocks never come; those that do must be compared all the same.
    [Fact]
    public void Probe_CallsOfFewRows_ComparesTheSizesThatFit()
    {
        BlockSize blocks = BlockSize.Probe(null);
        Run(blocks, calls: 20, rows: 9000, ticksPerRow: size => 1000 - size / 100);
        Assert.Equal(16_384, blocks.Rows);
        Assert.Equal(new MeasuredBlock(16_384, 16_384), blocks.Finding);
        Assert.Equal(9000, blocks.Next(9000, 9000, out int none));
        Assert.Equal(-1, none);
        // A caller with more rows opens the question again.
        blocks.Next(65_536, 65_536, out int again);
        Assert.NotEqual(-1, again);
    }

    [Fact]
    public void Probe_SmallCalls_MeasuresNothing()
    {
        BlockSize blocks = BlockSize.Probe(null);
        Run(blocks, calls: 10_000, rows: 1000, ticksPerRow: _ => 100);
        Assert.Equal(BlockSize.Default, blocks.Rows);
        Assert.Null(blocks.Finding);
    }

    [Fact]
    public void Probe_WhatIsKnown_IsNotMeasuredAgain()
    {
        BlockSize blocks = BlockSize.Probe(new MeasuredBlock(4096, 32_768));
        Run(blocks, calls: 20, rows: 65_536, ticksPerRow: _ => throw new InvalidOperationException("measured"));
        Assert.Equal(4096, blocks.Rows);
        Assert.Null(blocks.Finding);
    }

    [Fact]
    public void Memory_WrittenThenRead_ForItsSubjectOnly()
    {
        using var folder = new TemporaryDirectory();
        var memory = new BlockMemory(folder["cache"], s_subject);
        Assert.Null(memory.Read());
        memory.Write(new MeasuredBlock(4096, 16_384));
        Assert.Equal(new MeasuredBlock(4096, 16_384), memory.Read());
        Assert.All([s_subject with { Model = "m-2" }, s_subject with { Machine = "b" }, s_subject with { Runtime = "1.30.0" }], other => Assert.Null(new BlockMemory(folder["cache"], other).Read()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1, 2]")]
    [InlineData("""{ "subject": null, "rows": 4096, "upTo": 8192 }""")]
    [InlineData("""{ "subject": { "model": "m-1", "machine": "a machine", "runtime": "1.29.0" }, "rows": 5000, "upTo": 8192 }""")]
    [InlineData("""{ "subject": { "model": "m-1", "machine": "a machine", "runtime": "1.29.0" }, "rows": -1, "upTo": 8192 }""")]
    [InlineData("""{ "subject": { "model": "m-1", "machine": "a machine", "runtime": "1.29.0" }, "rows": 8192, "upTo": 4096 }""")]
    [InlineData("""{ "subject": { "model": "m-2", "machine": "a machine", "runtime": "1.29.0" }, "rows": 4096, "upTo": 8192 }""")]
    public void Memory_BrokenFile_IsPassedOverAndReplaced(string text)
    {
        using var folder = new TemporaryDirectory();
        var memory = new BlockMemory(folder.Path, s_subject);
        Directory.CreateDirectory(Path.GetDirectoryName(memory.Path)!);
        File.WriteAllText(memory.Path!, text);
        Assert.Null(memory.Read());
        memory.Write(new MeasuredBlock(4096, 8192));
        Assert.Equal(new MeasuredBlock(4096, 8192), memory.Read());
    }

    [Fact]
    public void Memory_NoPlaceToWrite_IsNoError()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("file", "in the way");
        foreach (string? place in (string?[])[null, folder["file"], "/proc/churn"])
        {
            var memory = new BlockMemory(place, s_subject);
            memory.Write(new MeasuredBlock(4096, 8192));
            Assert.Null(memory.Read());
        }
    }

    [Fact]
    public void Open_JobLargeEnough_RemembersForTheNext()
    {
        using var folder = new TemporaryDirectory();
        ChurnModel model = ModelFile.Encode(RandomModels.Create(1, new ModelShape { Trees = 5 }), []);
        float[] rows = RandomModels.Rows(2, model, 250_000);
        OnnxModelBackend first = OnnxModelBackend.OpenRemembering(model, folder.Path);
        Outputs expected = Outputs.Of(first, rows);
        first.Dispose();
        string file = Assert.Single(Directory.GetFiles(folder.Path, "*.json", SearchOption.AllDirectories));
        DateTime written = File.GetLastWriteTimeUtc(file);
        Assert.Contains(model.Version, File.ReadAllText(file), StringComparison.Ordinal);

        using OnnxModelBackend second = OnnxModelBackend.OpenRemembering(model, folder.Path);
        Assert.Equal(first.BlockRows, second.BlockRows);
        Assert.Equal(expected.Margin, Outputs.Of(second, rows).Margin);
        second.Dispose();
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
    }

    // What the size must never change: the bytes.
    [Fact]
    public void Predict_BlocksOfAnySize_GivesTheSameBits()
    {
        ChurnModel model = RandomModels.Create(3, SampleShapes.All["200 trees"]);
        float[] rows = RandomModels.Rows(4, model, 40_000);
        ChurnModel file = ModelFile.Encode(model, rows);
        Outputs expected = Outputs.Of(new WalkBackend(model), rows);
        using OnnxModelBackend whole = OnnxModelBackend.OpenWithBlocks(file, 40_000);
        // The runtime's own sigmoid may end in another last bit than .NET's, but in the same one for every block.
        float[] probability = Outputs.Of(whole, rows).Probability;
        foreach (int size in (int[])[.. BlockSize.Sizes, 1, 100, 1000])
        {
            using OnnxModelBackend backend = OnnxModelBackend.OpenWithBlocks(file, size);
            int count = size == 1 ? 300 : 40_000;
            Outputs actual = Outputs.Of(backend, rows[..(count * backend.FeatureCount)]);
            Assert.Equal(expected.Margin[..count], actual.Margin);
            Assert.Equal(probability[..count], actual.Probability);
        }
    }

    private static void Run(BlockSize blocks, int calls, int rows, Func<int, int> ticksPerRow)
    {
        for (int call = 0; call < calls; call++)
        {
            for (int start = 0; start < rows;)
            {
                int count = blocks.Next(rows - start, rows, out int size);
                Assert.InRange(count, 1, rows - start);
                if (size >= 0)
                    blocks.Report(size, count, (long)count * ticksPerRow(BlockSize.Sizes[size]));
                start += count;
            }
        }
    }
}
