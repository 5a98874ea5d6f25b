using System.IO.Compression;
using System.Text;

namespace ChurnEngine.Matrix.Tests;

/// <summary>Delimited text whose form is wrong: delimiters, quotes, encodings, line ends, headers, cut files.</summary>
internal static class CsvTextInputs
{
    private const string Line = Samples.FeaturesLine;
    private static readonly Encoding s_utf16 = Encoding.Unicode;

    public static IEnumerable<BadInput> All => [.. Delimiters, .. Quotes, .. Ragged, .. Encodings, .. LineEnds, .. Sizes, .. Headers, .. CutFiles, .. Packed];

    private static IEnumerable<BadInput> Delimiters =>
    [
        Events("semicolons under a header with commas", Samples.Events.Rows(line => line.Replace(',', ';')), 3, "CE2008 table 'events'") with { Names = ["events.csv", "row 1"] },
        Events("commas under a header with semicolons", Samples.Events.Header("customer_id;event_at;kind;amount;device"), 3, "CE2008 table 'events'") with { Names = ["events.csv", "row 1"] },
        Events("semicolons throughout", Samples.Events.Replace(',', ';'), 200),
        Events("tabs in a file named .csv", Samples.Events.Replace(',', '\t'), 200),
        Events("bars throughout", Samples.Events.Replace(',', '|'), 200),
        Events("colons as delimiter", Samples.Events.Replace(',', ':'), 2, "CE3002") with { Names = ["events", "'customer_id'", "churn.yaml"] },
        Events("blanks as delimiter", Samples.Events.Replace(',', ' '), 2, "CE3002") with { Names = ["'customer_id'"] },
        Events("decimal commas between semicolons", Samples.Events.Replace(',', ';').Replace('.', ','), 3, "CE2007") with { Names = ["'amount'", "row 1", "point"] },
    ];

    private static IEnumerable<BadInput> Quotes =>
    [
        Events("quote never closed, in the middle", Samples.Events.Cell(100, 4, "\"tv"), 3, "CE2008") with { Names = ["events.csv", "row 100"] },
        Events("quote never closed, in the last row", Samples.Events.Cell(200, 4, "\"tv"), 199),
        Events("quote never closed, in the header", Samples.Events.Header("customer_id,event_at,kind,\"amount,device"), 3, "CE2015") with { Names = ["events.csv", "header"] },
        Events("text behind a closing quote", Samples.Events.Cell(7, 4, "\"t\"v"), 199),
        Events("a quote inside an unquoted cell", Samples.Events.Cell(7, 4, "19\" tv"), 200),
        Events("doubled quotes, as they should be", Samples.Events.Cell(7, 4, "\"19\"\" tv\""), 200),
        Events("single quotes around a comma", Samples.Events.Cell(7, 4, "'tv, big'"), 199),
        Events("a line break inside quotes", Samples.Events.Cell(7, 4, "\"tv\nbig\""), 200),
        Events("typographic quotes", Samples.Events.Cell(7, 4, "“tv”"), 200),
    ];

    private static IEnumerable<BadInput> Ragged =>
    [
        Events("one row with a cell too few", Samples.Events.Row(7, "8,2024-01-02T18:00:00Z,play,0.00"), 199),
        Events("one row with a cell too many", Samples.Events.Row(7, "8,2024-01-02T18:00:00Z,play,0.00,tv,more"), 199),
        Events("every row has a cell too few", Samples.Events.Rows(line => line[..line.LastIndexOf(',')]), 3, "CE2008") with { Names = ["events.csv", "row 1"] },
        Events("every row has a cell too many", Samples.Events.Rows(line => line + ",more"), 3, "CE2008") with { Names = ["events.csv", "row 1"] },
        Events("every row ends with a delimiter", Samples.Events.Rows(line => line + ","), 200),
        Events("a blank line in the middle", Samples.Events.Row(7, Samples.Events.Split('\n')[7] + "\n"), 200),
        Events("blank lines at the end", Samples.Events + "\n\n\n", 200),
        Events("no line break at the end", Samples.Events.TrimEnd('\n'), 200),
        Events("a row of delimiters only", Samples.Events.Row(7, ",,,,"), 199),
    ];

