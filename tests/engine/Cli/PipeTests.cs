using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Cli.Tests;

/// <summary>A model of a plain table, its rows, and the rows of a bigger one.</summary>
public sealed class PipeScene : IDisposable
{
    public const int Rows = 2000;
    private readonly TemporaryDirectory _folder = new();

    public PipeScene()
    {
        File.WriteAllText(Table, PlainRows.Csv(Rows));
        Churn.Run("train", "--table", Table, "--id", "id", "--label", "Churn", "--cv", "0", "--trees", "20", "--model", Model, "--quiet").Expect(ExitCode.Done);
    }

    public string Table => _folder["rows.csv"];

    public string Model => _folder["model.onnx"];

    public void Dispose() => _folder.Dispose();
}

/// <summary><c>churn score --stdin --stdout</c> as a real process between real pipes.</summary>
public sealed class PipeTests(PipeScene scene) : IClassFixture<PipeScene>
{
    private static readonly Schema s_schema = new(new("plan", ColumnType.Utf8), new("price", ColumnType.Int32), new("id", ColumnType.Utf8), new Field("tenure", ColumnType.Float64));

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Pipe_Batches_ComeBackInOrderWithTheScoresOfTheTable(string threads)
    {
        using var folder = new TemporaryDirectory();
        string[] options = ["--model", scene.Model, "--reasons", "1", "--columns", "plan", "tenure", "--risk", "low=0,high=0.5"];
        Churn.Run(["score", .. options, "--table", scene.Table, "--out", folder["scores"], "--quiet"]).Expect(ExitCode.Done);
        Dictionary<string, string?[]> expected = ScoreParts.Read(folder["scores"], "probability", "margin", "risk", "plan", "tenure", "reason_1");

        using var churn = new PipedChurn([.. options, "--threads", threads]);
        byte[] bytes = churn.Pass(PipedChurn.StreamOf(s_schema, Batches(300)));

        (int exitCode, string error) = churn.WaitForEnd();
        Assert.True(exitCode == 0, error);
        Assert.Contains($"{PipeScene.Rows:N0} rows in 7 batches", error, StringComparison.Ordinal);
        using var reader = new ArrowStreamReader(new MemoryStream(bytes));
        Assert.Equal(["id", "probability", "margin", "risk", "plan", "tenure", "reason_1"], reader.Schema.Fields.Select(field => field.Name));
        int next = 0;
        List<int> lengths = [];
        foreach (RecordBatch batch in reader.ReadAll())
        {
            using (batch)
            {
                lengths.Add(batch.Length);
                for (int row = 0; row < batch.Length; row++, next++)
                {
                    Assert.Equal($"c{next}", ((Utf8Column)batch["id"]).GetString(row));
                    Assert.Equal(expected[$"c{next}"], batch.Columns.Skip(1).Select(column => Text(column, row)));
                }
            }
        }
        Assert.Equal(PipeScene.Rows, next);
        Assert.Equal([300, 300, 300, 300, 300, 300, 200], lengths);
    }

    [Fact]
    public void Pipe_AnyThreadCount_SameBytes()
    {
        byte[] input = PipedChurn.StreamOf(s_schema, Batches(64));
        byte[][] outputs = [.. new[] { "1", "2", "8" }.Select(threads =>
        {
            using var churn = new PipedChurn("--model", scene.Model, "--where", "probability > 0.2", "--threads", threads, "--quiet");
            byte[] bytes = churn.Pass(input);
            Assert.Equal((0, ""), churn.WaitForEnd());
            return bytes;
        })];
        Assert.Equal(outputs[0], outputs[1]);
        Assert.Equal(outputs[0], outputs[2]);
    }

    [Fact]
    public void Pipe_DriverThatWaitsForEachAnswer_GetsIt()
    {
        using var churn = new PipedChurn("--model", scene.Model, "--reasons", "0");
        using var writer = new ArrowStreamWriter(churn.Input, s_schema);
        churn.Input.Flush();
        ArrowStreamReader? reader = null;
        foreach (RecordBatch batch in Batches(500).Take(3))
        {
            using (batch)
                writer.Write(batch);
            churn.Input.Flush();
            reader ??= new ArrowStreamReader(churn.Output);
            using RecordBatch answer = reader.Read()!;
            Assert.Equal(500, answer.Length);
        }
        writer.Complete();
        churn.Input.Close();
        Assert.Null(reader!.Read());
        Assert.Equal(0, churn.WaitForEnd().ExitCode);
        reader.Dispose();
    }

