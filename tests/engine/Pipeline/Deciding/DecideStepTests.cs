using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Deciding;

/// <summary>From churn.yaml, scores and files of contacts to the plan and what lies beside it.</summary>
public sealed class DecideStepTests : IDisposable
{
    private const string Offers = """
        decisions:
          value_column: worth
          capacity: 40
          offers:
            - { name: call, cost: 25, save_rate: { column: region, rates: { north: 0.5 }, otherwise: 0.3 }, capacity: 10, eligible: "tenure > 10 and worth >= 200" }
            - { name: mail, cost: 3, save_rate: 0.2, eligible: "region in (north, south)" }

        """;

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_OffersWithSegmentsAndConditions_FollowThem()
    {
        DecisionReport report = Decide(Offers, out string[][] plan);
        Assert.Equal(40, report.Chosen);
        Assert.Equal([("call", 10), ("mail", 30)], report.Offers.Select(offer => (offer.Name, (int)offer.Contacts)));
        Assert.All(plan, line =>
        {
            int row = int.Parse(line[1][2..], CultureInfo.InvariantCulture);
            double rate = line[6] == "mail" ? 0.2 : ScoreFolder.RegionOf(row) == "north" ? 0.5 : 0.3;
            Assert.True(line[6] == "mail" ? ScoreFolder.RegionOf(row) != "" : row % 50 > 10 && ScoreFolder.WorthOf(row) >= 200, string.Join(',', line));
            Assert.Equal(rate, Number(line[9]));
            Assert.Equal((float)ScoreFolder.ProbabilityOf(row) * ScoreFolder.WorthOf(row) * rate - Number(line[8]), Number(line[5]), 0.0051);
            Assert.Equal(("1", "2024-12-26"), (line[10], line[11]));
        });
        Assert.Equal("exact", report.Proof);
        Assert.True(report.CapacityPrice > 0 && report.Offers[0].Price > 0);
        Assert.Equal(400, report.Decisions.Values.Sum());
        Assert.True(report.Decisions["not_eligible"] > 0);
        Assert.True(File.Exists(_folder["plan.record.json"]));
    }

