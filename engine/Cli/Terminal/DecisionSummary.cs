using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints what an action plan comes to.</summary>
internal static class DecisionSummary
{
    public static void Print(IAnsiConsole console, DecisionReport report)
    {
        console.WriteLine($"{report.Chosen:N0} of {report.Scored:N0} customers to contact: expected value {report.ExpectedValue:N0}, spend {report.Spend:N0}, {report.ExpectedSaves:N0} customers expected to stay");
        console.WriteLine($"risk: {string.Join(", ", report.RiskLevels.Select(level => $"{level.Value:N0} {level.Key}"))}");
        console.WriteLine($"in {report.Path}");
    }
}
