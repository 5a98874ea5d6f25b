using System.Globalization;
using System.Xml.Linq;
using ChurnEngine.Reporting;

namespace ChurnEngine.Bench.Tests.Charts;

public class ChartTests
{
    [Fact]
    public void Draw_Bars_AreAsLongAsTheirValues()
    {
        XElement picture = new BarChart("t", [new("a", "s", 10, "ten"), new("b", "s", 5, "five"), new("c", "s", 0, "none")]).Draw();
        double[] widths = [.. picture.Elements(Svg.Space + "rect").Select(bar => double.Parse(bar.Attribute("width")!.Value, CultureInfo.InvariantCulture))];
        Assert.Equal(widths[0] / 2, widths[1], 2);
        Assert.Equal(1, widths[2]);
        Assert.Equal(["a", "b", "c"], picture.Elements(Svg.Space + "text").Where(text => text.Attribute("class")!.Value == "label end").Select(text => text.Value));
        Assert.Contains(picture.Elements(Svg.Space + "text"), text => text.Value == "five");
    }

    [Fact]
    public void Draw_BarsOfAllZeros_HaveNoBrokenNumber() => AssertWhole(new BarChart("t", [new("a", "s", 0, "0"), new("b", "s", 0, "0")]).Draw());

    [Fact]
    public void Draw_LogarithmicDots_StandAtPowersOfTen()
    {
        XElement picture = new BarChart("t", [new("a", "s", 10, ""), new("b", "s", 100, ""), new("c", "s", 1000, "")]) { Logarithmic = true }.Draw();
        double[] x = [.. picture.Elements(Svg.Space + "circle").Select(dot => double.Parse(dot.Attribute("cx")!.Value, CultureInfo.InvariantCulture))];
        Assert.Equal(x[1] - x[0], x[2] - x[1], 2);
        AssertWhole(picture);
    }

    [Fact]
    public void Draw_LinearLine_LiesOnTheGuide()
    {
        XElement picture = new LineChart("t", [new("train", "c0", [(10, 2), (20, 4), (40, 8)])]).Draw();
        string[] guide = Ends(picture, "guide"), line = Ends(picture, "line c0");
        Assert.Equal(guide, line);
        AssertWhole(picture);
    }

    [Fact]
    public void Draw_LinesOfOnePointOrNoChange_HaveNoBrokenNumber()
    {
        AssertWhole(new LineChart("t", [new("a", "c0", [(10, 2)])]).Draw());
        AssertWhole(new LineChart("t", [new("a", "c0", [(1, 2), (2, 2)]), new("b", "c1", [(1, 2), (2, 2)])]) { Guide = -1 }.Draw());
    }

    private static string[] Ends(XElement picture, string style)
    {
        string path = picture.Elements(Svg.Space + "path").Single(one => one.Attribute("class")!.Value == style).Attribute("d")!.Value;
        string[] points = path.Split(['M', 'L'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [points[0], points[^1]];
    }

    private static void AssertWhole(XElement picture) =>
        Assert.DoesNotContain(picture.DescendantsAndSelf().Attributes(), attribute => attribute.Value.Contains("NaN", StringComparison.Ordinal) || attribute.Value.Contains('∞') || attribute.Value.Contains("Infinity", StringComparison.Ordinal));
}