    [Fact]
    public void Run_OfferThatNobodyMayHave_IsWarnedOf()
    {
        StepContext context = SmallData.Context();
        Decide(Offers.Replace("tenure > 10", "tenure > 1000", StringComparison.Ordinal).Replace("in (north, south)", "= nowhere", StringComparison.Ordinal), out string[][] plan, context);
        Assert.Empty(plan);
        Assert.Equal(2, context.Warnings.Count(warning => warning.Contains("no customer meets", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("decisions: { offers: [{ name: a, cost: -1 }] }", 7007), InlineData("decisions: { offers: [{ name: a, cost: 1, capacity: 0 }] }", 1102)]
    [InlineData("decisions: { offers: [{ name: a }, { name: a }] }", 7008), InlineData("decisions: { offers: [{ name: a, cots: 1 }] }", 3002), InlineData("decisions: { days: 0 }", 7001)]
    [InlineData("decisions: { offers: [{ name: a, save_rate: 2 }] }", 1102), InlineData("decisions: { offers: [{ name: a, save_rate: { column: region } }] }", 1102)]
    [InlineData("decisions: { offers: [{ name: a, cost: 20 }], budget: 10 }", 7003), InlineData("decisions: { fatigue: { contacts: x.csv } }", 1184), InlineData("decisions: { control: { share: 1 } }", 1102)]
    [InlineData("decisions: { offers: [{ name: a, eligible: \"tenur > 3\" }] }", 3002), InlineData("decisions: { offers: [{ name: a, save_rate: { column: regio, rates: { x: 0.1 } } }] }", 1181)]
    [InlineData("decisions: { offers: [{ name: a, save_rate: { column: tenure, rates: { x: 0.1 } } }] }", 1181)]
    public void Run_BadSettings_AreRefusedWithAHint(string yaml, int code)
    {
        var error = Assert.ThrowsAny<ChurnException>(() => Decide(yaml + "\n", out _));
        Assert.Equal(code, error.Code.Number);
        Assert.NotEmpty(error.Hint);
        Assert.False(File.Exists(_folder["plan.csv"]));
    }

    [Fact]
    public void Run_FlagsOfOneOfferBesideOffers_AreRefused() =>
        Assert.Equal(1180, Assert.Throws<ChurnConfigException>(() => Decide(Offers, out _, overrides: new DecisionOverrides { Cost = 1 })).Code.Number);

    [Fact]
    public void Run_NaNProbability_IsRefusedByTheReader() =>
        Assert.ThrowsAny<ChurnDataException>(() => Decide("", out _, probability: row => row % 2 == 0 ? double.NaN : 0.5));

    [Fact]
    public void Run_Uncalibrated_IsRefused_AndRecordedWhenAllowed()
    {
        string scores = ScoreFolder.Write(_folder, "raw", 50, calibration: "none");
        Assert.Equal(1154, Assert.Throws<ChurnDataException>(() => DecideStep.Run(scores, null, new DecisionOverrides { Out = _folder["plan.csv"] }, SmallData.Context())).Code.Number);
        StepContext context = SmallData.Context();
        Assert.True(DecideStep.Run(scores, null, new DecisionOverrides { Out = _folder["plan.csv"], AllowUncalibrated = true }, context).UncalibratedAllowed);
        Assert.Contains(context.Warnings, warning => warning.Contains("not calibrated", StringComparison.Ordinal));
        Assert.Contains("\"uncalibrated_allowed\": true", File.ReadAllText(_folder["plan.record.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DryRun_WritesNothing()
    {
        DecisionReport report = Decide(Offers, out _, overrides: new DecisionOverrides { DryRun = true, WhatIf = _folder["curves"], Listing = _folder["all.csv"] });
        Assert.Equal((40, false), ((int)report.Chosen, report.Written));
        Assert.Empty(report.Files);
        Assert.False(File.Exists(_folder["plan.csv"]) || File.Exists(_folder["all.csv"]) || Directory.Exists(_folder["curves"]) || File.Exists(_folder["plan.record.json"]));
    }

    [Fact]
    public void Run_Days_FillEachWithinItsCapacity_MostToLoseFirst()
    {
        DecisionReport report = Decide("decisions: { value_column: worth, capacity: 15, days: 3, save_rate: 0.3, cost: 2 }\n", out string[][] plan);
        Assert.Equal([15, 15, 15], report.Days);
        Assert.Equal(plan.Select(line => int.Parse(line[10], CultureInfo.InvariantCulture)), Enumerable.Range(0, 45).Select(i => 1 + i / 15));
        Assert.Equal(["2024-12-26", "2024-12-27", "2024-12-28"], plan.Select(line => line[11]).Distinct());
    }

    [Fact]
    public void Run_YesterdaysPlan_LeavesItsCustomersAlone_AndARerunIsTheSame()
    {
        const string yaml = "decisions: { value_column: worth, capacity: 20, save_rate: 0.3, cost: 2, fatigue: { contacts: ../plans, not_within_days: 7 } }\n";
        Decide(yaml, out string[][] first, overrides: new DecisionOverrides { Out = _folder["plans/monday.csv"], Date = Micros("2024-12-23") });
        DecisionReport report = Decide(yaml, out string[][] second, overrides: new DecisionOverrides { Out = _folder["plans/friday.csv"], Date = Micros("2024-12-27") });
        Assert.Empty(first.Select(line => line[1]).Intersect(second.Select(line => line[1])));
        Assert.Equal(20, report.Decisions["fatigue"]);
        byte[] before = File.ReadAllBytes(_folder["plans/friday.csv"]);
        Decide(yaml, out _, overrides: new DecisionOverrides { Out = _folder["plans/friday.csv"], Date = Micros("2024-12-27") });
        Assert.Equal(before, File.ReadAllBytes(_folder["plans/friday.csv"]));
        // A week later all may be contacted again: but who was on Friday is not.
        Decide(yaml, out string[][] third, overrides: new DecisionOverrides { Out = _folder["plans/next.csv"], Date = Micros("2024-12-31") });
        Assert.Equal(first.Select(line => line[1]), third.Select(line => line[1]));
    }

    [Fact]
    public void Run_FatigueWithoutADate_SaysSo()
    {
        string scores = ScoreFolder.Write(_folder, "timeless", 50, asOf: null);
        ProjectConfig project = Project("decisions: { fatigue: { contacts: none.csv, most: 2 } }\n");
        Assert.Equal(1182, Assert.Throws<ChurnConfigException>(() => DecideStep.Run(scores, project, new DecisionOverrides { Out = _folder["plan.csv"] }, SmallData.Context())).Code.Number);
    }

    [Fact]
    public void Run_Control_IsTheSameForAnyOrderAndSeedMatters()
    {
        string[] Held(int seed, Func<int, double>? probability = null)
        {
            Decide($"decisions: {{ save_rate: 0.3, cost: 1, control: {{ share: 0.2, seed: {seed} }} }}\n", out string[][] plan, probability: probability);
            string[][] held = Lines(_folder["plan.holdout.csv"]);
            Assert.Empty(held.Select(line => line[1]).Intersect(plan.Select(line => line[1])));
            Assert.All(held, line => Assert.StartsWith("hold-out", line[12], StringComparison.Ordinal));
            return [.. held.Select(line => line[1]).Order()];
        }

        string[] one = Held(1);
        Assert.InRange(one.Length, 50, 110);
        // Other probabilities, and nobody below the price: all of the group, so it holds the first one's.
        Assert.Superset(one.ToHashSet(), Held(1, row => 0.5 + ScoreFolder.ProbabilityOf(row) / 2).ToHashSet());
        Assert.NotEqual(one, Held(2));
    }

    [Fact]
    public void Run_ParquetAndListing_HoldTheSameAsCsv()
    {
        Decide(Offers, out string[][] csv, overrides: new DecisionOverrides { Listing = _folder["all.csv"] });
        Decide(Offers, out _, overrides: new DecisionOverrides { Out = _folder["plan.parquet"], Listing = _folder["all.parquet"] });
        using var session = new Ingest.IngestSession(new Ingest.IngestOptions());
        var contract = new Ingest.TableContract { Columns = [new("customer_id", ColumnType.Utf8), new("action", ColumnType.Utf8), new("expected_value", ColumnType.Float64)] };
        List<(string, string, double)> parquet = [];
        foreach (RecordBatch batch in session.Read(new Ingest.TableSource { Name = "plan", Path = _folder["plan.parquet"] }, contract, CancellationToken.None))
        {
            using (batch)
                parquet.AddRange(Enumerable.Range(0, batch.Length).Select(i => (((Utf8Column)batch.Columns[0]).GetString(i)!, ((Utf8Column)batch.Columns[1]).GetString(i)!, Math.Round(batch.Values<double>("expected_value")[i], 2))));
        }
        Assert.Equal(csv.Select(line => (line[1], line[6], Number(line[5]))), parquet);
        string[][] all = Lines(_folder["all.csv"]);
        Assert.Equal(400, all.Length);
        Assert.Equal(csv.Select(line => line[1]).Order(), all.Where(line => line[4] == "contact").Select(line => line[0]).Order());
        Assert.Equal(400, session.Measure(new Ingest.TableSource { Name = "all", Path = _folder["all.parquet"] }).Rows);
    }

    [Fact]
    public void Run_ValuesOfAModel_AreJoinedByCustomer()
    {
        string values = ScoreFolder.WriteValues(_folder, "values", 400);
        DecisionReport report = Decide("decisions: { save_rate: 0.3, cost: 1 }\n", out string[][] plan, overrides: new DecisionOverrides { Values = values });
        Assert.Equal(200, report.Decisions["no_value"]);
        Assert.All(plan, line => Assert.Equal(1000 + int.Parse(line[1][2..], CultureInfo.InvariantCulture), Number(line[4])));
        Assert.Equal(1183, Assert.Throws<ChurnDataException>(() => Decide("", out _, overrides: new DecisionOverrides { Values = _folder["scores"] })).Code.Number);
    }

    [Fact]
    public void Run_WhatIf_RisesToThePlanAndIsDrawn()
    {
        DecisionReport report = Decide(Offers + "  budget: 200\n", out _, overrides: new DecisionOverrides { WhatIf = _folder["curves"] });
        Assert.Equal(["budget", "capacity"], report.WhatIf.Select(curve => curve.Limit));
        Assert.All(report.WhatIf, curve =>
        {
            Assert.InRange(curve.Points.Count, 5, 22);
            Assert.Equal(0, curve.Points[0].ExpectedValue);
            Assert.All(curve.Points.Zip(curve.Points.Skip(1)), pair => Assert.True(pair.Second.ExpectedValue >= pair.First.ExpectedValue * 0.999));
            Assert.Contains("<svg", File.ReadAllText(_folder[$"curves/value_by_{curve.Limit}.svg"]), StringComparison.Ordinal);
        });
        Assert.True(report.WhatIf[0].Points[^1].ExpectedValue >= report.ExpectedValue);
    }

    private DecisionReport Decide(string yaml, out string[][] plan, StepContext? context = null, DecisionOverrides? overrides = null, Func<int, double>? probability = null)
    {
        string scores = ScoreFolder.Write(_folder, "scores", 400, probability: probability);
        overrides = (overrides ?? new DecisionOverrides()) with { Out = overrides?.Out ?? _folder["plan.csv"] };
        DecisionReport report = DecideStep.Run(scores, Project(yaml), overrides, context ?? SmallData.Context());
        plan = report.Written && overrides.Out!.EndsWith(".csv", StringComparison.Ordinal) ? Lines(overrides.Out) : [];
        return report;
    }

    private ProjectConfig Project(string yaml) => ProjectConfig.Load(_folder.Write("project/churn.yaml", SmallData.Yaml + yaml));

    private static string[][] Lines(string path) => [.. File.ReadAllLines(path).Skip(1).Select(line => line.Split(','))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static long Micros(string date) => InstantText.TryParse(date, out long micros) ? micros : throw new ArgumentException(date);
}
