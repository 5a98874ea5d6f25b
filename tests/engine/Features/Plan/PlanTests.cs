using ChurnEngine.Columns;

namespace ChurnEngine.Features.Tests;

public class PlanTests
{
    private const string Yaml = """
        entity: customer_id
        tables:
          customers: { source: customers.parquet, key: customer_id, valid_from: signup_at }
          events:    { source: "events/*.parquet", key: customer_id, time: event_at, known: ingested_at, kind: event_type, columns: { amount: AMT } }
        features:
          - { name: "plays_{w}d",    from: events, where: "kind = play", value: count, windows: [7, 30, 90] }
          - { name: "spend_{w}d",    from: events, where: "kind = payment and amount > 0.5", value: sum(amount), windows: [30, 90], unit: EUR }
          - { name: plays_trend,     ratio: [plays_7d, plays_30d], per_day: true }
          - { name: days_since_play, from: events, where: "kind = Thumbs Up", value: recency_days, family: thumbs }
          - { name: gender, from: customers, value: category(gender) }
        label: { churned: "kind = cancel within 30d or inactive 21d", gap: 1d }
        extract_at: 2024-12-31
        backend: onnx
        """;

    [Fact]
    public void Parse_TheDesignsExample_ExpandsWindowsAndDescribesFeatures()
    {
        FeaturePlan plan = FeaturePlan.Parse(Yaml, "/data/churn.yaml");
        Assert.Equal(["plays_7d", "plays_30d", "plays_90d", "spend_30d", "spend_90d", "plays_trend", "days_since_play", "gender"], plan.Features.Select(f => f.Name));
        Assert.Equal(["count", "count", "count", "EUR", "EUR", "ratio", "days", ""], plan.Features.Select(f => f.Unit));
        Assert.Equal(["plays", "plays", "plays", "spend", "spend", "", "thumbs", ""], plan.Features.Select(f => f.Family));
        Assert.Equal(FeatureKind.Categorical, plan.Features[7].Kind);
        Assert.Equal(90 * Duration.Day, plan.LongestWindowMicros);
        Assert.Equal("/data/events/*.parquet", plan.Tables[1].Source!.Path);
        Assert.Equal("AMT", plan.Tables[1].Source!.Columns["amount"]);
        Assert.Equal(["cancel"], plan.Label!.Kinds);
        Assert.Equal((21 * Duration.Day, 30 * Duration.Day, Duration.Day), (plan.Label.InactiveMicros, plan.Label.HorizonMicros, plan.Label.GapMicros));
        Assert.Equal("2024-12-31", InstantText.Format(plan.ExtractAt!.Value));
        Assert.Contains("'customers' has no `known`", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.False(plan.IsFrozen);
    }

    [Theory]
    [InlineData("gap: 1d }", "gap:    1d   }   # a day off")]
    [InlineData("kind = play", "kind=\\\"play\\\"")]
    [InlineData("windows: [30, 90]", "windows: [30d, 90d]")]
    [InlineData("events/*.parquet", "elsewhere/*.csv")]
    [InlineData("AMT", "BETRAG")]
    [InlineData("extract_at: 2024-12-31", "extract_at: 2025-12-31")]
    [InlineData("kind = cancel within 30d or inactive 21d", "inactive 21d within 30d or kind in (cancel)")]
    [InlineData("backend: onnx", "")]
    public void Hash_WhatDoesNotChangeTheFeatures_StaysTheSame(string from, string to) =>
        Assert.Equal(FeaturePlan.Parse(Yaml, "churn.yaml").Hash, FeaturePlan.Parse(Changed(from, to), "other/churn.yaml").Hash);

    [Theory]
    [InlineData("[7, 30, 90]", "[7, 30, 60]")]
    [InlineData("sum(amount)", "mean(amount)")]
    [InlineData("amount > 0.5", "amount >= 0.5")]
    [InlineData("kind = play", "kind = skip")]
    [InlineData("per_day: true", "per_day: false")]
    [InlineData("inactive 21d", "inactive 14d")]
    [InlineData("gap: 1d", "gap: 0d")]
    [InlineData(", known: ingested_at", "")]
    [InlineData("unit: EUR", "unit: USD, scale: 2")]
    public void Hash_WhatChangesTheFeatures_ChangesIt(string from, string to) =>
        Assert.NotEqual(FeaturePlan.Parse(Yaml, "churn.yaml").Hash, FeaturePlan.Parse(Changed(from, to), "churn.yaml").Hash);

    [Fact]
    public void Hash_OfThisPlan_NeverChanges() =>
        Assert.Equal("914ce642a221c5ce9b47019c986c56c5eed57d4c598ff4dc0e06ab79d0d2c523", FeaturePlan.Parse(Yaml, "churn.yaml").Hash);

    [Fact]
    public void ToYaml_ParsedAgain_GivesTheSamePlanWithItsCategories()
    {
        FeaturePlan plan = FeaturePlan.Parse(Yaml, "churn.yaml").WithCategories([null, null, null, null, null, null, null, ["F", "no", "a \"b\"\\ \n, c: #d", "ü\u0001", " "]]);
        FeaturePlan again = FeaturePlan.Parse(plan.ToYaml(), "model");
        Assert.Equal(plan.Hash, again.Hash);
        Assert.Equal(plan.CanonicalText, again.CanonicalText);
        Assert.Equal(plan.Features[7].Categories, again.Features[7].Categories);
        Assert.True(again.IsFrozen);
        Assert.Equal(plan.ToYaml(), again.ToYaml());
        Assert.Equal(plan.Hash, FeaturePlan.Parse(Yaml, "churn.yaml").Hash);
        Assert.Null(again.Tables[0].Source);
    }

    [Theory]
    [InlineData("recency_days, family", "recency_days, famly", 9, "unknown key of feature 'days_since_play' 'famly'", "did you mean 'family'?")]
    [InlineData("from: events, where: \"kind = play\"", "from: event, where: \"kind = play\"", 6, "unknown table 'event'", "did you mean 'events'?")]
    [InlineData("kind: event_type", "kinds: event_type", 4, "unknown key of table 'events' 'kinds'", "did you mean 'kind'?")]
    [InlineData("sum(amount)", "smu(amount)", 7, "unknown aggregate 'smu'", "did you mean 'sum'?")]
    [InlineData("[plays_7d, plays_30d]", "[plays_7d, plays_31d]", 8, "unknown feature (a ratio takes features defined above it) 'plays_31d'", "did you mean 'plays_30d'?")]
    [InlineData("kind = play\"", "kind = cancel\"", 6, "feature 'plays_{w}d' looks at kind 'cancel', which is the label itself", "rows of a label kind")]
    [InlineData("gap: 1d", "gop: 1d", 11, "unknown key of label 'gop'", "did you mean 'gap'?")]
    [InlineData("within 30d ", "", 11, "the horizon, `within 30d`, is missing", "for example")]
    [InlineData("name: gender", "name: plays_7d", 10, "feature 'plays_7d' occurs twice", "own name")]
    [InlineData("kind = play\"", "knd > play\"", 6, "'play' is no number; texts are compared by =, !=, in and not in", "for example")]
    [InlineData("[7, 30, 90]", "[7, soon]", 6, "a window is no duration", "")]
    [InlineData("windows: [30, 90]", "windows: 30", 7, "`windows` must be a list", "")]
    [InlineData("sum(amount)", "sum", 7, "`sum` needs a column", "")]
    [InlineData("extract_at: 2024-12-31", "extract_at: tomorrow", 12, "`extract_at` is no instant", "write it as")]
    [InlineData("  events:    { source", "  customers: { source", 4, "this is not YAML", "")]
    [InlineData("entity: customer_id", "entiti: customer_id", 1, "`entity` is missing", "name the column")]
    public void Parse_Mistake_NamesLineAndRemedy(string from, string to, int line, string message, string hint)
    {
        var error = Assert.Throws<ChurnConfigException>(() => FeaturePlan.Parse(Changed(from, to), "churn.yaml"));
        Assert.StartsWith($"churn.yaml:{line}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("value: amount", "value: amonut", "has no column 'amonut', which the plan reads from table 'events'", "did you mean 'amount'?")]
    [InlineData("value: amount", "value: event_at", "holds times and no numbers", "recency_days")]
    [InlineData("value: amount", "value: category(amount)", "", "")]
    public void Load_ColumnThatTheFileLacks_NamesLineAndRemedy(string from, string to, string message, string hint)
    {
        string yaml = World.Tables + "features:\n  - { name: f, from: events, value: amount }\n";
        FeaturePlan plan = FeaturePlan.Parse(yaml.Replace(from, to, StringComparison.Ordinal), "churn.yaml");
        var world = new World { Customers = [new(1, 0)], Events = [new(1, 1, "play", 2.5)] };
        if (message.Length == 0)
        {
            using CustomerData data = world.Load(plan);
            Assert.Equal(["2.5"], data.Texts[1][0]);
            return;
        }
        var error = Assert.Throws<ChurnConfigException>(() => world.Load(plan));
        Assert.StartsWith("churn.yaml:4: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    private static string Changed(string from, string to)
    {
        Assert.Contains(from, Yaml, StringComparison.Ordinal);
        return Yaml.Replace(from, to, StringComparison.Ordinal);
    }
}
