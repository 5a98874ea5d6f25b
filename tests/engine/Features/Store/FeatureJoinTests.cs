using ChurnEngine.Columns;
using ChurnEngine.Ingest;

namespace ChurnEngine.Features.Tests.Store;

public class FeatureJoinTests
{
    private static readonly string[] s_columns = ["customer_id", "as_of", "label", "features_as_of", "plays", "spent", "plan"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Join_Exact_KeepsOrderAndColumnsOfThePairs(bool textKeys)
    {
        using var scene = new StoreScene(textKeys);
        OfflineStore store = scene.Fill(30, 60);
        string K(long key) => textKeys ? World.KeyText(key) : $"{key}";
        string Q(long key) => textKeys ? $"'{World.KeyText(key)}'" : $"{key}";
        JoinReport report = Run(scene, store, $"label,customer_id,as_of\nyes,{K(4)},2024-03-01\nno,{K(1)},2024-01-31\nno,{K(4)},2024-01-31\nyes,{K(1)},2024-01-31\n");
        Assert.Equal(
            [
                $"{Q(4)} 2024-03-01 'yes' 2024-03-01 0 -3 'it's \"x\"'", $"{Q(1)} 2024-01-31 'no' 2024-01-31 2 12.5 'gold'",
                $"{Q(4)} 2024-01-31 'no' 2024-01-31 0 - 'it's \"x\"'", $"{Q(1)} 2024-01-31 'yes' 2024-01-31 2 12.5 'gold'",
            ],
            scene.Rows(scene["out.parquet"], s_columns));
        Assert.Equal((4L, 2, null), (report.Rows, report.Dates, report.UnmatchedFile));
        Assert.False(File.Exists(scene["out.unmatched.parquet"]));
    }

    [Fact]
    public void Join_Latest_TakesTheLastDateBeforeAndNeverALaterOne()
    {
        using var scene = new StoreScene();
        OfflineStore store = scene.Fill(30, 60);
        // Customer 4 played on day 29, which was known on day 31: the features as of day 30 must not see it, whenever they are asked for.
        JoinReport report = Run(scene, store, "customer_id,as_of,label\n4,2024-02-29T23:59:59Z,a\n4,2024-03-01,b\n4,2024-01-30T23:59:59Z,c\n4,2024-06-01,d\n",
            join => join with { At = JoinDate.Latest, MaxAgeMicros = 40L * 86_400_000_000 });
        Assert.Equal(["4 2024-02-29T23:59:59Z 'a' 2024-01-31 0 - 'it's \"x\"'", "4 2024-03-01 'b' 2024-03-01 0 -3 'it's \"x\"'"], scene.Rows(scene["out.parquet"], s_columns));
        Assert.Equal((2L, 2L), (report.Rows, report.NoDate));
        Assert.Equal(["3 4 2024-01-30T23:59:59Z 'no date of the store serves this instant'", "4 4 2024-06-01 'no date of the store serves this instant'"],
            scene.Rows(scene["out.unmatched.parquet"], "row", "customer_id", "as_of", "reason"));
    }

    [Fact]
    public void Join_CustomersWithoutFeatures_AreListedWithTheReason()
    {
        using var scene = new StoreScene();
        OfflineStore store = scene.Fill(30, 60);
        File.WriteAllText(scene["out.unmatched.parquet"], "of an earlier run");
        JoinReport report = Run(scene, store, "customer_id,as_of,label\n5,2024-03-01,gone\n99,2024-03-01,nobody\n1,2024-03-01,there\n3,2024-01-31,not yet\n");
        Assert.Equal((1L, 1L, 2L, 0L), (report.Rows, report.UnknownCustomer, report.NotAtRisk, report.NoDate));
        Assert.Equal(["1 not at risk", "2 unknown customer", "4 not at risk"],
            scene.Rows(report.UnmatchedFile!, "row", "reason").Select(row => string.Join(' ', row.Split(' ')[..(row.Contains("unknown", StringComparison.Ordinal) ? 3 : 4)]).Replace("'", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal)));
        Assert.Contains("row 1, customer '5' as of 2024-03-01: not at risk", report.FirstUnmatched, StringComparison.Ordinal);

        Run(scene, store, "customer_id,as_of,label\n1,2024-03-01,there\n");
        Assert.False(File.Exists(scene["out.unmatched.parquet"]));
    }

    [Fact]
    public void Join_InstantThatTheStoreLacks_IsAnErrorUnlessAnOlderOneMayServe()
    {
        using var scene = new StoreScene();
        OfflineStore store = scene.Fill(30);
        ChurnDataException refused = Assert.Throws<ChurnDataException>(() => Run(scene, store, "customer_id,as_of\n1,2024-01-31\n1,2024-02-01\n"));
        Assert.Equal("CE3070", refused.Code.ToString());
        Assert.Contains("1 date: 2024-02-01", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--at latest", refused.Hint, StringComparison.Ordinal);
        Assert.False(File.Exists(scene["out.parquet"]));
    }

    [Theory]
    [InlineData("customer_id,as_of\n77,2024-01-31\n", "CE3071", "not one of the 1 rows")]
    [InlineData("customer,as_of\n1,2024-01-31\n", "CE3072", "no column 'customer_id'")]
    [InlineData("customer_id,at\n1,2024-01-31\n", "CE3072", "no column 'as_of'")]
    [InlineData("customer_id,as_of,PLAYS\n1,2024-01-31,3\n", "CE3069", "'PLAYS' and 'plays'")]
    [InlineData("customer_id,as_of,features_as_of\n1,2024-01-31,3\n", "CE3069", "features_as_of")]
    public void Join_PairsThatDoNotFit_SayWhy(string csv, string code, string says)
    {
        using var scene = new StoreScene();
        OfflineStore store = scene.Fill(30);
        ChurnException refused = Assert.ThrowsAny<ChurnException>(() => Run(scene, store, csv));
        Assert.Equal(code, refused.Code.ToString());
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(scene["out.parquet"])!, "*out*"));
    }

    [Fact]
    public void Join_OtherColumnNames_AreNamed()
    {
        using var scene = new StoreScene();
        OfflineStore store = scene.Fill(30);
        Run(scene, store, "who,at\n1,2024-01-31T00:00:00Z\n", join => join with { KeyColumn = "who", TimeColumn = "at" });
        Assert.Equal(["1 2024-01-31 2"], scene.Rows(scene["out.parquet"], "who", "at", "plays"));
    }

    [Fact]
    public void Join_CheckOnly_WritesNothing()
    {
        using var scene = new StoreScene();
        OfflineStore store = scene.Fill(30, 60);
        JoinReport report = Run(scene, store, "customer_id,as_of\n1,2024-01-31\n99,2024-01-31\n", join => join with { CheckOnly = true });
        Assert.Equal((2L, 1), (report.Rows, report.Dates));
        Assert.False(File.Exists(scene["out.parquet"]));
    }

    private static JoinReport Run(StoreScene scene, OfflineStore store, string csv, Func<JoinRequest, JoinRequest>? change = null)
    {
        File.WriteAllText(scene["pairs.csv"], csv);
        var request = new JoinRequest { Pairs = new TableSource { Name = "pairs", Path = scene["pairs.csv"] }, Out = scene["out.parquet"] };
        return FeatureJoin.Run(store, change is null ? request : change(request), scene.Session, scene.Session.OpenParquet, (null, CancellationToken.None));
    }
}
