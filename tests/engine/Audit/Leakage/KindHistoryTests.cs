using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Audit.Tests.Leakage;

public class KindHistoryTests
{
    private const long Day = 86_400_000_000;
    private static readonly LabelRule s_cancel = new() { Table = "events", Kinds = ["cancel"], HorizonMicros = 30 * Day };
    private static readonly LabelRule s_inactive = new() { Table = "events", InactiveMicros = 21 * Day, HorizonMicros = 30 * Day };
    private static readonly AnnouncementRules s_rules = new() { LeastCustomers = 5 };

    [Theory]
    [InlineData(1.0, 10, true)]
    [InlineData(7.0, 10, true)]
    [InlineData(7.01, 10, false)]
    [InlineData(0.0, 10, true)]
    [InlineData(1.0, 4, false)]
    public void Find_KindBeforeEveryCancel_AnnouncesWhenItIsSoonAndCommonEnough(double daysBefore, int customers, bool found)
    {
        var history = new KindHistory(s_cancel, customers, s_rules);
        for (int customer = 0; customer < customers; customer++)
        {
            Add(history, "events", customer, 40, "play");
            Add(history, "events", customer, 60 - daysBefore, "cancel_page");
            Add(history, "events", customer, 60, "cancel");
        }
        IReadOnlyList<AnnouncingKind> kinds = history.Find((long)(100 * Day));
        Assert.Equal(found ? ["cancel_page"] : [], kinds.Select(kind => kind.Kind));
        if (found)
            Assert.Equal(new AnnouncingKind("events", "cancel_page", customers, customers, 1), kinds[0]);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Find_SomeChangeTheirMind_CountsTheShare(int loyal, bool found)
    {
        var history = new KindHistory(s_cancel, 20, s_rules);
        for (int customer = 0; customer < 10 + loyal; customer++)
        {
            Add(history, "web", customer, 50, "leave_form");
            if (customer < 10)
                Add(history, "events", customer, 52, "cancel");
        }
        Assert.Equal(found, history.Find(100 * Day).Count == 1);
    }

    [Fact]
    public void Find_EventsWhoseDaysAreNotOver_DoNotCount()
    {
        var history = new KindHistory(s_cancel, 20, s_rules);
        for (int customer = 0; customer < 10; customer++)
        {
            Add(history, "events", customer, 50, "page");
            Add(history, "events", customer, 52, "cancel");
            Add(history, "events", 100 + customer, 95, "page");
        }
        Assert.Equal(10, Assert.Single(history.Find(100 * Day)).Events);
        Assert.Empty(history.Find(200 * Day));
    }

    [Fact]
    public void Find_LabelByInactivity_TakesTheLastEventBeforeTheSilence()
    {
        var history = new KindHistory(s_inactive, 20, s_rules);
        for (int customer = 0; customer < 10; customer++)
        {
            for (int day = 0; day < 50; day += 2)
                Add(history, "events", customer, day, "play");
            Add(history, "events", customer, 51, "uninstall");
        }
        for (int customer = 10; customer < 20; customer++)
        {
            for (int day = 0; day < 100; day += 2)
                Add(history, "events", customer, day, "play");
        }
        Assert.Equal(["uninstall"], history.Find(100 * Day).Select(kind => kind.Kind));
    }

    [Fact]
    public void Find_Sample_DoesNotDependOnTheOrderOfTheRows()
    {
        AnnouncementRules few = s_rules with { SampleCustomers = 100 };
        IReadOnlyList<AnnouncingKind> Of(IEnumerable<int> order)
        {
            var history = new KindHistory(s_cancel, 1000, few);
            foreach (int customer in order)
            {
                Add(history, "events", customer, 60, "cancel");
                Add(history, "events", customer, 59, "page");
            }
            Assert.InRange(history.Customers, 60, 150);
            return history.Find(100 * Day);
        }
        Assert.Equal(Of(Enumerable.Range(0, 1000)), Of(Enumerable.Range(0, 1000).Reverse()));
    }

    [Fact]
    public void Rules_ThatMakeNoSense_AreRefused()
    {
        Assert.All([s_rules with { WithinDays = 0 }, s_rules with { Share = 0.4 }, s_rules with { LeastCustomers = 1 }, s_rules with { SampleCustomers = 1 }],
            rules => Assert.Equal("CE8002", Assert.Throws<ChurnConfigException>(() => new KindHistory(s_cancel, 1, rules)).Code.ToString()));
    }

    private static void Add(KindHistory history, string table, long customer, double day, string kind)
    {
        using var keys = new PrimitiveBuilder<long>(ColumnType.Int64);
        keys.Append(customer);
        using var kinds = new Utf8Builder();
        kinds.Append(kind);
        using Column key = keys.Build();
        using Utf8Column text = kinds.Build();
        history.Add(table, key, [(long)Math.Round(day * Day)], text);
    }
}
