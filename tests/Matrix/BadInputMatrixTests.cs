using System.Text.RegularExpressions;

namespace ChurnEngine.Matrix.Tests;

/// <summary>Every bad input: its exit code, its message, nothing half-written, and no row lost.</summary>
public sealed partial class BadInputMatrixTests(MatrixTable table) : IClassFixture<MatrixTable>
{
    public static TheoryData<string, string> All => [.. BadInputs.All.Select(input => (input.Group, input.Name))];

    [Fact]
    public void Inputs_AreManyAndDistinct()
    {
        Assert.True(BadInputs.All.Count >= 200, $"{BadInputs.All.Count} inputs");
        Assert.Distinct(BadInputs.All.Select(input => (input.Group, input.Name)));
    }

    [Fact]
    public void Table_InTheReadme_HasTheSameInputs()
    {
        if (MatrixTable.IsBeingWritten)
            return;
        string[] written = [.. File.ReadLines(MatrixTable.Path).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && TableRow().IsMatch(line))
            .Select(line => string.Join('|', Regex.Split(line, @"(?<!\\)\|").Skip(1).Take(4).Select(cell => cell.Trim())))];
        string[] wanted = [.. BadInputs.All.Select(input => string.Join('|', MatrixTable.Cells(input)))];
        Assert.True(written.SequenceEqual(wanted), $"tests/README.md has other rows than the code; first difference: {wanted.Zip(written).FirstOrDefault(pair => pair.First != pair.Second)}; run the Matrix tests with CHURN_WRITE_MATRIX=1");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Input_IsMetAsPromised(string group, string name)
    {
        BadInput input = BadInputs.All.Single(i => i.Group == group && i.Name == name);
        if (input.Lacks() is { } reason)
        {
            table.Skip(input, reason);
            Assert.Skip(reason);
        }
        using var scene = new Scene();
        input.Arrange(scene);
        Outcome outcome = scene.Run(input);
        table.Note(input, outcome, scene.Path);

        string all = $"{outcome.Error}\n{outcome.Output}";
        Assert.True(outcome.Exit == input.Exit, $"exit {outcome.Exit}, promised {input.Exit}: {all}");
        Assert.True(outcome.Message.StartsWith(input.Exit == 0 && input.Says.Length > 0 ? $"warning: {input.Says}" : input.Says, StringComparison.Ordinal) && (input.Says.Length > 0 || outcome.Message.Length == 0),
            $"says: '{outcome.Message}', promised: '{input.Says}'");
        Assert.All(input.Names, part => Assert.Contains(part, outcome.Message, StringComparison.Ordinal));
        if (input.Exit is 1 or 2 or 3 or 4)
            Assert.Matches(@"^CE\d{4} \S.*\. Hint: .{5,}$", outcome.Message);
        CheckFolder(input, scene, outcome);
        if (input.Rows is { } rows)
            CheckRows(rows, scene, outcome);
        input.After?.Invoke(scene);
    }

    // Nothing half-written: temporary names never stay, and a command that failed leaves nothing but the list of rows it refused.
    private static void CheckFolder(BadInput input, Scene scene, Outcome outcome)
    {
        IReadOnlyList<string> changes = scene.Changes();
        Assert.DoesNotContain(changes, name => name.EndsWith(".tmp", StringComparison.Ordinal) || name.EndsWith(".partial", StringComparison.Ordinal));
        if (input.Exit != 0 && !input.IsDone)
            Assert.True(changes.All(name => QuarantineFile().IsMatch(name) || ResumableFile().IsMatch(name)), $"left behind: {string.Join(", ", changes)}");
        foreach (string name in changes.Where(name => QuarantineFile().IsMatch(name)))
            Assert.EndsWith("\n", File.ReadAllText(scene[name]), StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.GetTempPath(), $"churn-spill-{Environment.ProcessId}-*"));
        Assert.DoesNotContain("   at ChurnEngine", outcome.Error, StringComparison.Ordinal);
    }

    private static void CheckRows(Rows rows, Scene scene, Outcome outcome)
    {
        long kept = RowsOut(rows, scene);
        long refused = Directory.Exists(scene["quarantine"]) && File.Exists(scene[$"quarantine/{rows.Table}.csv"])
            ? File.ReadLines(scene[$"quarantine/{rows.Table}.csv"]).Skip(1).Select(line => PlaceOfRow().Match(line).Value).Distinct().Count()
            : 0;
        Assert.True(kept == rows.Kept && kept + refused == rows.Read, $"{rows.Read} rows read, {kept} came out (promised {rows.Kept}), {refused} refused");
        Assert.True(refused == 0 || outcome.Warnings.Any(text => text.Contains($"{refused:N0} of {rows.Read:N0} rows were refused", StringComparison.Ordinal)), $"refused rows are not told of: {outcome.Error}");
    }

    private static long RowsOut(Rows rows, Scene scene) => rows.Table switch
    {
        "events" => Samples.Ask($"SELECT CAST(sum(events_all) AS BIGINT) FROM read_parquet('{scene["features.parquet"]}')"),
        "customers" => Samples.Ask($"SELECT count(*) FROM read_parquet('{scene["features.parquet"]}') WHERE plan IS NOT NULL"),
        _ => Samples.Ask($"SELECT count(*) FROM read_parquet('{scene["scores/part-*.parquet"]}')"),
    };

    [GeneratedRegex(@"(^|/)quarantine/\w+\.csv$")]
    private static partial Regex QuarantineFile();

    // What a rerun of the same job takes up again.
    [GeneratedRegex(@"scores/(\.lock|job\.json|part-\d{5}\.parquet|\.parts/\d{5}\.json)$")]
    private static partial Regex ResumableFile();

    [GeneratedRegex(@"^(""[^""]*""|[^,]*),\d+")]
    private static partial Regex PlaceOfRow();

    [GeneratedRegex(@"^\|.*\| (\d|1\d\d) \|")]
    private static partial Regex TableRow();
}
