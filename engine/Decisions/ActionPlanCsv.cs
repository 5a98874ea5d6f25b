using System.Globalization;
using System.Text;

namespace ChurnEngine.Decisions;

/// <summary>A line of a plan as people read it.</summary>
/// <param name="Rank">1 and up.</param>
/// <param name="CustomerId">Who.</param>
/// <param name="Probability">Of churn, 0..1.</param>
/// <param name="Risk">At a glance.</param>
/// <param name="Value">What the customer is worth.</param>
/// <param name="ExpectedValue">What the contact is expected to earn.</param>
/// <param name="Action">What to do: the offer's name.</param>
/// <param name="Reasons">Why the customer may leave, in one line; empty for none.</param>
/// <param name="Cost">Of the contact.</param>
/// <param name="SaveRate">Share of leaving customers of this group whom the offer keeps.</param>
/// <param name="Day">1 and up; 0 of those who are not contacted.</param>
/// <param name="Date">The day as a date, yyyy-MM-dd; empty where none is known.</param>
/// <param name="Decision">Why this offer.</param>
public readonly record struct PlanLine(int Rank, string CustomerId, float Probability, RiskLevel Risk, double Value, double ExpectedValue, string Action, string Reasons,
    double Cost, double SaveRate, int Day, string Date, string Decision);

/// <summary>Writes a plan for people and their spreadsheets.</summary>
/// <remarks>RFC 4180: CRLF, quotes doubled. A text that begins as a formula (= + - @, tab) gets an apostrophe, so that no spreadsheet runs it.
/// Numbers have a point and no exponent. Source: RFC 4180; OWASP "CSV Injection".</remarks>
public static class ActionPlanCsv
{
    /// <summary>The first line. What follows <c>reasons</c> came later; new columns go to the end.</summary>
    public const string Header = "rank,customer_id,probability,risk_level,value,expected_value,action,reasons,cost,save_rate,day,date,decision";

    /// <summary>Writes the plan to a file, under a temporary name until it is whole. An older file of the name is replaced.</summary>
    /// <param name="path">File to write; folders on the way are made.</param>
    /// <param name="lines">Contacts in rank order.</param>
    /// <remarks>Errors: ChurnConfigException CE7006 when it cannot be written; nothing of it is left then.</remarks>
    public static void Write(string path, IEnumerable<PlanLine> lines) => PlanFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), bufferSize: 1 << 16, leaveOpen: true);
        Write(writer, lines);
    });

    /// <summary>Writes the plan, header first, to a writer that stays open.</summary>
    /// <param name="writer">Its own newline is not used: lines end in CRLF.</param>
    /// <param name="lines">Contacts in rank order.</param>
    public static void Write(TextWriter writer, IEnumerable<PlanLine> lines)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(lines);
        writer.Write(Header + "\r\n");
        var text = new StringBuilder();
        foreach (PlanLine line in lines)
        {
            text.Clear();
            text.Append(CultureInfo.InvariantCulture, $"{line.Rank},");
            AppendText(text, line.CustomerId);
            text.Append(CultureInfo.InvariantCulture, $",{line.Probability:0.000000},{line.Risk.ToText()},{line.Value:0.00},{line.ExpectedValue:0.00},");
            AppendText(text, line.Action).Append(',');
            AppendText(text, line.Reasons);
            text.Append(CultureInfo.InvariantCulture, $",{line.Cost:0.00####},{line.SaveRate:0.######},{line.Day},{line.Date},");
            AppendText(text, line.Decision).Append("\r\n");
            writer.Write(text);
        }
    }

    private static StringBuilder AppendText(StringBuilder line, string text)
    {
        bool guarded = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r';
        bool quoted = text.AsSpan().IndexOfAny("\",\r\n") >= 0 || (text.Length > 0 && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])));
        if (quoted)
            line.Append('"');
        if (guarded)
            line.Append('\'');
        line.Append(quoted ? text.Replace("\"", "\"\"", StringComparison.Ordinal) : text);
        return quoted ? line.Append('"') : line;
    }
}
