namespace ChurnEngine.Monitoring.Tests;

/// <summary>What a channel is sent, whatever failed before.</summary>
public sealed class ChannelPlanTests
{
    private static readonly DateTimeOffset s_begin = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ForPeople_WhatFailed_IsSentByTheNextRun_AndOnlyItsLatest()
    {
        AlertOutcome fires = Judge(AlertBook.Empty, 1, "price", "plays");
        var lost = ChannelPlan.ForPeople(fires.Book.Channel("slack"), fires, AlertSeverity.Info);
        Assert.Equal(2, lost.Alerts.Count);
        // Another run within the cool-down: no news, but what was lost is still to be told; and one of the two is over.
        AlertOutcome next = Judge(fires.Book, 2, "plays");
        var again = ChannelPlan.ForPeople(lost.Otherwise, next, AlertSeverity.Info);
        Assert.Equal([("plays", AlertStatus.Firing), ("price", AlertStatus.Resolved)], again.Alerts.Select(alert => (alert.Subject, alert.Status)));
        Assert.Equal(["plays"], again.Delivered.Firing.Select(alert => alert.Subject));
        Assert.Empty(again.Delivered.Waiting);
        Assert.Empty(ChannelPlan.ForPeople(again.Delivered, Judge(next.Book, 3, "plays"), AlertSeverity.Info).Alerts);
    }

    [Fact]
    public void ForPeople_OfAnEnd_HearsWhoHeardOfTheBeginning()
    {
        AlertOutcome fires = Judge(AlertBook.Empty, 1, "price");
        var critical = ChannelPlan.ForPeople(new ChannelMemory("pager"), fires, AlertSeverity.Critical);
        Assert.Empty(critical.Alerts);
        Assert.Empty(ChannelPlan.ForPeople(critical.Delivered, Judge(fires.Book, 2), AlertSeverity.Critical).Alerts);
        var all = ChannelPlan.ForPeople(new ChannelMemory("slack"), fires, AlertSeverity.Info);
        Assert.Equal(AlertStatus.Resolved, Assert.Single(ChannelPlan.ForPeople(all.Delivered, Judge(fires.Book, 2), AlertSeverity.Info).Alerts).Status);
    }

    [Fact]
    public void ForPeople_WhatARuleSilences_IsNotToldAnyMore()
    {
        AlertOutcome fires = Judge(AlertBook.Empty, 1, "price");
        var lost = ChannelPlan.ForPeople(new ChannelMemory("slack"), fires, AlertSeverity.Info);
        AlertOutcome silent = AlertEvaluation.Judge([new AlertRule("none") { Severity = AlertSeverity.None }], fires.Book, AlertEvaluationTests.Window(2, "price"), s_begin.AddDays(2));
        var after = ChannelPlan.ForPeople(lost.Otherwise, silent, AlertSeverity.Info);
        Assert.Empty(after.Alerts);
        Assert.Empty(after.Otherwise.Firing);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void ForSystem_AnyHistoryOfFailures_ItBelievesWhatIsTrueOnceItHears(int seed)
    {
        var random = new Random(seed);
        AlertBook book = AlertBook.Empty;
        var memory = new ChannelMemory("alertmanager");
        var believes = new HashSet<(string Subject, AlertSeverity Severity)>();
        for (int day = 0; day < 200; day++)
        {
            AlertRule[] rules = [new("rule") { Severity = random.Next(3) switch { 0 => AlertSeverity.None, 1 => AlertSeverity.Warning, _ => AlertSeverity.Critical } }];
            AlertOutcome outcome = AlertEvaluation.Judge(rules, book, AlertEvaluationTests.Window(day, [.. new[] { "a", "b", "c" }.Where(_ => random.Next(2) == 0)]), s_begin.AddDays(day));
            var plan = ChannelPlan.ForSystem(memory, outcome, AlertSeverity.Warning);
            bool arrives = random.Next(3) > 0;
            if (arrives)
            {
                foreach (Alert alert in plan.Alerts)
                {
                    if (alert.Status == AlertStatus.Resolved)
                        believes.Remove((alert.Subject, alert.Severity));
                    else
                        believes.Add((alert.Subject, alert.Severity));
                }
                Assert.True(believes.SetEquals(outcome.Book.Firing.Select(alert => (alert.Subject, alert.Severity))), $"seed {seed}, day {day}");
            }
            (book, memory) = (outcome.Book, arrives ? plan.Delivered : plan.Otherwise);
        }
    }

    private static AlertOutcome Judge(AlertBook book, int day, params string[] features) => AlertEvaluation.Judge(AlertRule.Defaults, book, AlertEvaluationTests.Window(day, features), s_begin.AddHours(day));
}
