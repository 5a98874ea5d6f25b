using System.Text;

namespace ChurnEngine.Ingest.Files;

/// <summary>The first record of a delimited file: its column names and the delimiter between them.</summary>
/// <param name="Delimiter">Comma, semicolon, tab or bar.</param>
/// <param name="Names">Trimmed; an unnamed column is <c>column3</c>.</param>
internal sealed record CsvHeader(char Delimiter, IReadOnlyList<string> Names)
{
    private const int LongestHeader = 1 << 20;

    // Reading grows with the square of the columns: 20,000 take a second, 100,000 a quarter of a minute.
    private const int MostColumns = 50_000;

    /// <summary>Reads it. The delimiter is the candidate that stands most often outside quotes.</summary>
    /// <remarks>Errors: ChurnDataException when a quote in it is never closed, or it is longer or wider than can be read.</remarks>
    public static CsvHeader Read(SourceFile file, string table)
    {
        using StreamReader reader = file.OpenText();
        (string record, bool isOpen) = ReadRecord(reader);
        if (isOpen)
            throw IngestErrors.OpenHeader(table, file.Path);
        if (string.IsNullOrWhiteSpace(record))
            throw IngestErrors.BlankHeader(table, file.Path);
        if (record.Length >= LongestHeader)
            throw IngestErrors.TooWide(table, file.Path, $"more than {LongestHeader:N0} characters", $"{LongestHeader:N0} characters and {MostColumns:N0} columns");
        char delimiter = file.Path.Contains(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : MostFrequent(record);
        string[] names = [.. Split(record, delimiter).Select((name, i) => name.Length == 0 ? $"column{i + 1}" : name)];
        if (names.Length > MostColumns)
            throw IngestErrors.TooWide(table, file.Path, $"{names.Length:N0} columns", $"{MostColumns:N0} columns");
        return new CsvHeader(delimiter, names);
    }

    private static (string Record, bool IsOpen) ReadRecord(StreamReader reader)
    {
        var record = new StringBuilder();
        bool quoted = false;
        for (int c = reader.Read(); c >= 0 && record.Length < LongestHeader; c = reader.Read())
        {
            if (c == '"')
                quoted = !quoted;
            if (!quoted && c is '\n' or '\r')
                break;
            record.Append((char)c);
        }
        return (record.ToString(), quoted);
    }

    private static char MostFrequent(string record)
    {
        char best = ',';
        int most = 0;
        foreach (char candidate in ",;\t|")
        {
            int count = Split(record, candidate).Count;
            if (count > most)
                (best, most) = (candidate, count);
        }
        return best;
    }

    private static List<string> Split(string record, char delimiter)
    {
        var names = new List<string>();
        var name = new StringBuilder();
        bool quoted = false;
        foreach (char c in record)
        {
            if (c == '"')
            {
                // A doubled quote inside quotes: the second one turns quoting on again and stands for itself.
                if (!quoted && name.Length > 0)
                    name.Append('"');
                quoted = !quoted;
            }
            else if (c == delimiter && !quoted)
            {
                names.Add(name.ToString().Trim());
                name.Clear();
            }
            else
            {
                name.Append(c);
            }
        }
        names.Add(name.ToString().Trim());
        return names;
    }
}
