using ChurnEngine.TestKit;

namespace ChurnEngine.Bench.Tests;

public class ReadmeTests
{
    public static TheoryData<string> Pages => [.. ResultBook.Pages.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_ShowsTheResultsThatAreKept(string path)
    {
        Func<ResultBook, string> text = ResultBook.Pages.Single(page => page.Path == path).Text;
        string page = File.ReadAllText(Path.Combine(Repository.Root, path));
        string expected = GeneratedBlock.Replace(page, text(ResultBook.Open(Path.Combine(Repository.Root, "bench", "results"))), path);
        Assert.True(page == expected, $"{path} differs from bench/results: run `bench report --write`");
    }

    [Fact]
    public void Replace_AnythingBetweenTheMarks_IsRewrittenAndNothingElse()
    {
        string page = $"before\n{GeneratedBlock.Begin}\n\nby hand: 7\n\n{GeneratedBlock.End}\nafter\n";
        string written = GeneratedBlock.Replace(page, "measured: 8", "page");
        Assert.Equal($"before\n{GeneratedBlock.Begin}\n\nmeasured: 8\n\n{GeneratedBlock.End}\nafter\n", written);
        Assert.NotEqual(page, written);
        Assert.Equal(written, GeneratedBlock.Replace(written, "measured: 8", "page"));
        Assert.Contains("no place for results", Assert.Throws<BenchException>(() => GeneratedBlock.Replace("nothing", "x", "page")).Message, StringComparison.Ordinal);
    }
}
