using ChurnEngine.Columns;
using ChurnEngine.TestKit;

namespace ChurnEngine.Decisions.Tests;

public class ActionPlanCsvTests
{
    [Fact]
    public void Write_Plan_IsTheseLines()
    {
        ActionPlan plan = ActionPlanner.Plan([0.5f, 0.01f, 0.875f], [2000, 2000, 1234.567], new DecisionOptions { SaveRate = 0.4, Cost = 75 });
        var writer = new StringWriter();
        ActionPlanCsv.Write(writer, plan, new ActionPlanText { CustomerId = row => $"c{row}", Reasons = row => row == 0 ? "a, \"b\"" : "", Action = "call" });
        Assert.Equal(
            "rank,customer_id,probability,risk_level,value,expected_value,action,reasons\r\n" +
            "1,c2,0.875000,HIGH,1234.57,357.10,call,\r\n" +
            "2,c0,0.500000,MEDIUM,2000.00,325.00,call,\"a, \"\"b\"\"\"\r\n",
            writer.ToString());
    }

    [Theory]
    [InlineData("plain", "plain"), InlineData("", ""), InlineData("a,b", "\"a,b\""), InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\""), InlineData("two\r\nlines", "\"two\r\nlines\""), InlineData(" padded", "\" padded\"")]
    [InlineData("=1+1", "'=1+1"), InlineData("+49 30", "'+49 30"), InlineData("-5", "'-5"), InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""), InlineData("\t=1", "\"'\t=1\""), InlineData("a=b", "a=b")]
    [InlineData("Grüße 你好", "Grüße 你好")]
    public void Write_AnyText_IsQuotedAndNoFormula(string id, string cell)
    {
        var writer = new StringWriter();
        ActionPlanCsv.Write(writer, Contact(), new ActionPlanText { CustomerId = _ => id });
        Assert.Equal(ActionPlanCsv.Header + "\r\n1," + cell + ",0.500000,MEDIUM,600.00,110.00,contact,\r\n", writer.ToString());
    }

    [Fact]
    public void Write_File_IsWholeUtf8AndReplacesTheOlder()
    {
        using var folder = new TemporaryDirectory();
        string path = folder["new/plan.csv"];
        ActionPlanCsv.Write(path, Contact(), new ActionPlanText { CustomerId = _ => "first" });
        ActionPlanCsv.Write(path, Contact(), new ActionPlanText { CustomerId = _ => "ü" });
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal((byte)'r', bytes[0]);
        Assert.Contains("1,ü,", System.Text.Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(folder["new"]));
    }

    [Fact]
    public void Write_FailureHalfway_LeavesTheOlderFileAndNoRest()
    {
        using var folder = new TemporaryDirectory();
        string path = folder.Write("plan.csv", "older");
        Assert.Throws<InvalidOperationException>(() => ActionPlanCsv.Write(path, Contact(), new ActionPlanText { CustomerId = _ => throw new InvalidOperationException() }));
        Assert.Equal("older", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_FolderIsAFile_SaysSo()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("blocked", "a file");
        var error = Assert.Throws<ChurnConfigException>(() => ActionPlanCsv.Write(folder["blocked/plan.csv"], Contact(), new ActionPlanText { CustomerId = _ => "a" }));
        Assert.Equal("CE7006", error.Code.ToString());
    }

    private static ActionPlan Contact() => ActionPlanner.Plan([0.5f], [], new DecisionOptions());
}
