using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ChurnEngine.Columns;
using ChurnEngine.TestKit;

[assembly: AssemblyFixture(typeof(ChurnEngine.DataGen.Tests.StandardWorld))]

namespace ChurnEngine.DataGen.Tests;

/// <summary>One file's rows, kept in memory. Nulls are <see cref="Null"/> or NaN.</summary>
public sealed class CapturedTable(Schema schema) : IBatchSink
{
    public const long Null = long.MinValue;
    private readonly List<long>[] _integers = [.. schema.Fields.Select(_ => new List<long>())];
    private readonly List<double>[] _reals = [.. schema.Fields.Select(_ => new List<double>())];
    private readonly string[][] _texts = [.. schema.Fields.Select(_ => Array.Empty<string>())];

    public Schema Schema => schema;
    public long Rows { get; private set; }
    public bool Completed { get; private set; }

    /// <summary>Integers, instants in microseconds, booleans as 0 and 1, or text codes.</summary>
    public ReadOnlySpan<long> Integers(string column) => CollectionsMarshal.AsSpan(_integers[schema.IndexOf(column)]);

    public ReadOnlySpan<double> Reals(string column) => CollectionsMarshal.AsSpan(_reals[schema.IndexOf(column)]);

    public string[] Texts(string column) => _texts[schema.IndexOf(column)];

    public string? Text(string column, int row) => Integers(column)[row] is var code && code == Null ? null : Texts(column)[code];

    public void Write(RecordBatch batch)
    {
        Assert.True(schema.SameAs(batch.Schema));
        Rows += batch.Length;
        for (int i = 0; i < _integers.Length; i++)
        {
            Column column = batch.Columns[i];
            Assert.True(batch.Schema.Fields[i].Nullable || column.NullCount == 0);
            if (column is DictionaryColumn coded)
                _texts[i] = [.. Enumerable.Range(0, coded.Dictionary.Length).Select(code => coded.Dictionary.GetString(code)!)];
            for (int row = 0; row < batch.Length; row++)
            {
                if (column is PrimitiveColumn<double> reals)
                    _reals[i].Add(column.IsNull(row) ? double.NaN : reals.Values[row]);
                else
                    _integers[i].Add(column.IsNull(row) ? Null : Integer(column, row));
            }
        }
    }

    public void Complete() => Completed = true;

    public void Dispose()
    {
    }

    /// <summary>Adds every value to a hash.</summary>
    public void AddTo(IncrementalHash hash)
    {
        for (int i = 0; i < _integers.Length; i++)
        {
            hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_integers[i])));
            hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_reals[i])));
        }
    }

    private static long Integer(Column column, int row) => column switch
    {
        PrimitiveColumn<long> c => c.Values[row],
        PrimitiveColumn<int> c => c.Values[row],
        BooleanColumn c => c[row] ? 1 : 0,
        DictionaryColumn c => c.Codes[row],
        _ => throw new ArgumentException(column.Type.ToString()),
    };
}

/// <summary>20,000 customers over 12 months, generated once for all tests.</summary>
public sealed class StandardWorld() : CapturedWorld(new WorldOptions { Customers = 20_000, Months = 12, Seed = Seed })
{
    public const long Seed = 11;
}

/// <summary>A world whose files stay in memory.</summary>
public class CapturedWorld
{
    public CapturedWorld(WorldOptions options)
    {
        using var folder = new TemporaryDirectory();
        string target = folder["world"];
        Report = World.Generate(options, target, (path, schema) =>
        {
            string name = Path.GetRelativePath(Path.Combine(target, "_partial"), path).Replace('\\', '/');
            return Files[name] = new CapturedTable(schema);
        }, progress: null, CancellationToken.None);
        Options = options;
        ProjectText = File.ReadAllText(Path.Combine(target, "churn.yaml"));
        if (Directory.Exists(Path.Combine(target, "log")))
            Logs = [.. Directory.GetFiles(Path.Combine(target, "log")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }

    public WorldOptions Options { get; }
    public WorldReport Report { get; }
    public string ProjectText { get; }
    public SortedDictionary<string, CapturedTable> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Content of the files below <c>log</c>.</summary>
    public byte[][] Logs { get; } = [];

    public CapturedTable Customers => Files["customers.parquet"];
    public CapturedTable Events => Files["events/part-00000.parquet"];
    public CapturedTable Payments => Files["payments.parquet"];
    public CapturedTable Support => Files["support.parquet"];
    public CapturedTable Truth => Files[TruthFile.RelativePath];
    public CapturedTable Effects => Files[EffectsFile.RelativePath];

    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, CapturedTable table) in Files)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{name} {table.Rows};"));
            table.AddTo(hash);
        }
        foreach (byte[] log in Logs)
            hash.AppendData(log);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
