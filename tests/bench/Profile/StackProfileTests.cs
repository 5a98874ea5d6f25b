using System.Globalization;
using System.Xml.Linq;
using ChurnEngine.Reporting;

namespace ChurnEngine.Bench.Tests.Profile;

public class StackProfileTests
{
    [Fact]
    public void Add_EqualPaths_AreFolded()
    {
        StackProfile profile = Sample();
        Assert.Equal(10, profile.Samples);
        Assert.Equal(["main;a 2", "main;a;b 5", "main;c 3"], profile.Folded());
        Assert.Equal(3, profile.Root.Depth - 1);
    }

    [Fact]
    public void Add_FrameThatCallsItself_CountsOnce()
    {
        var profile = new StackProfile();
        profile.Add(["main", "f", "f", "f"], 4);
        Assert.Equal(["main;f 4"], profile.Folded());
    }

    [Fact]
    public void Top_FrameOnTheStackTwice_IsInThatSampleOnce()
    {
        var profile = new StackProfile();
        profile.Add(["a", "b", "a"], 3);
        profile.Add(["a"], 1);
        Assert.Equal([("a", 4L, 4L), ("b", 0L, 3L)], profile.Top(10));
    }

    [Fact]
    public void Top_MostInItself_ComesFirst()
    {
        Assert.Equal([("b", 5L, 5L), ("c", 3L, 3L)], Sample().Top(2));
        Assert.Equal(("main", 0L, 10L), Sample().Top(10)[^1]);
    }

    [Fact]
    public void Add_FramesOfTheHarness_AreLeftOut()
    {
        var profile = new StackProfile("harness");
        profile.Add(["start", "main", "harness", "work"]);
        profile.Add(["thread", "work"]);
        Assert.Equal(["thread;work 1", "work 1"], profile.Folded());
        Assert.Equal(2, profile.Samples);
    }

    [Fact]
    public void Render_AnyNames_IsWellFormedAndLoadsNothing()
    {
        var profile = new StackProfile();
        profile.Add(["<main> & \"co\"", "]]>", "List<int>::Sort('x')", "\u00fc\u4e2d"], 3);
        profile.Add(["<main> & \"co\"", "other"], 1);
        string text = FlameGraph.Render(profile, "a <title> & more");
        var picture = XDocument.Parse(text);
        Assert.Equal(Svg.Space + "svg", picture.Root!.Name);
        Assert.Equal(["all", "<main> & \"co\"", "]]>", "List<int>::Sort('x')", "\u00fc\u4e2d", "other"], picture.Descendants(Svg.Space + "g").Select(frame => frame.Attribute("data-n")!.Value));
        Assert.DoesNotContain("http", text.Replace(Svg.Space.NamespaceName, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Widths_AreSharesAndChildrenLieOnTheirParent()
    {
        XElement[] frames = [.. XDocument.Parse(FlameGraph.Render(Sample(), "t")).Descendants(Svg.Space + "g")];
        (double X, double Width) Of(string name)
        {
            XElement frame = frames.Single(f => f.Attribute("data-n")!.Value == name);
            return (double.Parse(frame.Attribute("data-x")!.Value, CultureInfo.InvariantCulture), double.Parse(frame.Attribute("data-w")!.Value, CultureInfo.InvariantCulture));
        }
        Assert.Equal((0, 1200), Of("all"));
        Assert.Equal((0, 1200), Of("main"));
        Assert.Equal((0, 840), Of("a"));
        Assert.Equal((0, 600), Of("b"));
        Assert.Equal((840, 360), Of("c"));
    }

    [Fact]
    public void Parse_PerfScript_ReadsThreadsFramesAndLibraries()
    {
        const string Script = """
              4242 
            	    7f2a11 void [ChurnEngine.Trainer] ChurnEngine.Trainer.HistogramKernel::AddIndexed(valuetype ChurnEngine.Trainer.NodeColumn&)[OptimizedTier1] (/tmp/perf-4242.map)
            	    7f2a22 instance void [ChurnEngine.Trainer] ChurnEngine.Trainer.TreeGrower+<>c__DisplayClass23_0::<Search>b__0(int32)[Tier0] (/tmp/perf-4242.map)
            	    7f2a33 [unknown] (/usr/lib/libcoreclr.so)
            	    7f2a44 start_thread (/usr/lib/x86_64-linux-gnu/libc.so.6)

              4243 
            	ffffffff81 duckdb::Scan(duckdb::Vector&, unsigned long) (/app/libduckdb.so (deleted))

            """;
        StackProfile profile = PerfSampler.Parse(Script);
        Assert.Equal(
            ["duckdb::Scan [libduckdb.so] 1", "start_thread [libc.so.6];[libcoreclr.so];Trainer.TreeGrower.Search (lambda);Trainer.HistogramKernel.AddIndexed 1"],
            profile.Folded());
    }

    [Theory]
    [InlineData("ChurnEngine.Trainer.HistogramKernel.Run(value class NodeColumn&,value class Span`1<int>)", "Trainer.HistogramKernel.Run")]
    [InlineData("ChurnEngine.Trainer.BoostingRun`1[System.__Canon].GrowTree(int32)", "Trainer.BoostingRun.GrowTree")]
    [InlineData("System.Threading.Tasks.Parallel+<>c__DisplayClass19_0`2[System.__Canon,System.Int32].<ForWorker>b__1(class System.Object)", "System.Threading.Tasks.Parallel.ForWorker (lambda)")]
    [InlineData("System.Threading.Thread.<PollGC>g__PollGCWorker|67_0()", "System.Threading.Thread.PollGC.PollGCWorker")]
    [InlineData("", "")]
    public void OfRuntime_MethodNames_AreTypeAndMethod(string method, string expected) => Assert.Equal(expected, FrameName.OfRuntime(method));

    private static StackProfile Sample()
    {
        var profile = new StackProfile();
        profile.Add(["main", "a", "b"], 2);
        profile.Add(["main", "a"], 2);
        profile.Add(["main", "c"], 3);
        profile.Add(["main", "a", "b"], 3);
        return profile;
    }
}
