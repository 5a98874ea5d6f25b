using System.Globalization;
using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Decisions;

/// <summary>The texts of a plan's lines, by row of the planner's input.</summary>
public sealed record ActionPlanText
{
    /// <summary>Identity of the customer at a row.</summary>
    public required Func<int, string> CustomerId { get; init; }

    /// <summary>Reasons for a row in one line; empty for none.</summary>
    public Func<int, string> Reasons { get; init; } = _ => "";

    /// <summary>What to do, the same for all: there is one offer.</summary>
    public string Action { get; init; } = "contact";
}

/// <summary>Writes a plan for people and their spreadsheets: <c>rank,customer_id,probability,risk_level,value,expected_value,action,reasons</c>.</summary>
/// <remarks>RFC 4180: CRLF, quotes doubled. A text that begins as a formula (= + - @, tab) gets an apostrophe, so that no spreadsheet runs it.
/// Numbers have a point and no exponent. Source: RFC 4180; OWASP "CSV Injection".</remarks>
public static class ActionPlanCsv
{
    /// <summary>The first line.</summary>
    public const string Header = "rank,customer_id,probability,risk_level,value,expected_value,action,reasons";

    /// <summary>Writes the plan to a file, under a temporary name until it is whole. An older file of the name is replaced.</summary>
    /// <param name="path">File to write; folders on the way are made.</param>
    /// <param name="plan">Contacts in rank order.</param>
    /// <param name="text">Texts of the lines.</param>
    /// <remarks>Errors: ChurnConfigException CE7006 when it cannot be written; nothing of it is left then.</remarks>
    public static void Write(string path, ActionPlan plan, ActionPlanText text)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            AtomicFile.Write(path, stream =>
            {
                using var writer = new StreamWriter(stream, new UTF8Encoding(false), bufferSize: 1 << 16, leaveOpen: true);
                Write(writer, plan, text);
            });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw DecisionsErrors.CannotWrite(path, failure);
        }
    }

    /// <summary>Writes the plan, header first, to a writer that stays open.</summary>
    /// <param name="writer">Its own newline is not used: lines end in CRLF.</param>
    /// <param name="plan">Contacts in rank order.</param>
    /// <param name="text">Texts of the lines.</param>
    public static void Write(TextWriter writer, ActionPlan plan, ActionPlanText text)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(text);
        writer.Write(Header + "\r\n");
        var line = new StringBuilder();
        for (int i = 0; i < plan.Count; i++)
        {
            int row = plan.Rows[i];
            line.Clear();
            line.Append(CultureInfo.InvariantCulture, $"{i + 1},");
            AppendText(line, text.CustomerId(row)).Append(',');
            line.Append(CultureInfo.InvariantCulture, $"{plan.Probability[i]:0.000000},{plan.Risk[i].ToText()},{plan.Value[i]:0.00},{plan.ExpectedValue[i]:0.00},");
            AppendText(line, text.Action).Append(',');
            AppendText(line, text.Reasons(row)).Append("\r\n");
            writer.Write(line);
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
