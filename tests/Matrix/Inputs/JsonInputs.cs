using System.Text;

namespace ChurnEngine.Matrix.Tests;

/// <summary>Newline-delimited JSON.</summary>
internal static class JsonInputs
{
    private static readonly string[] s_lines = Samples.EventLines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    private static readonly string s_line = s_lines[6];

    public static IEnumerable<BadInput> All => [.. Forms, .. Values, .. CutFiles];

    private static IEnumerable<BadInput> Forms =>
    [
        One("a line cut short", s_line[..40], 199),
        One("a line with a trailing comma", s_line[..^1] + ",}", 200),
        One("a line with single quotes", s_line.Replace('"', '\''), 199),
        One("a line with names without quotes", s_line.Replace("\"kind\"", "kind", StringComparison.Ordinal), 199),
        One("a comment line", "// exported by crm", 199),
        One("a line that is an array", "[1, 2, 3]", 199),
        One("a line that is a text", "\"hello\"", 199),
        One("a line that is null", "null", 199),
        One("an empty object", "{}", 199),
        One("a blank line", "", 199, read: 199),
        One("two objects on one line", s_line + s_line, 199),
        One("an object over several lines", s_line.Replace(",\"", ",\n\"", StringComparison.Ordinal), 199) with { Exit = 3, Says = "CE2009", Rows = null, Names = ["events.jsonl", "line 8", "one whole JSON object"] },
        Text("every line malformed", string.Concat(s_lines.Select(line => line[..20] + "\n")), 3, "CE2018") with { Names = ["events.jsonl"] },
        Text("one JSON array instead of lines", "[" + string.Join(",\n", s_lines) + "]", 3, "CE2018") with { Names = ["events.jsonl", "array"] },
        Text("one pretty-printed document", "{\n  \"rows\": [\n    1\n  ]\n}\n", 3, "CE20") with { Names = ["events.jsonl"] },
        Text("an empty file", "", 3, "CE2004") with { Names = ["events.jsonl"] },
        Text("blanks only", "   \n \n", 3, "CE20") with { Names = ["events.jsonl"] },
        Text("CSV named .jsonl", Samples.Events, 3, "CE20") with { Names = ["events.jsonl"] },
        Text("CR LF throughout", Samples.EventLines.Replace("\n", "\r\n", StringComparison.Ordinal), 200),
        Bytes("UTF-8 with a byte-order mark", Samples.EventLines.Bytes(new UTF8Encoding(true)), 200),
        Bytes("UTF-16", Samples.EventLines.Bytes(Encoding.Unicode), 3, "CE2016") with { Names = ["events.jsonl", "UTF-16"] },
        OneBytes("a Latin-1 letter", s_line.Replace("\"tv\"", "\"t~v\"", StringComparison.Ordinal).Replace("phone", "ph~ne", StringComparison.Ordinal), 199, 0xE9),
        OneBytes("a NUL byte between the fields", s_line.Replace("\"kind\"", "~\"kind\"", StringComparison.Ordinal), 199, 0),
        OneBytes("a control character inside a text", s_line.Replace("phone", "ph~one", StringComparison.Ordinal).Replace("\"tv\"", "\"t~v\"", StringComparison.Ordinal), 199, 7),
        One("half a surrogate pair", s_line.Replace("\"device\":\"", "\"device\":\"\\ud800", StringComparison.Ordinal), 199),
        One("an unknown escape", s_line.Replace("\"device\":\"", "\"device\":\"\\q", StringComparison.Ordinal), 199),
        One("a text of 10 MB", s_line.Replace("\"device\":\"", "\"device\":\"" + new string('x', 10_000_000), StringComparison.Ordinal), 200),
        One("100,000 brackets deep", s_line[..^1] + ",\"deep\":" + new string('[', 100_000) + new string(']', 100_000) + "}", 200),
    ];

