using ChurnEngine.TestKit;

namespace ChurnEngine.Monitoring.Tests;

/// <summary>Rules, windows in a row and cool-down: by hand, and what must hold of any history.</summary>
public sealed class AlertEvaluationTests
{
    private static readonly DateTimeOffset s_begin = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

    private static readonly AlertRule[] s_rules =
    [
        new("plays") { Kind = "feature_drift", Subject = "plays_*", Severity = AlertSeverity.Warning, Windows = 2, Cooldown = TimeSpan.FromHours(23) },
        new("quiet") { Kind = "feature_drift", Subject = "age", Severity = AlertSeverity.None },
        .. AlertRule.Defaults,
    ];

    [Theory]
    [InlineData("performance", "roc_auc", "churn_performance", AlertSeverity.Critical)]
    [InlineData("feature_drift", "plays_7d", "plays", AlertSeverity.Warning)]
    [InlineData("feature_drift", "Plays_7d", "churn_drift", AlertSeverity.Warning)]
    [InlineData("score_drift", "plays_7d", "churn_drift", AlertSeverity.Warning)]
    public void Find_TheFirstThatMatchesDecides(string kind, string subject, string rule, AlertSeverity severity)
    {
        AlertRule found = AlertRule.Find(s_rules, kind, subject)!;
        Assert.Equal((rule, severity), (found.Name, found.Severity));
    }

    [Fact]
    public void Judge_ForTwoWindows_FiresAtTheSecond_AndTheSameWindowCountsOnce()
    {
        AlertOutcome first = Judge(AlertBook.Empty, 1, 0, "plays_7d"), again = Judge(first.Book, 1, 1, "plays_7d"), second = Judge(again.Book, 2, 24, "plays_7d");
        Assert.Equal([AlertStatus.Pending, AlertStatus.Pending, AlertStatus.Firing], new[] { first, again, second }.Select(outcome => Assert.Single(outcome.Alerts).Status));
        Assert.Empty(first.Notices.Concat(again.Notices));
        Assert.Equal((2, s_begin), (Assert.Single(second.Notices).Windows, second.Alerts[0].Since));
        // Not in a row.
        AlertOutcome gap = Judge(Judge(first.Book, 2, 24).Book, 3, 48, "plays_7d");
        Assert.Equal((AlertStatus.Pending, 1), (gap.Alerts[0].Status, gap.Alerts[0].Windows));
    }

    [Fact]
    public void Judge_OfARuleWithoutSeverity_IsSilent() => Assert.Empty(Judge(AlertBook.Empty, 1, 0, "age").Alerts);

    [Fact]
    public void Judge_AfterTheCooldown_TellsAgain_AndAtOnceWhenSeverityRises()
    {
        AlertOutcome told = Judge(AlertBook.Empty, 1, 0, "price"), quiet = Judge(told.Book, 2, 22.9, "price"), again = Judge(quiet.Book, 3, 23, "price");
        Assert.Equal([1, 0, 1], new[] { told, quiet, again }.Select(outcome => outcome.Notices.Count));
        AlertRule[] worse = [new("worse") { Severity = AlertSeverity.Critical }];
        Assert.Equal(AlertSeverity.Critical, Assert.Single(Judge(again.Book, 4, 23.1, worse, "price").Notices).Severity);
        // Less severe than what was told is no news.
        Assert.Empty(Judge(Judge(again.Book, 4, 23.1, worse, "price").Book, 5, 23.2, "price").Notices);
        // A clock that was set back must not silence anybody.
        Assert.Single(Judge(again.Book, 4, -100, "price").Notices);
    }

    [Fact]
    public void Judge_WhatWasNotLookedAt_NeitherFiresNorResolves()
    {
        AlertOutcome told = Judge(AlertBook.Empty, 1, 0, "price");
        AlertOutcome unseen = AlertEvaluation.Judge(s_rules, told.Book, Window(2) with { IsJudged = (_, _) => false }, s_begin.AddHours(48));
        Assert.Equal(AlertStatus.Firing, Assert.Single(unseen.Alerts).Status);
        Assert.Empty(unseen.Notices);
        Assert.Equal(AlertStatus.Resolved, Assert.Single(Judge(unseen.Book, 3, 72).Notices).Status);
        // Of a model that is no longer watched nobody will look again.
        AlertOutcome other = AlertEvaluation.Judge(s_rules, unseen.Book, new AlertWindow("m-2", Instant(3), []) { IsJudged = (_, _) => false }, s_begin.AddHours(72));
        Assert.Equal(AlertStatus.Resolved, Assert.Single(other.Notices).Status);
    }

