using System.Security.Cryptography;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.TestKit;

namespace ChurnEngine.DataGen.Tests;

/// <summary>The world as it lies on the disk, written and read back by Ingest.</summary>
public class ParquetWorldTests
{
    private static readonly WorldOptions s_options = new() { Customers = 4_000, Months = 3, Seed = 21 };

    [Fact]
    public void Generate_OneAndThreeThreads_GiveTheSameBytes()
    {
        using var folder = new TemporaryDirectory();
        SortedDictionary<string, string> one = Generate(folder["one"], threads: 1, s_options.Seed);
        SortedDictionary<string, string> three = Generate(folder["three"], threads: 3, s_options.Seed);
        Assert.Equal(["churn.yaml", "customers.parquet", "events/part-00000.parquet", "payments.parquet", "support.parquet", "truth/effects.parquet", "truth/probabilities.parquet"], one.Keys);
        Assert.Equal(one, three);
    }

    [Fact]
    public void Generate_AnotherSeed_GivesOtherBytesInEveryTable()
    {
        using var folder = new TemporaryDirectory();
        SortedDictionary<string, string> first = Generate(folder["first"], threads: 2, seed: 1);
        SortedDictionary<string, string> second = Generate(folder["second"], threads: 2, seed: 2);
        Assert.Equal(["churn.yaml"], first.Keys.Where(name => first[name] == second[name]));
    }

    [Fact]
    public void Generate_ReadBack_HoldsTheValuesThatWereMade()
    {
        using var folder = new TemporaryDirectory();
        Generate(folder["world"], threads: 2, s_options.Seed);
        var expected = new CapturedWorld(s_options);
        using var session = new IngestSession(new IngestOptions());
        foreach ((string name, CapturedTable table) in expected.Files)
        {
            var source = new TableSource { Name = name, Path = Path.Combine(folder["world"], name) };
            var contract = new TableContract { Columns = [.. table.Schema.Fields.Select(f => new ColumnContract(f.Name, Plain(f.Type), NotNull: !f.Nullable))] };
            int row = 0;
            foreach (RecordBatch batch in session.Read(source, contract, CancellationToken.None))
            {
                using (batch)
                    AssertRows(table, row, batch);
                row += batch.Length;
            }
            Assert.Equal(table.Rows, row);
        }
        Assert.All(session.Reports, report => Assert.Equal(0, report.RowsRefused));
    }

    private static SortedDictionary<string, string> Generate(string directory, int threads, long seed)
    {
        var budget = new JobBudget { Threads = threads };
        using var session = new IngestSession(new IngestOptions { Budget = budget });
        World.Generate(s_options with { Seed = seed, Budget = budget }, directory, session.OpenParquet, progress: null, CancellationToken.None);
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(directory, "*", SearchOption.AllDirectories))
            hashes.Add(Path.GetRelativePath(directory, file).Replace('\\', '/'), Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
        return hashes;
    }

    private static ColumnType Plain(ColumnType type) => type == ColumnType.Dictionary ? ColumnType.Utf8 : type;

    private static void AssertRows(CapturedTable expected, int start, RecordBatch actual)
    {
        foreach (Field field in expected.Schema.Fields)
        {
            Column column = actual[field.Name];
            for (int row = 0; row < actual.Length; row++)
                Assert.Equal(Expected(expected, field, start + row), Actual(column, row));
        }
    }

    private static object? Expected(CapturedTable table, Field field, int row) => field.Type switch
    {
        ColumnType.Dictionary => table.Text(field.Name, row),
        ColumnType.Float64 => table.Reals(field.Name)[row],
        _ => table.Integers(field.Name)[row] is var value && value == CapturedTable.Null ? null : value,
    };

    private static object? Actual(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        PrimitiveColumn<long> c => c.Values[row],
        PrimitiveColumn<int> c => (long)c.Values[row],
        PrimitiveColumn<double> c => c.Values[row],
        BooleanColumn c => c[row] ? 1L : 0L,
        Utf8Column c => c.GetString(row),
        _ => throw new ArgumentException(column.Type.ToString(), nameof(column)),
    };
}