    private static IEnumerable<BadInput> Encodings =>
    [
        Bytes("UTF-8 with a byte-order mark", Samples.Events.Bytes(new UTF8Encoding(true)), 200),
        Bytes("UTF-16, little end first", Samples.Events.Bytes(s_utf16), 3, "CE2016") with { Names = ["events.csv", "UTF-16"] },
        Bytes("UTF-16, big end first", Samples.Events.Bytes(Encoding.BigEndianUnicode), 3, "CE2016") with { Names = ["events.csv", "UTF-16"] },
        Bytes("UTF-16 without a byte-order mark", s_utf16.GetBytes(Samples.Events), 3, "CE2016") with { Names = ["events.csv", "UTF-16"] },
        Bytes("UTF-32", Samples.Events.Bytes(Encoding.UTF32), 3, "CE2016") with { Names = ["events.csv", "UTF-32"] },
        Bytes("a Latin-1 letter in one cell", Samples.Events.Cell(7, 4, "t~v").With('~', 0xE9), 199),
        Bytes("a Latin-1 letter in the header", Samples.Events.Header("customer_id,event_at,kind,amount,d~vice").With('~', 0xE9), 3, "CE2016") with { Names = ["events.csv", "header"] },
        Bytes("a Latin-1 letter in every row", Samples.Events.Cells(4, "t~v").With('~', 0xE9), 3, "CE2008") with { Names = ["events.csv", "row 1", "UTF-8"] },
        Bytes("an overlong UTF-8 sequence", Samples.Events.Cell(7, 4, "t~v").With('~', 0xC0, 0xAF), 199),
        Bytes("a surrogate in UTF-8", Samples.Events.Cell(7, 4, "t~v").With('~', 0xED, 0xA0, 0x80), 199),
        Bytes("a NUL byte in one cell", Samples.Events.Cell(7, 4, "t~v").With('~', 0), 200),
        Bytes("a NUL byte in a number", Samples.Events.Cell(7, 3, "1~2").With('~', 0), 199),
        Bytes("nothing but NUL bytes", new byte[5000], 3, "CE2016") with { Names = ["events.csv"] },
        Bytes("random bytes", RandomBytes(4000), 3, "CE2016") with { Names = ["events.csv"] },
    ];

    private static IEnumerable<BadInput> LineEnds =>
    [
        Events("CR LF throughout", Samples.Events.Replace("\n", "\r\n", StringComparison.Ordinal), 200),
        Events("CR LF in the header, LF below", Samples.Events.Header("customer_id,event_at,kind,amount,device\r"), 200),
        Events("LF in the header, CR LF below", Samples.Events.Rows(line => line + "\r"), 200),
        Events("CR LF in every third row", Samples.Events.Rows(line => line.StartsWith('3') ? line + "\r" : line), 200),
        Events("CR alone throughout", Samples.Events.Replace('\n', '\r'), 200),
        Events("CR LF inside quotes", Samples.Events.Cell(7, 4, "\"tv\r\nbig\""), 200),
    ];

    private static IEnumerable<BadInput> Sizes =>
    [
        Events("a text cell of 10 MB", Samples.Events.Cell(7, 4, new string('x', 10_000_000)), 199),
        Events("a number cell of 10 MB", Samples.Events.Cell(7, 3, new string('9', 10_000_000)), 199),
        Events("a quoted cell of 10 MB", Samples.Events.Cell(7, 4, "\"" + new string('x', 10_000_000) + "\""), 199),
        Events("a header name of 10 MB", Samples.Events.Header("customer_id,event_at,kind,amount,device," + new string('x', 10_000_000)), 3, "CE2017") with { Names = ["events.csv", "header"] },
        Events("20,000 columns beside those wanted", Wide(20_000), 200),
        Events("1,000,000 columns", Wide(1_000_000), 3, "CE2017") with { Names = ["events.csv", "columns"] },
    ];

