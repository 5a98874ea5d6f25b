using ChurnEngine.DataGen.BusinessSoftware;

namespace ChurnEngine.DataGen.Tests.BusinessSoftware;

public class AccountWorldTests(AccountWorld world)
{
    private const long Second = 1_000_000;
    private CapturedTable Accounts => world.Files["accounts.parquet"];
    private CapturedTable Usage => world.Files["usage/part-00000.parquet"];
    private CapturedTable Lifecycle => world.Files["lifecycle.parquet"];

    [Fact]
    public void Accounts_Seats_AreFiveOnAverageAtFiftyEach()
    {
        Assert.InRange(Accounts.Integers("seats").ToArray().Average(), 3.5, 6.5);
        Assert.Equal([40.0, 50.0], Accounts.Reals("price_per_seat").ToArray().Distinct().Order());
        Assert.True(Accounts.Rows > world.Report.Customers);
    }

    [Fact]
    public void Logs_AfterClosing_HaveNothing()
    {
        var closed = new Dictionary<long, long>();
        for (int row = 0; row < Lifecycle.Rows; row++)
        {
            if (Lifecycle.Text("change", row) == "closed")
                closed.Add(Lifecycle.Integers("account_id")[row], Lifecycle.Integers("event_at")[row]);
        }
        Assert.Equal(world.Report.Churned, closed.Count);
        foreach (string file in (string[])["usage/part-00000.parquet", "tickets.parquet", "invoices.parquet"])
        {
            CapturedTable log = world.Files[file];
            for (int row = 0; row < log.Rows; row++)
                Assert.True(log.Integers("event_at")[row] < closed.GetValueOrDefault(log.Integers("account_id")[row], long.MaxValue), $"{file}, row {row}");
        }
    }

    [Fact]
    public void Usage_Weekends_AreQuietAndClientsComeLater()
    {
        double weekend = 0;
        for (int row = 0; row < Usage.Rows; row++)
        {
            long at = Usage.Integers("event_at")[row] / Second;
            // 1970 began on a Thursday.
            weekend += (at / WorldClock.Day + 3) % 7 >= 5 ? 1 : 0;
            Assert.Equal(at >= AccountProject.ClientSince, Usage.Text("client", row) is not null);
        }
        Assert.InRange(weekend / Usage.Rows, 0.01, 0.10);
        Assert.InRange(world.Report.DuplicateEvents / (double)world.Report.Events, 0.004, 0.006);
        Assert.InRange(world.Report.LateEvents / (double)world.Report.Events, 0.018, 0.022);
    }

    // What the law looks at, the long way round. The log of a story has what the files have, but for the events delivered twice.
    [Fact]
    public void History_Windows_AreCountedAsTheyAreWritten()
    {
        var options = new WorldOptions { Scenario = "b2b", Customers = 60, Seed = 12 };
        var drifts = new AccountDrifts(options);
        var clock = new WorldClock(options.Months);
        var source = new AccountSource(options.Customers, options.Seed, clock, drifts);
        var life = new AccountLife(drifts);
        for (int index = 0; index < options.Customers; index++)
        {
            Account account = source.Draw(index);
            life.Start(account);
            for (int month = 0; month <= clock.Months; month++)
            {
                long t = WorldClock.MonthStart(month);
                life.RunUntil(t);
                if (account.CreatedAt >= t)
                    continue;
                AccountHistory history = AccountHistory.Before(t, life.Log, account);
                Assert.Equal(Count(life.Log.Usage, t, 14, (byte)UsageKind.Login), history.Logins14);
                Assert.Equal(Count(life.Log.Usage, t, 90, (byte)UsageKind.Login), history.Logins90);
                Assert.Equal(Count(life.Log.Usage, t, 30, (byte)UsageKind.Export), history.Exports30);
                Assert.Equal(Count(life.Log.Tickets, t, 30, (byte)Priority.Urgent), history.Urgent30);
                Assert.Equal(Count(life.Log.Invoices, t, 60, (byte)InvoiceStatus.Overdue), history.Overdue60);
                Assert.Equal(Count(life.Log.Lifecycle, t, 60, (byte)Change.SeatsRemoved), history.SeatsRemoved60);
                Assert.Equal(life.Log.Seats.Last(spell => spell.From < t).Seats, history.Seats);
            }
        }
    }

    private static int Count(List<LoggedEvent> events, long t, int days, byte kind) =>
        events.Count(e => e.Kind == kind && e.At < t && e.At >= t - days * WorldClock.Day);
}
