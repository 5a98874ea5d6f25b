using ChurnEngine.DataGen.Streaming;

namespace ChurnEngine.DataGen.Tests.Streaming;

public class StreamingExtrasTests
{
    private const long Day = 86_400_000_000;
    private const long Start = 1_704_067_200_000_000;

    [Fact]
    public void Seasonality_WintersAndWeekends_AreBusier()
    {
        (double weekend, double winter) = Rhythm(World("seasonality"));
        (double flatWeekend, double flatWinter) = Rhythm(World());
        Assert.InRange(weekend, 1.4, 1.6);
        Assert.InRange(flatWeekend, 0.95, 1.05);
        Assert.True(winter > 1.3 * flatWinter, $"January over July: {winter:F2}, without seasons {flatWinter:F2}");
    }

    // A weekend day over a working day; January over July.
    private static (double Weekend, double Winter) Rhythm(CapturedWorld world)
    {
        double[] byWeekday = new double[7];
        double january = 0, july = 0;
        for (int row = 0; row < world.Events.Rows; row++)
        {
            // The world starts on a Monday.
            long day = (world.Events.Integers("event_at")[row] - Start + 700 * Day) / Day - 700;
            byWeekday[(day + 700) % 7]++;
            january += day is >= 0 and < 30 ? 1 : 0;
            july += day is >= 180 and < 210 ? 1 : 0;
        }
        return ((byWeekday[5] + byWeekday[6]) / 2 / byWeekday[..5].Average(), january / july);
    }

    [Fact]
    public void PlanChanges_Rows_AscendAndStayWithinTheCustomersTime()
    {
        CapturedWorld world = World("plan-changes");
        Assert.True(world.Customers.Rows > 1.05 * world.Report.Customers);
        var last = new Dictionary<long, (long From, string Plan)>();
        for (int row = 0; row < world.Customers.Rows; row++)
        {
            long id = world.Customers.Integers("customer_id")[row];
            long from = world.Customers.Integers("valid_from")[row];
            string plan = world.Customers.Text("plan", row)!;
            if (last.TryGetValue(id, out (long From, string Plan) before))
                Assert.True(from > before.From && plan != before.Plan, $"row {row}");
            else
                Assert.Equal(world.Customers.Integers("signup_at")[row], from);
            last[id] = (from, plan);
        }
        Assert.Equal(world.Report.Customers, last.Count);
        for (int row = 0; row < world.Events.Rows; row++)
        {
            if (world.Events.Text("event_type", row) == "cancel")
                Assert.True(last[world.Events.Integers("customer_id")[row]].From < world.Events.Integers("event_at")[row]);
        }
    }

    // Weeks of trouble make bursts of tickets, and who had one is likelier to leave. The law sees the tickets, not the trouble.
    [Fact]
    public void SupportBursts_ComeBeforeChurn()
    {
        CapturedWorld calm = World(), troubled = World("support-bursts");
        Assert.True(BurstMonths(troubled).Count > 2 * BurstMonths(calm).Count, $"{BurstMonths(troubled).Count} and {BurstMonths(calm).Count} bursts");
        HashSet<(long, long)> bursts = BurstMonths(troubled);
        List<Draw> after = [];
        for (int row = 0; row < troubled.Truth.Rows; row++)
        {
            long asOf = troubled.Truth.Integers(TruthFile.AsOf)[row];
            if (troubled.Truth.Integers(TruthFile.Churned)[row] != CapturedTable.Null && bursts.Contains((troubled.Truth.Integers(TruthFile.CustomerId)[row], (asOf - Start) / (30 * Day) - 1)))
                after.Add(Oracle.Row(troubled.Truth, row));
        }
        Assert.True(Oracle.Rate([.. after]) > 1.5 * Oracle.Rate(Oracle.Drawn(troubled)));
    }

    [Fact]
    public void Duplicates_OneInAHundred_RepeatsAllButTheArrival()
    {
        CapturedWorld world = World("duplicates"), single = World();
        Assert.InRange(world.Report.DuplicateEvents / (double)single.Report.Events, 0.009, 0.011);
        Assert.Equal(single.Report.Events + world.Report.DuplicateEvents, world.Report.Events);
        Assert.Equal(single.Truth.Reals(TruthFile.Probability).ToArray(), world.Truth.Reals(TruthFile.Probability).ToArray());
        HashSet<(long, long, long)> known = [];
        for (int row = 0; row < single.Events.Rows; row++)
            known.Add((single.Events.Integers("customer_id")[row], single.Events.Integers("event_at")[row], single.Events.Integers("event_type")[row]));
        for (int row = 0; row < world.Events.Rows; row++)
            Assert.Contains((world.Events.Integers("customer_id")[row], world.Events.Integers("event_at")[row], world.Events.Integers("event_type")[row]), known);
    }

    [Fact]
    public void NewColumns_AreEmptyBeforeAndFullAfterTheMiddle()
    {
        CapturedWorld world = World("new-columns");
        long since = StreamingProject.DeviceSince(new WorldClock(world.Options.Months)) * 1_000_000;
        int filled = 0;
        for (int row = 0; row < world.Events.Rows; row++)
        {
            bool expected = world.Events.Integers("event_at")[row] >= since && world.Events.Text("event_type", row) != "cancel";
            Assert.Equal(expected, world.Events.Text("device", row) is not null);
            filled += expected ? 1 : 0;
        }
        Assert.InRange(filled / (double)world.Events.Rows, 0.2, 0.7);
    }

    // The truth stays a function of what is written, whatever else there is.
    [Fact]
    public void AllButDuplicates_Truth_FollowsFromTheFiles()
    {
        CapturedWorld world = World("seasonality", "plan-changes", "support-bursts", "new-columns");
        int compared = 0;
        foreach (History history in History.Sample(world, every: 5))
        {
            foreach ((long asOf, double probability, _) in history.Truth)
            {
                Assert.Equal(probability, ChurnLaw.Probability(history.Before(asOf)), 1e-9);
                compared++;
            }
        }
        Assert.True(compared > 1_500, $"only {compared} probabilities were compared");
        Assert.InRange(Oracle.RocAuc(Oracle.Drawn(world)), 0.82, 0.90);
        WorldReport all = new CapturedWorld(world.Options with { With = ["all"] }).Report;
        Assert.Equal(new CapturedWorld(world.Options with { With = WorldOptions.ExtrasOf("streaming") }).Report, all);
    }

    private static CapturedWorld World(params string[] extras) => new(new WorldOptions { Customers = 3_000, Months = 10, Seed = 4, With = extras });

    // Months, from 0, in which a customer has three tickets and more.
    private static HashSet<(long, long)> BurstMonths(CapturedWorld world)
    {
        var tickets = new Dictionary<(long, long), int>();
        for (int row = 0; row < world.Support.Rows; row++)
        {
            (long, long) month = (world.Support.Integers("customer_id")[row], (world.Support.Integers("event_at")[row] - Start + 300 * Day) / (30 * Day) - 10);
            tickets[month] = tickets.GetValueOrDefault(month) + 1;
        }
        return [.. tickets.Where(month => month.Value >= 3).Select(month => month.Key)];
    }
}
