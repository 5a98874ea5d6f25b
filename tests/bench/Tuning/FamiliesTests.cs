using ChurnEngine.Bench.Tuning;
using ChurnEngine.TestKit;

namespace ChurnEngine.Bench.Tests;

public class FamiliesTests
{
    private static readonly FamiliesSize s_size = new(5, 20, 2);

    [Fact]
    public void Families_ByName_AreOursAndThePeers()
    {
        Assert.Equal(["logistic", "forest", "extra_trees", "boosting", "stack", "xgboost", "sklearn_boosting", "sklearn_forest", "sklearn_logistic"], FamiliesRun.Names);
        Assert.Equal(["boosting"], FamiliesCommand.Families(["xgboost", "boosting"], alone: true));
        Assert.Contains("sklearn_forest", Assert.Throws<BenchException>(() => FamiliesCommand.Families(["forrest"], alone: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kept_StoppedRun_GoesOnUnlessItsSizeWasAnother()
    {
        using var folder = new TemporaryDirectory();
        string path = folder["telco.json"];
        Measure(new KeptFamilies(path, s_size, resume: false), "boosting", 1);

        var later = new KeptFamilies(path, s_size with { }, resume: true);
        Measure(later, "boosting", 2);
        Measure(later, "forest", 3);
        Assert.Equal([1.0, 3.0], later.Families.Select(family => family.FitSeconds));

        Assert.Empty(new KeptFamilies(path, s_size with { Trials = 10 }, resume: true).Families);
        Assert.Empty(new KeptFamilies(path, s_size, resume: false).Families);

        static void Measure(KeptFamilies kept, string name, double seconds) =>
            kept.Once(name, asked => new FamilyResult(asked, [], [], [], seconds, "abc"), _ => { });
    }
}
