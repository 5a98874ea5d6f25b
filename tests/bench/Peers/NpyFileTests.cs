using System.Diagnostics;
using System.Text;
using ChurnEngine.Bench.Peers;
using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Bench.Tests.Peers;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WriteHeader_Matrix_IsWhatTheFormatSays()
    {
        NpyFile.Write(_folder["x.npy"], [1, 2, 3, 4, 5, 6], 2, 3);
        byte[] bytes = File.ReadAllBytes(_folder["x.npy"]);
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0], bytes[..8]);
        int length = bytes[8] | bytes[9] << 8;
        Assert.Equal(0, (10 + length) % 64);
        string header = Encoding.ASCII.GetString(bytes, 10, length);
        Assert.StartsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", header, StringComparison.Ordinal);
        Assert.EndsWith("\n", header, StringComparison.Ordinal);
        Assert.Equal(10 + length + 24, bytes.Length);
        Assert.Equal(3f, BitConverter.ToSingle(bytes, 10 + length + 8));
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(12, 0)]
    [InlineData(0, 5)]
    public void Read_WhatWasWritten_BitByBit(int rows, int columns)
    {
        float[] values = [.. Enumerable.Range(0, rows * Math.Max(1, columns)).Select(i => i switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => -0f, 3 => float.Epsilon, _ => i * 0.1f })];
        NpyFile.Write(_folder["x.npy"], values, rows, columns);
        (NativeBuffer<float> read, long n, int f) = NpyFile.Read(_folder["x.npy"]);
        using (read)
        {
            Assert.Equal((rows, columns), (n, f));
            Assert.Equal(values.Select(BitConverter.SingleToInt32Bits), read.Span.ToArray().Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void Read_CutOrOtherFile_IsRefused()
    {
        NpyFile.Write(_folder["x.npy"], [1, 2, 3, 4], 2, 2);
        byte[] bytes = File.ReadAllBytes(_folder["x.npy"]);
        File.WriteAllBytes(_folder["cut.npy"], bytes[..^3]);
        File.WriteAllText(_folder["text.npy"], "a file of some other kind, long enough");
        File.WriteAllBytes(_folder["double.npy"], Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace("<f4", "<f8", StringComparison.Ordinal)));
        foreach (string name in new[] { "cut.npy", "text.npy", "double.npy" })
            Assert.Contains(name, Assert.Throws<InvalidDataException>(() => NpyFile.Read(_folder[name])).Message, StringComparison.Ordinal);
    }

    // The other side of the file: whoever compares peers has this Python.
    [Fact]
    public void Write_ReadByNumPy_IsTheSameArray()
    {
        NpyFile.Write(_folder["x.npy"], [1.5f, float.NaN, -3, 4, 5, 6e30f], 3, 2);
        NpyFile.Write(_folder["y.npy"], [0, 1, 1], 3, 0);
        string script = "import sys, numpy as n; x, y = n.load(sys.argv[1]), n.load(sys.argv[2]); print(x.dtype, x.shape, x.flags['C_CONTIGUOUS'], x[0, 0], n.isnan(x[0, 1]), x[2, 1] == n.float32(6e30), y.shape, y.tolist())";
        using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", script, _folder["x.npy"], _folder["y.npy"]]) { RedirectStandardOutput = true })!;
        string said = python.StandardOutput.ReadToEnd().Trim();
        python.WaitForExit();
        Assert.Equal("float32 (3, 2) True 1.5 True True (3,) [0.0, 1.0, 1.0]", said);
    }

    [Fact]
    public void Make_TinyShape_IsWrittenOnceAndHoldsTheRecipesRows()
    {
        var shape = new RowShape("tiny", new ChurnRecipe(), 500, 70);
        RowFiles files = RowFiles.Of(_folder.Path, shape, seed: 4);
        List<string> said = [];
        files.Make(shape, 4, said.Add);
        DateTime written = File.GetLastWriteTimeUtc(files.XTrain);
        files.Make(shape, 4, said.Add);
        Assert.Single(said);
        Assert.Equal(written, File.GetLastWriteTimeUtc(files.XTrain));
        Assert.NotEqual(files.XTrain, RowFiles.Of(_folder.Path, shape, seed: 5).XTrain);

        (NativeBuffer<float> x, long rows, int features) = NpyFile.Read(files.XTest);
        (NativeBuffer<float> y, long labels, _) = NpyFile.Read(files.YTest);
        Assert.Equal((70, 30, 70), (rows, features, labels));
        var recipe = new LabelledRecipe(new ChurnRecipe(), 4);
        float[] row = new float[30];
        using (x)
        using (y)
        {
            for (int i = 0; i < 70; i++)
            {
                Assert.Equal(recipe.Fill(500 + i, row), y[i]);
                Assert.Equal(row, x.Slice(i * 30, 30).ToArray());
            }
        }
    }
}
