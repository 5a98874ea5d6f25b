using ChurnEngine.Cli.Doctor;
using Spectre.Console;

namespace ChurnEngine.Cli;

/// <summary>Prints what the doctor found: a table for each topic, then what follows for each verb.</summary>
internal static class CheckupTables
{
    public static void Print(IAnsiConsole console, Checkup checkup)
    {
        foreach (CheckedTopic topic in checkup.Topics)
            console.Write(TableOf(topic));
        Table verbs = new Table().Border(TableBorder.Simple).AddColumn("verb").AddColumn("ready").AddColumn("what it misses, and what to do");
        foreach (VerbReadiness verb in checkup.Verbs)
            verbs.AddRow(verb.Verb, verb.Ready ? "yes" : "NO", Markup.Escape(string.Join("\n", verb.Misses.Select(Sentence))));
        console.Write(verbs);
        string[] unready = [.. checkup.Verbs.Where(verb => !verb.Ready).Select(verb => verb.Verb)];
        console.WriteLine(unready.Length == 0 ? "everything needed is here" : $"not ready: {string.Join(", ", unready)}");
    }

    private static Table TableOf(CheckedTopic topic)
    {
        bool hasHints = topic.Findings.Any(finding => finding.Hint.Length > 0);
        Table table = new Table().Border(TableBorder.Simple).AddColumn(Markup.Escape(topic.Topic)).AddColumn("").AddColumn("found");
        if (hasHints)
            table.AddColumn("what to do");
        foreach (Finding finding in topic.Findings)
        {
            string[] cells = [finding.What, Word(finding.Standing), finding.Found, finding.Hint];
            table.AddRow([.. cells.Take(hasHints ? 4 : 3).Select(Markup.Escape)]);
        }
        return table;
    }

    private static string Sentence(Finding finding) => $"{finding.What}: {finding.Found}{(finding.Hint.Length > 0 ? $" -> {finding.Hint}" : "")}";

    private static string Word(Standing standing) => standing switch
    {
        Standing.Good => "ok",
        Standing.Warning => "warning",
        Standing.Missing => "MISSING",
        _ => "",
    };
}