    [Fact]
    public void Pipe_StreamOfJavaScript_IsScored()
    {
        using var folder = new TemporaryDirectory();
        byte[] input = File.ReadAllBytes(ForeignRuntimes.WriteTable("js", scene.Table, folder["rows.arrows"]));
        using var churn = new PipedChurn("--model", scene.Model, "--reasons", "0", "--where", "probability >= 0.5");
        File.WriteAllBytes(folder["scores.arrows"], churn.Pass(input));
        (int exitCode, string error) = churn.WaitForEnd();
        Assert.True(exitCode == 0, error);
        string[] lines = ForeignRuntimes.ReadTable(folder["scores.arrows"]);
        Assert.Equal("id,probability,margin", lines[0]);

        Churn.Run("score", "--model", scene.Model, "--reasons", "0", "--table", scene.Table, "--out", folder["scores"], "--quiet").Expect(ExitCode.Done);
        Dictionary<string, string?[]> expected = ScoreParts.Read(folder["scores"], "probability");
        string[] over = [.. Enumerable.Range(0, PipeScene.Rows).Select(i => $"c{i}").Where(id => float.Parse(expected[id][0]!, CultureInfo.InvariantCulture) >= 0.5)];
        Assert.Equal(over, lines.Skip(1).Select(line => line.Split(',')[0]));
        Assert.All(lines.Skip(1), line => Assert.Equal(float.Parse(expected[line.Split(',')[0]][0]!, CultureInfo.InvariantCulture), (float)double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Pipe_NoBatch_EndsWithTheSchema()
    {
        using var churn = new PipedChurn("--model", scene.Model);
        using var reader = new ArrowStreamReader(new MemoryStream(churn.Pass(PipedChurn.StreamOf(s_schema))));
        Assert.Equal(0, churn.WaitForEnd().ExitCode);
        Assert.Equal("id", reader.Schema.Fields[0].Name);
        Assert.Null(reader.Read());
    }

    [Fact]
    public async Task Pipe_ReaderThatLeaves_EndsQuietlyWithItsCode()
    {
        // More than a pipe holds, many times over.
        byte[] input = PipedChurn.StreamOf(s_schema, Enumerable.Range(0, 200).SelectMany(_ => Batches(500)));
        using var churn = new PipedChurn("--model", scene.Model, "--reasons", "0", "--quiet");
        Task sent = churn.Send(input);
        Assert.Equal(100, churn.Output.ReadAtLeast(new byte[100], 100));
        churn.Output.Close();
        Assert.Equal((ExitCode.ReaderLeft, ""), churn.WaitForEnd());
        await sent;
    }

    [Theory]
    [InlineData("tenure", "CE5203")]
    [InlineData("id", "CE5203")]
    public void Pipe_StreamWithoutAColumn_IsTheUsualErrorAndNothingOnStandardOutput(string missing, string code)
    {
        RecordBatch full = Batches(5).First();
        int[] kept = [.. Enumerable.Range(0, 4).Where(i => s_schema.Fields[i].Name != missing)];
        var schema = new Schema([.. kept.Select(i => s_schema.Fields[i])]);
        AssertRefused(PipedChurn.StreamOf(schema, new RecordBatch(schema, [.. kept.Select(i => full.Columns[i])], full.Length)), code, $"'{missing}'");
    }

    [Fact]
    public void Pipe_BytesThatAreNoStream_AreRefused() => AssertRefused("id,tenure,price,plan\n1,2,3,4\n"u8.ToArray(), "CE2101", "standard input");

    [Fact]
    public void Pipe_NothingAtAll_IsRefused() => AssertRefused([], "CE2101", "standard input");

    [Fact]
    public void Pipe_KeyOfAnotherType_IsRefused()
    {
        var schema = new Schema(new("plan", ColumnType.Utf8), new("price", ColumnType.Int32), new("id", ColumnType.Boolean), new Field("tenure", ColumnType.Float64));
        AssertRefused(PipedChurn.StreamOf(schema), "CE6018", "'id'");
    }

    [Fact]
    public void Pipe_RowWithoutKeyInTheSecondBatch_ComesBehindTheFirst()
    {
        RecordBatch[] batches = [.. Batches(10).Take(2)];
        RecordBatch second = batches[1];
        using var ids = new Utf8Builder();
        for (int row = 0; row < 10; row++)
            ids.Append(row == 3 ? null : $"x{row}");
        batches[1] = new RecordBatch(s_schema, [second.Columns[0], second.Columns[1], ids.Build(), second.Columns[3]], 10);
        using var churn = new PipedChurn("--model", scene.Model);
        using var reader = new ArrowStreamReader(new MemoryStream(churn.Pass(PipedChurn.StreamOf(s_schema, batches))));
        Assert.Equal(10, reader.Read()!.Length);
        Assert.Equal("CE2103", Assert.Throws<ChurnDataException>(() => reader.Read()).Code.ToString());
        (int exitCode, string error) = churn.WaitForEnd();
        Assert.Equal(ExitCode.BadInput, exitCode);
        Assert.Contains("CE6019 batch 2 row 4", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Pipe_StreamCutInTheMiddle_IsAnErrorBehindTheBatchesBefore()
    {
        byte[] whole = PipedChurn.StreamOf(s_schema, Batches(400));
        using var churn = new PipedChurn("--model", scene.Model);
        byte[] output = churn.Pass(whole[..(whole.Length / 2)]);
        (int exitCode, string error) = churn.WaitForEnd();
        Assert.Equal(ExitCode.BadInput, exitCode);
        Assert.Contains("CE2102", error, StringComparison.Ordinal);
        using var reader = new ArrowStreamReader(new MemoryStream(output));
        Assert.Equal(400, reader.Read()!.Length);
    }

    [Theory]
    [InlineData(ChurnProcess.SigInt, ExitCode.Interrupted)]
    [InlineData(ChurnProcess.SigTerm, ExitCode.Terminated)]
    public void Pipe_InterruptedWhileItWaits_Ends(int signal, int exitCode)
    {
        using var churn = new PipedChurn("--model", scene.Model, "--quiet");
        churn.Input.Write(PipedChurn.StreamOf(s_schema, Batches(100).Take(1)).AsSpan()[..^8]);
        churn.Input.Flush();
        using var reader = new ArrowStreamReader(churn.Output);
        Assert.Equal(100, reader.Read()!.Length);
        ChurnProcess.Send(churn.Id, signal);
        Assert.Equal(exitCode, churn.WaitForEnd().ExitCode);
    }

    [Theory]
    [InlineData("--stdin", "--stdout", "--out", "x")]
    [InlineData("--stdin", "--stdout", "--table", "x.csv")]
    [InlineData("--stdin", "--stdout", "--format", "csv")]
    [InlineData("--stdin", "--stdout", "--json")]
    [InlineData("--stdin")]
    [InlineData("--stdout")]
    public void Pipe_OptionsThatMeanNothing_AreRefused(params string[] options)
    {
        CommandRun run = Churn.Run(["score", "--model", scene.Model, .. options]).Expect(ExitCode.Usage);
        Assert.Contains("CE1003", run.Error, StringComparison.Ordinal);
    }

    private void AssertRefused(byte[] input, string code, string said)
    {
        using var churn = new PipedChurn("--model", scene.Model);
        Assert.Empty(churn.Pass(input));
        (int exitCode, string error) = churn.WaitForEnd();
        Assert.Equal(ExitCode.BadInput, exitCode);
        string line = error.TrimEnd('\n').Split('\n')[^1];
        Assert.StartsWith(code, line, StringComparison.Ordinal);
        Assert.Contains(said, line, StringComparison.Ordinal);
    }

    // The rows of the table, by the names of its columns in another order and in other types.
    private static IEnumerable<RecordBatch> Batches(int size)
    {
        foreach (string[] lines in PlainRows.Csv(PipeScene.Rows).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Chunk(size))
        {
            using var plans = new Utf8Builder();
            using var prices = new PrimitiveBuilder<int>(ColumnType.Int32);
            using var ids = new Utf8Builder();
            using var tenures = new PrimitiveBuilder<double>(ColumnType.Float64);
            foreach (string[] cells in lines.Select(line => line.Split(',')))
            {
                ids.Append(cells[0]);
                tenures.Append(double.Parse(cells[1], CultureInfo.InvariantCulture));
                prices.Append(int.Parse(cells[2], CultureInfo.InvariantCulture));
                plans.Append(cells[3]);
            }
            yield return new RecordBatch(s_schema, [plans.Build(), prices.Build(), ids.Build(), tenures.Build()], lines.Length);
        }
    }

    private static string? Text(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        PrimitiveColumn<float> numbers => numbers.Values[row].ToString("R", CultureInfo.InvariantCulture),
        Utf8Column texts => texts.GetString(row),
        _ => throw new NotSupportedException(column.GetType().Name),
    };
}
