using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.DataGen.MusicLog;
using ChurnEngine.Ingest;
using ChurnEngine.TestKit;

namespace ChurnEngine.DataGen.Tests.MusicLog;

public class MusicLogTests(MusicWorld world)
{
    private static readonly string[] s_named = ["auth", "firstName", "gender", "itemInSession", "lastName", "level", "location", "method", "page", "registration", "sessionId", "status", "ts", "userAgent", "userId"];
    private static readonly string[] s_song = [.. s_named.Append("artist").Append("song").Append("length").Order(StringComparer.Ordinal)];
    private static readonly string[] s_anonymous = ["auth", "itemInSession", "level", "method", "page", "sessionId", "status", "ts", "userId"];

    // 286,500 events of 226 users in the log that the schema comes from.
    [Fact]
    public void Log_TheSmallOne_HasAsManyLinesAsItsModel() => Assert.InRange(world.Report.Events, 230_000, 345_000);

    [Fact]
    public void Log_EveryLine_FollowsTheSchema()
    {
        long lines = 0, anonymous = 0, cancellations = 0, last = 0, disorder = 0;
        HashSet<string> pages = [];
        foreach (JsonElement line in Lines())
        {
            lines++;
            string page = line.GetProperty("page").GetString()!;
            string auth = line.GetProperty("auth").GetString()!;
            bool isAnonymous = line.GetProperty("userId").GetString() is "";
            pages.Add(page);
            Assert.Equal(isAnonymous, auth is "Logged Out" or "Guest");
            Assert.Equal(page == "Cancellation Confirmation", auth == "Cancelled");
            string[] keys = [.. line.EnumerateObject().Select(property => property.Name)];
            Assert.Equal(isAnonymous ? s_anonymous : page == "NextSong" ? s_song : s_named, keys.Order(StringComparer.Ordinal));
            Assert.Equal(page == "Error" ? 404 : line.GetProperty("method").GetString() == "PUT" && page != "NextSong" ? 307 : 200, line.GetProperty("status").GetInt32());
            if (page == "NextSong")
                Assert.InRange(line.GetProperty("length").GetDouble(), 90, 360);
            anonymous += isAnonymous ? 1 : 0;
            cancellations += page == "Cancellation Confirmation" ? 1 : 0;
            long at = line.GetProperty("ts").GetInt64();
            disorder += at < last ? 1 : 0;
            last = at;
        }
        Assert.Equal(MusicWords.Pages.Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
        Assert.Equal(world.Report.Events, lines);
        Assert.Equal(world.Report.Churned, cancellations);
        Assert.InRange(anonymous / (double)lines, 0.015, 0.08);
        Assert.InRange(disorder, 1, lines / 10);
        Assert.InRange(world.Report.DuplicateEvents / (double)lines, 0.001, 0.003);
    }

    [Fact]
    public void Log_ItemsOfASession_CountUpWithTheTime()
    {
        foreach (IGrouping<long, (long At, int Item)> session in Lines().Select(line => (Session: line.GetProperty("sessionId").GetInt64(), At: line.GetProperty("ts").GetInt64(), Item: line.GetProperty("itemInSession").GetInt32()))
            .GroupBy(line => line.Session, line => (line.At, line.Item)))
        {
            (long At, int Item)[] items = [.. session.Distinct().OrderBy(line => line.At).ThenBy(line => line.Item)];
            Assert.Equal(Enumerable.Range(0, items.Length), items.Select(line => line.Item));
        }
    }

    [Fact]
    public void Log_AfterCancellation_HasNothingOfTheUser()
    {
        var last = new Dictionary<string, (long At, string Page)>();
        foreach (JsonElement line in Lines())
        {
            string user = line.GetProperty("userId").GetString()!;
            long at = line.GetProperty("ts").GetInt64();
            if (user.Length > 0 && at >= last.GetValueOrDefault(user).At)
                last[user] = (at, line.GetProperty("page").GetString()!);
        }
        Assert.Equal(world.Report.Churned, last.Values.Count(line => line.Page == "Cancellation Confirmation"));
    }

    [Fact]
    public void Ingest_LogAsWritten_RefusesTheNamelessLinesOnly()
    {
        using var folder = new TemporaryDirectory();
        long nameless = Lines().LongCount(line => line.GetProperty("userId").GetString() is "");
        for (int part = 0; part < world.Logs.Length; part++)
            File.WriteAllBytes(folder[$"part-{part}.json"], world.Logs[part]);
        using var session = new IngestSession(new IngestOptions { BadShareLimit = 0.15 });
        var contract = new TableContract
        {
            Columns = [new("userId", ColumnType.Int64, NotNull: true), new("ts", ColumnType.Int64, NotNull: true), new("page", ColumnType.Utf8, NotNull: true), new("length", ColumnType.Float64), new("sessionId", ColumnType.Int64, NotNull: true)],
        };
        long rows = 0;
        foreach (RecordBatch batch in session.Read(new TableSource { Name = "log", Path = folder["*.json"] }, contract, CancellationToken.None))
        {
            using (batch)
                rows += batch.Length;
        }
        Assert.Equal(world.Report.Events - nameless, rows);
        Assert.Equal(nameless, session.Reports.Single().RowsRefused);
    }

    // What the law looks at, the long way round.
    [Fact]
    public void History_Windows_AreCountedAsTheyAreWritten()
    {
        var options = new WorldOptions { Scenario = "music-log", Customers = 40, Seed = 12 };
        var clock = new WorldClock(options.Months);
        var source = new ListenerSource(options.Customers, options.Seed, clock);
        var life = new MusicLife(new MusicDrifts(options));
        for (int index = 0; index < options.Customers; index++)
        {
            Listener listener = source.Draw(index);
            life.Start(listener);
            for (int month = 0; month <= clock.Months; month++)
            {
                long t = WorldClock.MonthStart(month);
                life.RunUntil(t);
                if (listener.RegisteredAt >= t)
                    continue;
                MusicHistory history = MusicHistory.Before(t, life.Lines.ToArray(), listener);
                LogLine[] named = [.. life.Lines.Where(line => !line.IsAnonymous && line.AtMillis < t * 1000)];
                Assert.Equal(Count(named, t, 7, Page.NextSong), history.Songs7);
                Assert.Equal(Count(named, t, 30, Page.NextSong), history.Songs30);
                Assert.Equal(Count(named, t, 90, Page.NextSong), history.Songs90);
                Assert.Equal(Count(named, t, 30, Page.ThumbsDown), history.ThumbsDown30);
                Assert.Equal(Count(named, t, 30, Page.RollAdvert), history.Adverts30);
                Assert.Equal(Count(named, t, 30, Page.Error) + Count(named, t, 30, Page.Help), history.Trouble30);
                Assert.Equal(Count(named, t, 30, Page.AddFriend) + Count(named, t, 30, Page.AddToPlaylist), history.Social30);
                Assert.Equal(Count(named, t, 90, Page.SubmitDowngrade), history.Downgrades90);
                Assert.Equal(named.Length > 0 ? Math.Min(60, (t * 1000 - named[^1].AtMillis) / 86_400_000.0) : 60, history.RecencyDays, 9);
            }
        }
    }

    private static int Count(LogLine[] lines, long t, int days, Page page) => lines.Count(line => line.Page == page && line.AtMillis >= 1000 * (t - days * WorldClock.Day));

    private IEnumerable<JsonElement> Lines()
    {
        foreach (byte[] log in world.Logs)
        {
            for (int start = 0, end; start < log.Length; start = end + 1)
            {
                end = Array.IndexOf(log, (byte)'\n', start);
                using var document = JsonDocument.Parse(log.AsMemory(start, end - start));
                yield return document.RootElement;
            }
        }
    }
}
