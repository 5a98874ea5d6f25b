using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Scoring.Tests.Outputs;

public sealed class SqliteOutputTests : DatabaseOutputTests
{
    private protected override OutputFormat Format => OutputFormat.Sqlite;

    private protected override DatabaseTarget Target => new(Folder["db/crm.sqlite"], "scores");

    private protected override string[] Query(string sql)
    {
        Directory.CreateDirectory(Folder["db"]);
        using SqliteDatabase database = SqliteDatabase.OpenForUpdates(Target.Connection);
        using SqliteStatement statement = database.Prepare(sql);
        List<string> rows = [];
        while (statement.Step())
            rows.Add(string.Join('|', Enumerable.Range(0, statement.ColumnCount).Select(i => Cell(statement, i))));
        return [.. rows];
    }

    [Fact]
    public void Run_Instant_IsTextInIso8601()
    {
        Run(new SmallWorld(2), Options("out"));
        Assert.Equal(["2023-11-14T22:13:20Z"], Query("SELECT DISTINCT as_of FROM scores"));
        Assert.Equal(["2023-11-14"], Query("SELECT DISTINCT date(as_of) FROM scores"));
    }

    [Fact]
    public void Run_FileThatIsNoDatabase_IsRefusedAndStays()
    {
        string path = Folder.Write("db/crm.sqlite", new string('x', 5000));
        var error = Assert.Throws<ChurnConfigException>(() => Run(new SmallWorld(2), Options("out")));
        Assert.Equal("CE6015", error.Code.ToString());
        Assert.Equal(new string('x', 5000), File.ReadAllText(path));
    }

    [Fact]
    public void Run_DatabaseInTheOutputFolder_IsRefused()
    {
        var error = Assert.Throws<ChurnConfigException>(() => Run(new SmallWorld(2), Options("db")));
        Assert.Equal("CE6010", error.Code.ToString());
        Assert.False(File.Exists(Target.Connection));
    }

    [Fact]
    public void Run_FolderInTheDatabasesPlace_IsRefused()
    {
        Directory.CreateDirectory(Folder["db/crm.sqlite"]);
        Assert.Equal("CE6015", Assert.Throws<ChurnConfigException>(() => Run(new SmallWorld(2), Options("out"))).Code.ToString());
    }

    [Fact]
    public void Run_ReaderInTheMiddleOfAJob_SeesTheOldScoresToTheEndOfItsTransaction()
    {
        Run(new SmallWorld(6), Options("old"));
        using SqliteDatabase reader = SqliteDatabase.OpenForUpdates(Target.Connection);
        string[] counts = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            using SqliteStatement statement = reader.Prepare("SELECT count(*) FROM scores");
            statement.Step();
            string count = statement.Integer(0).ToString(CultureInfo.InvariantCulture);
            statement.Reset();
            Run(new SmallWorld(6, 3), Options("new"));
            return count;
        })];
        Assert.Equal(["6", "9"], counts);
    }

    // Numbers as the engine writes float32; SQLite keeps them as double.
    private static string Cell(SqliteStatement statement, int column) => statement.IsNull(column) ? ""
        : statement.IsText(column) ? statement.Text(column)
        : statement.Number(column) is var number && number == Math.Truncate(number) && Math.Abs(number) < 1e15 ? statement.Integer(column).ToString(CultureInfo.InvariantCulture)
        : ((float)number).ToString("R", CultureInfo.InvariantCulture);
}
