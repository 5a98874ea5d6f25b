namespace ChurnEngine.DataGen.Tests;

public class StreamingWorldTests(StandardWorld world)
{
    private const long Day = 86_400_000_000;
    private const long Start = 1_704_067_200_000_000;
    private static readonly long s_end = Start + 12 * 30 * Day;

    [Fact]
    public void Generate_EveryFile_IsCompletedAndCounted()
    {
        Assert.Equal(["customers.parquet", "events/part-00000.parquet", "payments.parquet", "support.parquet", "truth/effects.parquet", "truth/probabilities.parquet"], world.Files.Keys);
        Assert.All(world.Files.Values, table => Assert.True(table.Completed));
        Assert.Equal((20_000, world.Events.Rows, world.Payments.Rows, world.Support.Rows, 1),
            (world.Report.Customers, world.Report.Events, world.Report.Payments, world.Report.Tickets, world.Report.EventParts));
        Assert.Equal(world.Customers.Rows, world.Report.Customers);
        Assert.Equal(world.Truth.Rows, world.Report.AtRisk + world.Report.ToScore);
    }

    [Fact]
    public void Generate_EventsPerCustomer_AreSixtyToNinety() => Assert.InRange(world.Report.Events / 20_000.0, 60, 90);

    [Fact]
    public void Customers_IdsAndSignups_AreMonotone()
    {
        ReadOnlySpan<long> ids = world.Customers.Integers("customer_id");
        ReadOnlySpan<long> signups = world.Customers.Integers("signup_at");
        for (int row = 0; row < ids.Length; row++)
        {
            Assert.Equal(row + 1, ids[row]);
            Assert.True(row == 0 || signups[row] >= signups[row - 1]);
        }
        Assert.True(signups[^1] < s_end);
    }

    [Fact]
    public void Customers_EveryMonth_HasArrivals()
    {
        int[] arrivals = new int[12];
        foreach (long signup in world.Customers.Integers("signup_at"))
        {
            if (signup >= Start)
                arrivals[(signup - Start) / (30 * Day)]++;
        }
        Assert.All(arrivals, count => Assert.InRange(count, arrivals.Average() * 0.98, arrivals.Average() * 1.02));
    }

    [Theory]
    [InlineData("age")]
    [InlineData("gender")]
    [InlineData("region")]
    [InlineData("payment_method")]
    [InlineData("channel")]
    public void Customers_OptionalFields_LackFiveToTenPercent(string column) => Assert.InRange(NullShare(column), 0.05, 0.10);

    [Fact]
    public void Customers_Values_AreWithinTheirBounds()
    {
        foreach (long age in world.Customers.Integers("age"))
            Assert.True(age is CapturedTable.Null or (>= 16 and <= 90));
        foreach (double price in world.Customers.Reals("monthly_price"))
            Assert.InRange(price, 3.99, 19.99);
        foreach (string column in (string[])["gender", "region", "plan", "payment_method", "channel"])
            Assert.Equal(world.Customers.Texts(column).Length, world.Customers.Integers(column).ToArray().Where(c => c != CapturedTable.Null).Distinct().Count());
    }

    [Fact]
    public void Logs_EveryRow_LiesBetweenSignupAndEndAndArrivesWithinThreeDays()
    {
        ReadOnlySpan<long> signups = world.Customers.Integers("signup_at");
        foreach (CapturedTable log in (CapturedTable[])[world.Events, world.Payments, world.Support])
        {
            ReadOnlySpan<long> customers = log.Integers("customer_id");
            ReadOnlySpan<long> at = log.Integers("event_at");
            ReadOnlySpan<long> known = log.Integers("ingested_at");
            for (int row = 0; row < customers.Length; row++)
            {
                Assert.True(at[row] >= Math.Max(signups[(int)customers[row] - 1], Start - 90 * Day) && at[row] < s_end, $"row {row} happens outside its bounds");
                Assert.True(known[row] >= at[row] && known[row] <= at[row] + 3 * Day, $"row {row} arrives outside its bounds");
            }
        }
    }

