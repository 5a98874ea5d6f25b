using System.Text;
using System.Text.Json;

namespace ChurnEngine.Ingest.Files;

/// <summary>
/// Tells a line that is no JSON object from an object without the columns asked for: DuckDB gives nulls for both. Reads the file a second
/// time, forward only, and only as far as the last suspicious row.
/// </summary>
internal sealed class JsonLineProbe(SourceFile file) : IDisposable
{
    private StreamReader? _reader;
    private long _row;

    /// <summary>Returns the line and what is wrong with it, or null when it is a sound object.</summary>
    /// <param name="row">1-based data row (blank lines are none); must not go back.</param>
    public (string Line, string Reason)? Check(long row)
    {
        _reader ??= file.OpenText();
        string line = "";
        while (_row < row)
        {
            line = _reader.ReadLine() ?? throw new EndOfStreamException($"row {row} is past the end");
            if (!string.IsNullOrWhiteSpace(line))
                _row++;
        }
        try
        {
            var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(line));
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                return (line, "not a JSON object");
            while (json.Read())
            {
                // A text is looked at only when it is asked for; half a surrogate pair shows then.
                if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    json.GetString();
            }
            // The reader puts this mark in the place of bytes that are no UTF-8.
            return line.Contains('\uFFFD', StringComparison.Ordinal) ? (line, "a byte is not UTF-8") : null;
        }
        catch (JsonException malformed)
        {
            return (line, $"malformed JSON at byte {malformed.BytePositionInLine}");
        }
        catch (InvalidOperationException)
        {
            return (line, "malformed JSON: a text with half a surrogate pair");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader?.Dispose();
}
