using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Ingest;
using ChurnEngine.TestKit;

namespace ChurnEngine.Audit.Tests.Leakage;

/// <summary>The comparison itself: a loader that takes other rows out than it was asked to stands for an engine that sees the future.</summary>
public sealed class RecomputationTests : IDisposable
{
    private const string Yaml = """
        entity: customer_id
        tables:
          customers: { source: customers.csv, key: customer_id, valid_from: signup_at }
          events: { source: events.csv, key: customer_id, time: event_at, known: ingested_at, kind: event_type }
          segments: { source: segments.csv, key: customer_id }
        features:
          - { name: plays, from: events, where: "kind = play", value: count }
          - { name: calls, from: events, where: "kind = call", value: count }
          - { name: segment, from: segments, value: category(segment), categories: [a, b] }
        label: { from: events, churned: "kind = cancel within 30d" }
        """;

    private readonly TemporaryDirectory _folder = new();
    private readonly IngestSession _session = new(new IngestOptions());
    private readonly JobBudget _budget = new() { Threads = 2 };
    private readonly FeaturePlan _plan;
    private readonly CustomerData _whole;

    public RecomputationTests()
    {
        _folder.Write("customers.csv", "customer_id,signup_at\n1,2024-01-01\n2,2024-01-01\n3,2024-06-01\n");
        _folder.Write("segments.csv", "customer_id,segment\n1,a\n2,b\n3,a\n");
        _folder.Write("events.csv", "customer_id,event_at,ingested_at,event_type,synced_at,due_at\n1,2024-02-01,2024-02-01,play,2024-02-01,2024-09-01\n2,2024-02-02,2024-05-01,play,2024-05-01,2024-02-02\n"
            + "1,2024-03-01,2024-03-01,call,2024-05-05,2024-03-01\n2,2024-04-01,2024-04-01,play,2024-04-01,2024-04-01\n3,2024-06-02,2024-06-02,play,2024-06-02,2024-06-02\n");
        _plan = FeaturePlan.Parse(Yaml, _folder["churn.yaml"]);
        _whole = Load(new RowCut());
    }

    [Fact]
    public void Truncation_EngineThatKeepsTheRules_Passes()
    {
        AuditCheck check = TruncationCheck.Run(Again(Load), [At("2024-03-15"), At("2024-05-01")]);
        Assert.True(check.Passed, string.Join('\n', check.Findings));
        Assert.Contains("2024-03-15, 2024-05-01", check.Design, StringComparison.Ordinal);
        Assert.Equal(2.0 * 2 * 2 * 3, check.Measures["cells_compared"]);
        Assert.Equal(["customers", "segments"], check.Findings.Select(finding => finding.Subject));
    }

    [Fact]
    public void Truncation_FeatureThatSeesTheFuture_IsNamedWithACustomer()
    {
        // As if the feature had counted what was taken out: the rows go a month too early.
        AuditCheck check = TruncationCheck.Run(Again(cut => Load(cut with { From = cut.From - 30 * 86_400_000_000, KnownAfter = cut.KnownAfter - 30 * 86_400_000_000 })), [At("2024-03-15")]);
        Assert.False(check.Passed);
        AuditFinding alarm = check.Findings.First(finding => finding.Level == AuditLevel.Alarm);
        Assert.Equal("calls", alarm.Subject);
        Assert.Contains("customer '1' has 1 with those rows and 0 without", alarm.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(check.Findings, finding => finding.Subject == "segment");
    }

    [Fact]
    public void Truncation_CustomerWhoVanishes_IsAnAlarm()
    {
        AuditCheck check = TruncationCheck.Run(Again(cut => Load(cut.From is null ? cut : cut with { From = At("2023-06-01") })), [At("2024-03-15")]);
        AuditFinding alarm = check.Findings.Single(finding => finding.Level == AuditLevel.Alarm);
        Assert.Equal("population", alarm.Subject);
        Assert.Contains("2 customers", alarm.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arrival_ColumnNamedSo_AlarmsAndADueDateIsANote()
    {
        AuditCheck check = ArrivalCheck.Run(Again(Load), [new SpareInstant("events", "synced_at"), new SpareInstant("events", "due_at")], [At("2024-03-15")]);
        Assert.Equal([(AuditLevel.Alarm, "events.synced_at"), (AuditLevel.Note, "events.due_at")], check.Findings.Select(finding => (finding.Level, finding.Subject)));
        Assert.Contains("change calls", check.Findings[0].Message, StringComparison.Ordinal);
        Assert.Contains("known: synced_at", check.Findings[0].Hint, StringComparison.Ordinal);
        Assert.Contains("change plays", check.Findings[1].Message, StringComparison.Ordinal);
        Assert.True(ArrivalCheck.Run(Again(Load), [new SpareInstant("events", "synced_at")], [At("2024-05-06")]).Passed);
    }

    public void Dispose()
    {
        _whole.Dispose();
        _session.Dispose();
        _folder.Dispose();
    }

    private Recomputation Again(Func<RowCut, CustomerData> load) => new(_plan, _whole, load, (_budget, CancellationToken.None));

    private CustomerData Load(RowCut cut) => CustomerData.Load(_plan, _session, cut, _budget, CancellationToken.None);

    private static long At(string text) => InstantText.TryParse(text, out long micros) ? micros : throw new FormatException(text);
}
