using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.TestKit;

namespace ChurnEngine.Features.Tests;

/// <summary>Through Ingest: files as users have them.</summary>
public class RealDataTests
{
    private static readonly JobBudget s_budget = new() { Threads = 2 };

    [Fact]
    public void Telco_PlainTable_HasItsFeaturesAndLabels()
    {
        string path = Repository.SharedData("telco_ibm/WA_Fn-UseC_-Telco-Customer-Churn.csv");
        using var session = new IngestSession(new IngestOptions { Budget = s_budget });
        FeaturePlan plan = PlainTable.Infer(session, new PlainColumns(new TableSource { Name = "telco.csv", Path = path }, "customerID", "Churn"));
        Assert.Equal(19, plan.Features.Count);
        Assert.DoesNotContain(plan.Features, f => f.Name is "customerID" or "Churn");
        Assert.Equal(["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"], plan.Features.Where(f => f.Kind == FeatureKind.Numeric).Select(f => f.Name));
        using CustomerData data = CustomerData.Load(plan, session, s_budget, null, CancellationToken.None);
        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [FeatureSnapshot.Timeless] }, CancellationToken.None);
        Assert.Equal((7043, 1869f), (set.Labels.Length, set.Labels.Sum()));
        Assert.Equal(["Month-to-month", "One year", "Two year"], set.Plan.Features.Single(f => f.Name == "Contract").Categories);
        int charges = plan.Features.ToList().FindIndex(f => f.Name == "TotalCharges");
        Assert.Equal(11, Enumerable.Range(0, 7043).Count(row => float.IsNaN(set.Matrix.Row(row)[charges])));
    }

    [Fact]
    public void MusicLog_JsonLines_CountsWhatTheLinesSay()
    {
        string folder = Repository.SharedData("sparkify_log_2018_11/log_data");
        FeaturePlan plan = FeaturePlan.Parse($$"""
            entity: userId
            tables: { log: { source: "{{folder}}/*.json", time: ts, time_unit: ms, kind: page } }
            features:
              - { name: "songs_{w}d", where: kind = NextSong, value: count, windows: [7, 14] }
              - { name: songs, where: kind = NextSong, value: count }
              - { name: listened, where: kind = NextSong, value: sum(length) }
              - { name: days_since_home, where: kind = Home, value: recency_days }
              - { name: level, value: category(level), categories: [free, paid] }
            """, "churn.yaml");
        using var session = new IngestSession(new IngestOptions { Budget = s_budget, BadShareLimit = 1 });
        using CustomerData data = CustomerData.Load(plan, session, s_budget, null, CancellationToken.None);
        using FeatureSnapshot snapshot = new Featurizer(plan, data).Compute((new DateTime(2018, 12, 1) - DateTime.UnixEpoch).Ticks / 10, Population.Scoring, s_budget, CancellationToken.None);
        Dictionary<string, Dictionary<string, float>> rows = Rows(snapshot);

        // The same from the lines themselves.
        var lines = Directory.GetFiles(folder, "*.json").SelectMany(File.ReadLines).Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement)
            .Select(e => (User: e.GetProperty("userId").ToString(), Page: e.GetProperty("page").GetString(), Ts: e.GetProperty("ts").GetInt64(), Length: e.GetProperty("length")))
            .Where(e => e.User.Length > 0).ToArray();
        Assert.Equal(lines.Select(l => l.User).Distinct().Order(), rows.Keys.Order());
        foreach ((string user, Dictionary<string, float> row) in rows)
        {
            var songs = lines.Where(l => l.User == user && l.Page == "NextSong").ToArray();
            Assert.Equal(songs.Length, row["songs"]);
            Assert.Equal(songs.Count(l => l.Ts >= new DateTimeOffset(2018, 11, 24, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()), row["songs_7d"]);
            Assert.Equal((float)(songs.Sum(l => (long)Math.Round(l.Length.GetDouble() * 10_000)) / 10_000.0), row["listened"]);
            Assert.InRange(row["level"], 0, 1);
        }
    }

    [Fact]
    public void Csv_WithColumnMapping_TrainsAndScores()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("c.csv", "kunde,seit,tarif\n7,2024-01-01,gold\n8,2024-01-01,silber\n9,2024-05-01,gold\n");
        folder.Write("e/1.csv", "kunde,zeit,bekannt,art,betrag\n7,2024-03-01T10:00:00Z,2024-03-01T10:00:00Z,pay,1.5\n7,2024-03-02T10:00:00Z,2024-04-03T10:00:00Z,pay,2\n");
        folder.Write("e/2.csv", "kunde,zeit,bekannt,art,betrag\n8,2024-04-10T10:00:00Z,2024-04-10T10:00:00Z,cancel,\n9,2024-08-02T10:00:00Z,2024-08-02T10:00:00Z,pay,9\n");
        FeaturePlan plan = FeaturePlan.Parse("""
            entity: customer
            tables:
              customers: { source: c.csv, valid_from: since, columns: { customer: kunde, since: seit, tariff: tarif } }
              events: { source: "e/*.csv", time: at, known: known, kind: kind, columns: { customer: kunde, at: zeit, known: bekannt, kind: art, amount: betrag } }
            features:
              - { name: "paid_{w}d", from: events, where: kind = pay, value: sum(amount), windows: [60] }
              - { name: tariff, from: customers, value: category(tariff) }
            label: { churned: kind = cancel within 30d }
            """, folder["churn.yaml"]);
        using var session = new IngestSession(new IngestOptions { Budget = s_budget });
        using CustomerData data = CustomerData.Load(plan, session, s_budget, null, CancellationToken.None);
        Assert.Equal(ColumnType.Int64, data.KeyType);
        long asOf = (new DateTime(2024, 4, 1) - DateTime.UnixEpoch).Ticks / 10;
        using TrainingSet set = TrainingSet.Build(plan, data, new TrainingSetOptions { AsOf = [asOf] }, CancellationToken.None);
        Assert.Equal([7L, 8], ((PrimitiveColumn<long>)set.Keys).Values);
        Assert.Equal([1.5f, 0, 0, 1], set.Matrix.Rows(0, 2));
        Assert.Equal([0f, 1], set.Labels);
        Assert.Equal(["gold", "silber"], set.Plan.Features[1].Categories);
    }

    private static Dictionary<string, Dictionary<string, float>> Rows(FeatureSnapshot snapshot)
    {
        var rows = new Dictionary<string, Dictionary<string, float>>();
        for (int row = 0; row < snapshot.Keys.Length; row++)
        {
            string key = snapshot.Keys is Utf8Column text ? text.GetString(row)! : ((PrimitiveColumn<long>)snapshot.Keys).Values[row].ToString(System.Globalization.CultureInfo.InvariantCulture);
            rows.Add(key, snapshot.Matrix.Features.Select((f, i) => (f.Name, i)).ToDictionary(p => p.Name, p => snapshot.Matrix.Row(row)[p.i]));
        }
        return rows;
    }

    [Fact]
    public void Load_OnlineRetail_FloatIdsAreWholeNumbersAndBlankOnesAreRefused()
    {
        string path = Repository.SharedData("online_retail/online_retail.parquet");
        FeaturePlan plan = FeaturePlan.Parse($$"""
            entity: customer
            tables: { lines: { source: "{{path}}", time: at, columns: { customer: CustomerID, at: InvoiceDate } } }
            features: [ { name: lines_30d, from: lines, value: count, windows: [30] } ]
            """.Replace("lines_30d", "\"lines_{w}d\"", StringComparison.Ordinal), "retail.yaml");
        using var session = new IngestSession(new IngestOptions { BadShareLimit = 0.3 });

        using CustomerData data = CustomerData.Load(plan, session, new JobBudget { Threads = 2 }, null, CancellationToken.None);

        Assert.Equal((ColumnType.Int64, 4372, 406_829L), (data.KeyType, data.CustomerCount, data.RowsRead));
        Assert.Equal(135_080, session.Reports[0].RowsRefused);
    }
}
