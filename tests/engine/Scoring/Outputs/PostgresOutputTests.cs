using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.TestKit;
using Npgsql;

namespace ChurnEngine.Scoring.Tests.Outputs;

public sealed class PostgresOutputTests(PostgresServer server) : DatabaseOutputTests, IClassFixture<PostgresServer>
{
    private readonly string _schema = $"test_{Guid.NewGuid():N}";
    private readonly Lock _making = new();
    private bool _isMade;

    private protected override OutputFormat Format => OutputFormat.Postgres;

    private protected override DatabaseTarget Target
    {
        get
        {
            lock (_making)
            {
                if (!_isMade)
                    Execute($"CREATE SCHEMA {_schema}");
                _isMade = true;
            }
            return new($"{server.Connection};Search Path={_schema}", "scores");
        }
    }

    private protected override string[] Query(string sql)
    {
        _ = Target;
        return Execute($"SET search_path = {_schema}; {sql}");
    }

    [Fact]
    public void Run_ParallelParts_AllCome()
    {
        ScoringReport report = Run(new SmallWorld([.. Enumerable.Range(1, 40).Select(i => i * 5)]), Options("out"), threads: 8);
        Assert.Equal([report.Manifest.Rows.ToString(CultureInfo.InvariantCulture)], Query("SELECT count(*) FROM scores"));
    }

    [Fact]
    public void Run_TwoJobsAtOnce_NeitherDisturbsTheOther()
    {
        Parallel.For(0, 4, i => Run(new SmallWorld(30, 40, 50), Options($"{i}") with { Where = $"days_since_play > {i}" }));
        // Each customer once, of whichever job ended last.
        string[] counts = Query("SELECT count(*), count(DISTINCT customer_id) FROM scores");
        Assert.Equal(counts[0].Split('|')[0], counts[0].Split('|')[1]);
    }

    [Fact]
    public void Run_Instant_IsATimestampWithTimeZone()
    {
        Run(new SmallWorld(2), Options("out"));
        Assert.Equal(["timestamp with time zone|1700000000"], Query("SELECT DISTINCT pg_typeof(as_of)::text, extract(epoch FROM as_of)::bigint FROM scores"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_Password_IsWrittenNowhere(bool isUri)
    {
        DatabaseTarget target = isUri ? Target with { Connection = $"{server.Uri}&Search Path={_schema}" } : Target;
        Run(new SmallWorld(2), Options("out") with { Database = target });
        string[] files = Directory.GetFiles(Folder.Path, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("manifest.json", StringComparison.Ordinal));
        Assert.All(files, file => Assert.DoesNotContain(PostgresServer.Password, File.ReadAllText(file), StringComparison.Ordinal));
        Assert.Contains("table scores", Manifest.TryRead(Folder["out"])!.Database, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, (Options("out") with { Database = target }).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{0};Password=wrong-open-sesame-4711", "CE6015")]
    [InlineData("{0};Password=open-sesame-4711;Database=nowhere", "CE6015")]
    [InlineData("Host=/nowhere;Username=churn;Password=open-sesame-4711", "CE6016")]
    [InlineData("Host=localhost;Port=1;Username=churn;Password=open-sesame-4711", "CE6016")]
    [InlineData("open-sesame-4711", "CE6017")]
    [InlineData("Hots=x;Password=open-sesame-4711", "CE6017")]
    [InlineData("Host=x;Port=open-sesame-4711", "CE6017")]
    [InlineData("postgresql://churn:open-sesame-4711@:x/", "CE6017")]
    [InlineData("Password=open-sesame-4711", "CE6017")]
    public void Run_ConnectionThatFails_SaysSoWithoutThePassword(string connection, string code)
    {
        ScoringOptions options = Options("out") with { Database = new DatabaseTarget(string.Format(CultureInfo.InvariantCulture, connection, server.ConnectionWithoutPassword), "scores") };
        var error = Assert.ThrowsAny<ChurnException>(() => Run(new SmallWorld(2), options));
        Assert.Equal(code, error.Code.ToString());
        Assert.Equal(code == "CE6016", error is ChurnTransientException);
        Assert.DoesNotContain("sesame", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", error.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_UserWhoMayNotWrite_IsToldByTheServer()
    {
        _ = Target;
        Execute($"DROP ROLE IF EXISTS {_schema}; CREATE ROLE {_schema} LOGIN PASSWORD '{PostgresServer.Password}'");
        var target = new DatabaseTarget($"{server.Connection};Search Path={_schema};Username={_schema}", "scores");
        var error = Assert.Throws<ChurnConfigException>(() => Run(new SmallWorld(2), Options("out") with { Database = target }));
        Assert.Equal("CE6015", error.Code.ToString());
    }

    [Fact]
    public void Run_ColumnNameBeyondWhatPostgresKeeps_IsRefused()
    {
        var error = Assert.Throws<ChurnConfigException>(() => Run(new SmallWorld(2), Options("out") with { Database = Target with { Table = new string('t', 60) } }));
        Assert.Equal("CE6013", error.Code.ToString());
    }

    private string[] Execute(string sql)
    {
        using var connection = new NpgsqlConnection(server.Connection);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        using NpgsqlDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        do
        {
            while (reader.Read())
                rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }
        while (reader.NextResult());
        return [.. rows];
    }
}