    [Fact]
    public void Judge_OfAnOlderWindow_ChangesNothing()
    {
        AlertOutcome told = Judge(AlertBook.Empty, 5, 0, "price"), older = Judge(told.Book, 4, 24);
        Assert.True(older.IsOlder);
        Assert.Same(told.Book, older.Book);
        Assert.Empty(older.Notices);
    }

    [Fact]
    public void Judge_TwoReasonsOfOneSubject_AreOneAlert()
    {
        AlertWindow window = Window(1) with { Breaches = [new("performance", "roc_auc", "below its floor", "b"), new("performance", "roc_auc", "below training", "a")] };
        Alert alert = Assert.Single(AlertEvaluation.Judge(s_rules, AlertBook.Empty, window, s_begin).Notices);
        Assert.Equal(("below its floor; below training", "a"), (alert.Why, alert.Next));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Judge_AnyHistory_TellsNothingTwiceWithinItsCooldown_AndEveryEndOnce(int seed)
    {
        var random = new Random(seed);
        for (int history = 0; history < 200; history++)
        {
            AlertBook book = AlertBook.Empty;
            DateTimeOffset now = s_begin;
            var told = new Dictionary<string, (DateTimeOffset At, AlertSeverity Severity)>();
            var standing = new HashSet<string>();
            for (int day = 0; day < 40; day++)
            {
                now = now.AddHours(random.NextDouble() * 30);
                AlertRule[] rules = random.Next(8) == 0 ? [new("worse") { Severity = AlertSeverity.Critical, Cooldown = TimeSpan.FromHours(23) }] : s_rules;
                string[] broken = [.. new[] { "price", "plays_7d", "plays_30d", "tenure" }.Where(_ => random.Next(3) > 0)];
                AlertOutcome outcome = AlertEvaluation.Judge(rules, book, Window(day, broken), now);
                foreach (Alert notice in outcome.Notices)
                {
                    if (notice.Status == AlertStatus.Resolved)
                    {
                        Assert.True(standing.Remove(notice.Subject), $"seed {seed}: {notice.Subject} resolved and was not told");
                        continue;
                    }
                    if (told.TryGetValue(notice.Subject, out (DateTimeOffset At, AlertSeverity Severity) last))
                        Assert.True(now - last.At >= TimeSpan.FromHours(23) || notice.Severity > last.Severity, $"seed {seed}: {notice.Subject} told again after {now - last.At}");
                    told[notice.Subject] = (now, notice.Severity);
                    standing.Add(notice.Subject);
                }
                // Whoever was told of one that stands has heard of its end by now.
                string[] firing = [.. outcome.Book.Firing.Select(alert => alert.Subject)];
                Assert.True(standing.IsSubsetOf(firing), $"seed {seed}: told and over: {string.Join(", ", standing.Except(firing))}");
                Assert.Equal(firing.Order(), outcome.Alerts.Where(alert => alert.Status == AlertStatus.Firing).Select(alert => alert.Subject).Order());
                book = outcome.Book;
            }
            Assert.True(book.Entries.Count <= 4, $"seed {seed}: the book grows");
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Judge_OrderOfBreaches_ChangesNothing(int seed)
    {
        var random = new Random(seed);
        using var folder = new TemporaryDirectory();
        AlertBook book = AlertBook.Empty;
        for (int day = 0; day < 30; day++)
        {
            Breach[] breaches = [.. Enumerable.Range(0, 12).Where(_ => random.Next(2) == 0).Select(at => new Breach(at % 3 == 0 ? "performance" : "feature_drift", $"f{at % 5}", $"why {at}", $"next {at % 2}"))];
            AlertWindow window = Window(day) with { Breaches = breaches };
            random.Shuffle(breaches);
            AlertOutcome one = AlertEvaluation.Judge(s_rules, book, window, s_begin.AddDays(day)), other = AlertEvaluation.Judge(s_rules, book, window with { Breaches = [.. breaches] }, s_begin.AddDays(day));
            Assert.Equal(one.Notices, other.Notices);
            Assert.Equal(one.Alerts, other.Alerts);
            Assert.Equal(one.Book.Entries, other.Book.Entries);
            book = one.Book;
        }
    }

    internal static string Instant(int day) => $"2026-{(day / 28) + 1:00}-{(day % 28) + 1:00}";

    internal static AlertWindow Window(int day, params string[] features) => new("m-1", Instant(day), [.. features.Select(feature => new Breach("feature_drift", feature, $"PSI of {feature}", "look"))]);

    private static AlertOutcome Judge(AlertBook book, int day, double hours, params string[] features) => Judge(book, day, hours, s_rules, features);

    private static AlertOutcome Judge(AlertBook book, int day, double hours, AlertRule[] rules, params string[] features) => AlertEvaluation.Judge(rules, book, Window(day, features), s_begin.AddHours(hours));
}