    private static IEnumerable<BadInput> Values =>
    [
        Values_("a number as text", "\"amount\":", "\"amount\":\"1.5\",\"x\":", 200),
        Values_("text for a number", "\"amount\":", "\"amount\":\"lots\",\"x\":", 199),
        Values_("true for a number", "\"amount\":", "\"amount\":true,\"x\":", 199),
        Values_("an object for a number", "\"amount\":", "\"amount\":{\"eur\":5},\"x\":", 199),
        Values_("a list for a number", "\"amount\":", "\"amount\":[1,2],\"x\":", 199),
        Values_("null for a number", "\"amount\":", "\"amount\":null,\"x\":", 200),
        Values_("NaN without quotes", "\"amount\":", "\"amount\":NaN,\"x\":", 200),
        Values_("Infinity without quotes", "\"amount\":", "\"amount\":Infinity,\"x\":", 199),
        Values_("1e400", "\"amount\":", "\"amount\":1e400,\"x\":", 199),
        Values_("a key of 30 digits", "\"customer_id\":", "\"customer_id\":123456789012345678901234567890,\"x\":", 199),
        Values_("a field twice", "\"amount\":", "\"amount\":7,\"amount\":", 200),
        Values_("a field missing", "\"amount\":", "\"sum\":", 200),
        Values_("the time missing", "\"event_at\":", "\"at\":", 199),
        Values_("the key missing", "\"customer_id\":", "\"customer\":", 199),
        Values_("the key null", "\"customer_id\":", "\"customer_id\":null,\"x\":", 199),
        Values_("a zone of +02:00", "\"event_at\":", "\"event_at\":\"2024-01-05T12:00:00+02:00\",\"x\":", 200),
        Text("a field missing everywhere", Samples.EventLines.Replace("\"amount\"", "\"sum\"", StringComparison.Ordinal), 2, "CE3002") with { Names = ["'amount'"] },
        Text("a field of other case everywhere", Samples.EventLines.Replace("\"amount\"", "\"AMOUNT\"", StringComparison.Ordinal), 2, "CE3002") with { Names = ["'amount'", "'AMOUNT'"] },
    ];

    private static IEnumerable<BadInput> CutFiles => Enumerable.Range(1, 9).Select(tenth =>
    {
        string cut = Samples.EventLines[..(Samples.EventLines.Length * tenth / 10)];
        int whole = cut.Count(c => c == '\n');
        int read = whole + (cut.EndsWith('\n') ? 0 : 1);
        return Text($"cut at {tenth} tenths", cut, whole) with { Says = read == whole ? "" : "table 'events'", Rows = new Rows("events", read, whole) };
    });

    // Row 7 replaced by another line.
    private static BadInput One(string name, string line, int kept, int read = 200) =>
        Text(name, string.Join('\n', [.. s_lines[..6], line, .. s_lines[7..], ""]), kept) with { Says = kept == read ? "" : "table 'events'", Rows = new Rows("events", read, kept) };

    private static BadInput OneBytes(string name, string line, int kept, byte value) =>
        Bytes(name, string.Join('\n', [.. s_lines[..6], line, .. s_lines[7..], ""]).With('~', value), kept);

    private static BadInput Values_(string name, string field, string by, int kept) => One(name, s_line.Replace(field, by, StringComparison.Ordinal), kept);

    private static BadInput Text(string name, string text, int kept) => Bytes(name, text.Bytes(), kept);

    private static BadInput Text(string name, string text, int exit, string says) => Bytes(name, text.Bytes(), exit, says);

    private static BadInput Bytes(string name, byte[] bytes, int kept) => Bytes(name, bytes, 0, kept == 200 ? "" : "table 'events'") with { Rows = new Rows("events", 200, kept) };

    private static BadInput Bytes(string name, byte[] bytes, int exit, string says) => new()
    {
        Group = "JSON lines",
        Name = name,
        CommandLine = Samples.FeaturesLine,
        Arrange = scene =>
        {
            scene.Write("churn.yaml", Samples.Project(events: "events.jsonl", more: "extract_at: 2024-03-01"));
            scene.Write("customers.csv", Samples.Customers);
            scene.Write("events.jsonl", bytes);
        },
        Exit = exit,
        Says = says,
    };
}