    private static IEnumerable<BadInput> Headers =>
    [
        Events("two columns of one name", Samples.Events.Header("customer_id,event_at,kind,amount,amount"), 3, "CE2013") with { Names = ["events.csv", "'amount'"] },
        Events("two columns whose names differ by case", Samples.Events.Header("customer_id,event_at,kind,amount,Amount"), 2, "CE3002") with { Names = ["'device'"] },
        Events("a column without a name", Samples.Events.Header("customer_id,event_at,kind,amount,"), 2, "CE3002") with { Names = ["'device'", "events"] },
        Events("blanks around the names", Samples.Events.Header(" customer_id , event_at , kind , amount , device "), 200),
        Events("no header, data from the first line", Samples.Events[(Samples.Events.IndexOf('\n', StringComparison.Ordinal) + 1)..], 2, "CE3002") with { Names = ["'customer_id'", "events"] },
        Events("a misspelt column", Samples.Events.Header("customer_id,event_at,kind,ammount,device"), 2, "CE3002") with { Names = ["'amount'", "did you mean 'ammount'?"] },
        Events("a column of other case", Samples.Events.Header("customer_id,event_at,kind,Amount,device"), 2, "CE3002") with { Names = ["'amount'", "did you mean 'Amount'?"] },
        Events("a header without data", "customer_id,event_at,kind,amount,device\n", 3, "CE2005") with { Names = ["events.csv"] },
        Events("an empty file", "", 3, "CE2004") with { Names = ["events.csv"] },
        Events("line breaks only", "\n\n\n\n", 3, "CE2021") with { Names = ["events.csv"] },
        Events("blanks only", "   \n", 3, "CE2021") with { Names = ["events.csv"] },
        Events("a comment line above the header", "# exported by crm\n" + Samples.Events, 2, "CE3002") with { Names = ["'customer_id'", "# exported by crm"] },
        Events("an HTML error page named .csv", "<!DOCTYPE html>\n<html><body><h1>403 Forbidden</h1></body></html>\n", 2, "CE3002") with { Names = ["'customer_id'"] },
    ];

    // A file cut inside a row gives that row a cell too few, or a number cut short: rows before it are kept.
    private static IEnumerable<BadInput> CutFiles => Enumerable.Range(1, 9).Select(tenth =>
    {
        string cut = Encoding.UTF8.GetString(Samples.Events.Bytes().Tenths(tenth));
        int rows = cut.TrimEnd('\n').Count(c => c == '\n');
        string last = cut.Split('\n')[^1];
        int whole = last.Length == 0 || last.Count(c => c == ',') == 4 ? rows : rows - 1;
        return Events($"cut at {tenth} tenths", cut, whole) with { Says = whole < rows ? "table 'events'" : "", Rows = new Rows("events", rows, whole) };
    });

    private static IEnumerable<BadInput> Packed =>
    [
        Named("gzip, as it should be", "events.csv.gz", Gzip(Samples.Events.Bytes()), 200),
        Named("gzip, cut in half", "events.csv.gz", Gzip(Samples.Events.Bytes()).Tenths(5), 3, "CE2009") with { Names = ["events.csv.gz"] },
        Named("gzip, its end cut off", "events.csv.gz", Gzip(Samples.Events.Bytes())[..^9], 3, "CE2009") with { Names = ["events.csv.gz"] },
        Named("text named .csv.gz", "events.csv.gz", Samples.Events.Bytes(), 3, "CE2009") with { Names = ["events.csv.gz"] },
        Named("gzip named .csv", "events.csv", Gzip(Samples.Events.Bytes()), 3, "CE2016") with { Names = ["events.csv", "gzip"] },
        Named("a ZIP archive (or .xlsx) named .csv", "events.csv", [.. "PK\x03\x04"u8, .. RandomBytes(3000)], 3, "CE2016") with { Names = ["events.csv", "ZIP"] },
    ];

    private static BadInput Events(string name, string csv, int exit, string says) => Bytes(name, csv.Bytes(), exit, says);

    private static BadInput Events(string name, string csv, int kept) => Bytes(name, csv.Bytes(), kept);

    private static BadInput Bytes(string name, byte[] csv, int exit, string says) => Named(name, "events.csv", csv, exit, says);

    private static BadInput Bytes(string name, byte[] csv, int kept) => Named(name, "events.csv", csv, kept);

    private static BadInput Named(string name, string file, byte[] bytes, int kept) => Named(name, file, bytes, 0, kept == Samples.EventRows ? "" : "table 'events'") with { Rows = new Rows("events", Samples.EventRows, kept) };

    private static BadInput Named(string name, string file, byte[] bytes, int exit, string says) => new()
    {
        Group = "CSV",
        Name = name,
        CommandLine = Line,
        Arrange = scene =>
        {
            scene.Write("churn.yaml", Samples.Project(events: file, more: "extract_at: 2024-03-01"));
            scene.Write("customers.csv", Samples.Customers);
            scene.Write(file, bytes);
        },
        Exit = exit,
        Says = says,
    };

    private static string Wide(int more)
    {
        string names = string.Concat(Enumerable.Range(0, more).Select(i => $",x{i}"));
        string cells = new(',', more);
        return Samples.Events.Rows(line => line + cells).Header("customer_id,event_at,kind,amount,device" + names);
    }

    internal static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    internal static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(20261121).NextBytes(bytes);
        return bytes;
    }
}
