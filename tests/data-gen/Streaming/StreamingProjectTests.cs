using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.DataGen.Streaming;
using YamlDotNet.Serialization;

namespace ChurnEngine.DataGen.Tests.Streaming;

public class StreamingProjectTests
{
    private readonly Dictionary<string, object> _project =
        new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(StreamingProject.Text(Setting(new WorldOptions())));

    private static StreamingSetting Setting(WorldOptions options) => new(new WorldClock(options.Months), new StreamingExtras(options), new StreamingDrifts(options));

    [Fact]
    public void Text_Extras_AreInThePlan()
    {
        string text = StreamingProject.Text(Setting(new WorldOptions { With = ["all"] }));
        Assert.Contains("valid_from: valid_from", text);
        Assert.Contains("category(device)", text);
        Assert.DoesNotContain("device", StreamingProject.Text(Setting(new WorldOptions())));
    }

    [Fact]
    public void Text_Sections_AreAllThere() =>
        Assert.Equal(["entity", "tables", "features", "label", "extract_at", "score", "decisions"], _project.Keys);

    [Fact]
    public void Text_Dates_FollowTheClock()
    {
        DateTime scoring = Date(Map(_project["score"])["as_of"]);
        Assert.Equal(new DateTime(2024, 1, 1).AddDays(360), scoring);
        Assert.Equal(scoring.AddDays(3), Date(_project["extract_at"]));
    }

    [Fact]
    public void Text_Features_AreTwentyFiveToThirtyWithNamesOfTheirOwn()
    {
        string[] names = [.. Features().SelectMany(Names)];
        Assert.InRange(names.Length, 25, 30);
        Assert.Equal(names.Length, names.Distinct().Count());
        foreach (Dictionary<object, object> feature in Features())
        {
            if (feature.TryGetValue("ratio", out object? ratio))
                Assert.All((List<object>)ratio, part => Assert.Contains((string)part, names));
        }
    }

    [Fact]
    public void Text_TablesAndColumns_ExistInTheFiles()
    {
        var schemas = new Dictionary<string, Schema>
        {
            ["customers"] = StreamingTables.Customers,
            ["events"] = StreamingTables.Events,
            ["payments"] = StreamingTables.Payments,
            ["support"] = StreamingTables.Support,
        };
        foreach ((object name, object table) in Map(_project["tables"]))
        {
            foreach (string role in (string[])["key", "time", "known", "kind", "valid_from"])
            {
                if (Map(table).TryGetValue(role, out object? column))
                    Assert.True(schemas[(string)name].IndexOf((string)column) >= 0, $"{name}.{column}");
            }
        }
        foreach (Dictionary<object, object> feature in Features().Where(f => f.ContainsKey("from")))
        {
            string value = (string)feature["value"];
            string column = value.Contains('(') ? value[(value.IndexOf('(') + 1)..^1] : value;
            if (column is not ("count" or "recency_days" or "tenure_days"))
                Assert.True(schemas[(string)feature["from"]].IndexOf(column) >= 0, $"{feature["from"]}.{column}");
        }
    }

    [Fact]
    public void Text_Kinds_AreInTheVocabulary()
    {
        string[] known = [.. Vocabulary.EventTypes, .. Vocabulary.PaymentStatuses, .. Vocabulary.TicketKinds];
        foreach (Dictionary<object, object> feature in Features().Where(f => f.ContainsKey("where")))
            Assert.Contains(((string)feature["where"]).Replace("kind = ", ""), known);
        Assert.Equal("kind = cancel within 30d", Map(_project["label"])["churned"]);
        Assert.Equal("events", Map(_project["label"])["from"]);
    }

    private IEnumerable<Dictionary<object, object>> Features() => ((List<object>)_project["features"]).Select(Map);

    private static IEnumerable<string> Names(Dictionary<object, object> feature) => feature.TryGetValue("windows", out object? windows)
        ? ((List<object>)windows).Select(w => ((string)feature["name"]).Replace("{w}", (string)w))
        : [(string)feature["name"]];

    private static Dictionary<object, object> Map(object node) => (Dictionary<object, object>)node;

    private static DateTime Date(object text) => DateTime.ParseExact((string)text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
