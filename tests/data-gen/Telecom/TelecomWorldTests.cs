using ChurnEngine.DataGen.Telecom;

namespace ChurnEngine.DataGen.Tests.Telecom;

public class TelecomWorldTests(TelecomWorld world)
{
    private const long Second = 1_000_000;
    private CapturedTable Months => world.Files["months/part-00000.parquet"];

    [Fact]
    public void Months_ACustomer_HasOneRowAMonthUpToTheOneItLeftIn()
    {
        var last = new Dictionary<long, (long Period, bool Left)>();
        int left = 0;
        foreach (int row in ByPeriod())
        {
            long id = Months.Integers("customer_id")[row];
            long period = Months.Integers("period")[row] / Second;
            if (last.TryGetValue(id, out (long Period, bool Left) before))
                Assert.True(period == before.Period + WorldClock.Month && !before.Left, $"customer {id}, row {row}");
            bool leaves = Months.Text("status", row) == "left";
            last[id] = (period, leaves);
            left += leaves ? 1 : 0;
        }
        Assert.Equal(world.Report.Churned, left);
        Assert.Equal(world.Report.ToScore, last.Values.Count(l => !l.Left && l.Period == WorldClock.MonthStart(11)));
        Assert.Equal(world.Report.Events, Months.Rows);
    }

    [Fact]
    public void Months_Books_AreInBeforeTheNextMonthButForTwoInAHundred()
    {
        int late = 0;
        for (int row = 0; row < Months.Rows; row++)
        {
            long delay = (Months.Integers("loaded_at")[row] - Months.Integers("period")[row]) / Second - WorldClock.Month;
            Assert.InRange(delay, -WorldClock.Day, WorldClock.LongestDelay);
            late += delay > 0 ? 1 : 0;
        }
        Assert.Equal(world.Report.LateEvents, late);
        Assert.InRange(late / (double)Months.Rows, 0.015, 0.025);
    }

    [Fact]
    public void Months_Columns_LackWhatTheyShould()
    {
        int missing = 0;
        for (int row = 0; row < Months.Rows; row++)
        {
            Assert.Equal(Months.Text("contract", row) == "month-to-month", Months.Integers("contract_ends_at")[row] == CapturedTable.Null);
            Assert.Equal(Months.Integers("period")[row] / Second < TelecomProject.AppSince, Months.Integers("app_logins")[row] == CapturedTable.Null);
            missing += double.IsNaN(Months.Reals("data_gb")[row]) ? 1 : 0;
        }
        Assert.InRange(missing / (double)Months.Rows, 0.04, 0.06);
        Assert.Equal(3, Months.Integers("contract").ToArray().Distinct().Count());
    }

    // Protected, without effect of its own, and yet correlated with risk through the contract.
    [Fact]
    public void Seniors_LeaveMoreOften_ThroughTheContractAlone()
    {
        Dictionary<long, bool> senior = [];
        for (int row = 0; row < world.Customers.Rows; row++)
            senior[world.Customers.Integers("customer_id")[row]] = world.Customers.Integers("senior")[row] == 1;
        List<Draw> seniors = [], others = [];
        for (int row = 0; row < world.Truth.Rows; row++)
        {
            if (world.Truth.Integers(TruthFile.Churned)[row] != CapturedTable.Null)
                (senior[world.Truth.Integers(TruthFile.CustomerId)[row]] ? seniors : others).Add(Oracle.Row(world.Truth, row));
        }
        Assert.True(Oracle.Rate([.. seniors]) > 1.15 * Oracle.Rate([.. others]));
        Oracle.AssertCalibrated([.. seniors], "seniors");
    }

    // The probabilities are a function of what is written. Two columns of the customer's are not in the books of a month: joined_at and what the months repeat.
    [Fact]
    public void Truth_Probabilities_FollowFromTheWrittenMonths()
    {
        Dictionary<long, List<int>> rows = ByPeriod().GroupBy(row => Months.Integers("customer_id")[row]).ToDictionary(group => group.Key, group => group.ToList());
        long[] joined = world.Customers.Integers("joined_at").ToArray();
        int compared = 0;
        for (int row = 0; row < world.Truth.Rows; row += 7)
        {
            long id = world.Truth.Integers(TruthFile.CustomerId)[row];
            long t = world.Truth.Integers(TruthFile.AsOf)[row] / Second;
            MonthRow[] before = [.. rows[id].Where(m => Months.Integers("period")[m] / Second + WorldClock.Month <= t).Select(Read)];
            Subscriber subscriber = ReadSubscriber(rows[id][0], joined[(int)id - 1] / Second);
            Assert.Equal(world.Truth.Reals(TruthFile.Probability)[row], TelecomLaw.Probability(TelecomHistory.Of(before, subscriber, t)), 1e-12);
            compared++;
        }
        Assert.True(compared > 5_000);
    }

    private IEnumerable<int> ByPeriod() => Enumerable.Range(0, (int)Months.Rows).OrderBy(row => Months.Integers("period")[row]);

    private MonthRow Read(int row) => new()
    {
        Period = Months.Integers("period")[row] / Second,
        LoadedAt = Months.Integers("loaded_at")[row] / Second,
        Contract = (Contract)Months.Integers("contract")[row],
        ContractEndsAt = Months.Integers("contract_ends_at")[row] is var end && end == CapturedTable.Null ? 0 : end / Second,
        AddOns = (int)Months.Integers("add_ons")[row],
        ListPrice = Months.Reals("list_price")[row],
        Charge = Months.Reals("monthly_charge")[row],
        DataGb = double.IsNaN(Months.Reals("data_gb")[row]) ? 0 : Months.Reals("data_gb")[row],
        CallMinutes = 0,
        UseRecorded = !double.IsNaN(Months.Reals("data_gb")[row]),
        DroppedCalls = (int)Months.Integers("dropped_calls")[row],
        Tickets = (int)Months.Integers("tickets")[row],
        LatePayments = (int)Months.Integers("late_payments")[row],
        AppLogins = 0,
    };

    private Subscriber ReadSubscriber(int row, long joined) => new SubscriberSource(1, 1, new WorldClock(1)).Draw(0) with
    {
        JoinedAt = joined,
        AutoRenew = Months.Integers("auto_renew")[row] == 1,
        Access = (Access)Months.Integers("internet")[row],
        Payment = Months.Integers("payment_method")[row] is var payment && payment == CapturedTable.Null ? default : (Payment)payment,
        PaymentRecorded = Months.Integers("payment_method")[row] != CapturedTable.Null,
    };
}