    [Fact]
    public void Events_LateShare_IsAboutTwoPercent()
    {
        Assert.InRange(world.Report.LateEvents / (double)world.Report.Events, 0.018, 0.022);
        ReadOnlySpan<long> at = world.Events.Integers("event_at");
        ReadOnlySpan<long> known = world.Events.Integers("ingested_at");
        int late = 0, aDayLate = 0;
        for (int row = 0; row < at.Length; row++)
        {
            late += known[row] - at[row] > Day / 24 ? 1 : 0;
            aDayLate += known[row] - at[row] > Day ? 1 : 0;
        }
        Assert.Equal(world.Report.LateEvents, late);
        Assert.InRange(aDayLate / (double)late, 0.6, 0.75);
    }

    [Fact]
    public void Logs_AfterCancel_HaveNothing()
    {
        long[] left = new long[20_001];
        Array.Fill(left, long.MaxValue);
        long cancel = Array.IndexOf(world.Events.Texts("event_type"), "cancel");
        ReadOnlySpan<long> types = world.Events.Integers("event_type");
        int cancellations = 0;
        for (int row = 0; row < types.Length; row++)
        {
            if (types[row] != cancel)
                continue;
            long customer = world.Events.Integers("customer_id")[row];
            Assert.True(left[customer] == long.MaxValue, $"customer {customer} leaves twice");
            Assert.Equal(world.Events.Integers("event_at")[row], world.Events.Integers("ingested_at")[row]);
            left[customer] = world.Events.Integers("event_at")[row];
            cancellations++;
        }
        Assert.Equal(world.Report.Churned, cancellations);
        foreach (CapturedTable log in (CapturedTable[])[world.Events, world.Payments, world.Support])
        {
            bool isUsage = log == world.Events;
            for (int row = 0; row < log.Rows; row++)
            {
                if (!isUsage || types[row] != cancel)
                    Assert.True(log.Integers("event_at")[row] < left[log.Integers("customer_id")[row]], $"row {row} is after its customer left");
            }
        }
    }

    [Fact]
    public void Events_Durations_BelongToPlaysOnly()
    {
        long play = Array.IndexOf(world.Events.Texts("event_type"), "play");
        ReadOnlySpan<long> types = world.Events.Integers("event_type");
        ReadOnlySpan<long> durations = world.Events.Integers("duration_s");
        for (int row = 0; row < types.Length; row++)
            Assert.Equal(types[row] == play, durations[row] != CapturedTable.Null && durations[row] >= 5);
    }

    [Fact]
    public void Events_Kinds_AllOccur()
    {
        Assert.Equal(["play", "search", "like", "skip", "error", "login", "cancel"], world.Events.Texts("event_type"));
        Assert.Equal(7, world.Events.Integers("event_type").ToArray().Distinct().Count());
        Assert.Equal(4, world.Support.Integers("ticket_kind").ToArray().Distinct().Count());
        int failed = world.Payments.Integers("status").ToArray().Count(s => world.Payments.Texts("status")[s] == "failed");
        Assert.InRange(failed / (double)world.Payments.Rows, 0.03, 0.15);
    }

    [Fact]
    public void Events_Activity_HasPowerUsersAndDormantAccounts()
    {
        int[] plays = new int[20_001];
        long play = Array.IndexOf(world.Events.Texts("event_type"), "play");
        for (int row = 0; row < world.Events.Rows; row++)
            plays[world.Events.Integers("customer_id")[row]] += world.Events.Integers("event_type")[row] == play ? 1 : 0;
        Assert.True(plays.Max() > 30 * plays.Average());
        Assert.InRange(plays.Skip(1).Count(p => p == 0) / 20_000.0, 0.02, 0.20);
    }

    private double NullShare(string column)
    {
        ReadOnlySpan<long> values = world.Customers.Integers(column);
        int nulls = 0;
        foreach (long value in values)
            nulls += value == CapturedTable.Null ? 1 : 0;
        return nulls / (double)values.Length;
    }
}
