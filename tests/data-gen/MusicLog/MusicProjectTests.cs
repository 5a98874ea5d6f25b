using ChurnEngine.DataGen.MusicLog;
using YamlDotNet.Serialization;

namespace ChurnEngine.DataGen.Tests.MusicLog;

public class MusicProjectTests
{
    private readonly Dictionary<string, object> _project =
        new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(MusicProject.Text(new WorldClock(12)));

    [Fact]
    public void Text_Features_AreAtLeast167WithNamesOfTheirOwn()
    {
        string[] names = [.. Features().SelectMany(Names)];
        Assert.True(names.Length >= 167, $"{names.Length} features");
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void Text_PartsOfFeatures_AreDefinedAbove()
    {
        HashSet<string> above = [];
        foreach (Dictionary<object, object> feature in Features())
        {
            foreach (string key in (string[])["ratio", "difference"])
            {
                if (feature.TryGetValue(key, out object? parts))
                    Assert.All((List<object>)parts, part => Assert.Contains((string)part, above));
            }
            above.UnionWith(Names(feature));
        }
    }

    [Fact]
    public void Text_Kinds_ArePagesOfTheLogAndNoneAnnouncesTheLabel()
    {
        foreach (Dictionary<object, object> feature in Features().Where(f => f.ContainsKey("where")))
        {
            string where = (string)feature["where"];
            string[] kinds = [.. where.Replace("kind in (", "").Replace("kind = ", "").TrimEnd(')').Split(',').Select(kind => kind.Trim(' ', '"'))];
            Assert.All(kinds, kind => Assert.Contains(kind, MusicWords.Pages));
            Assert.DoesNotContain("Cancel", where);
        }
    }

    private IEnumerable<Dictionary<object, object>> Features() => ((List<object>)_project["features"]).Cast<Dictionary<object, object>>();

    private static IEnumerable<string> Names(Dictionary<object, object> feature) => feature.TryGetValue("windows", out object? windows)
        ? ((List<object>)windows).Select(w => ((string)feature["name"]).Replace("{w}", (string)w))
        : [(string)feature["name"]];
}
