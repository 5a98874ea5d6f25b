using System.Globalization;
using System.Text;

namespace ChurnEngine.Explain;

/// <summary>A text that is put together as UTF-8 in a buffer used again and again: what is written into a column needs no string.</summary>
/// <remarks>Memory: grows to the longest text, then allocates nothing. Not thread-safe.</remarks>
public sealed class Utf8Text
{
    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>What was written since <see cref="Clear"/>; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Starts anew.</summary>
    public void Clear() => _length = 0;

    /// <summary>Adds text that is UTF-8 already.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Room(utf8.Length));
        _length += utf8.Length;
    }

    /// <summary>Adds text.</summary>
    public void Append(ReadOnlySpan<char> text) => _length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));

    /// <summary>Adds a number by a format of the invariant culture.</summary>
    public void Append<T>(T number, string format) where T : IUtf8SpanFormattable
    {
        int written, room = 32;
        while (!number.TryFormat(Room(room), out written, format, CultureInfo.InvariantCulture))
            room *= 2;
        _length += written;
    }

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Written);

    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - _length < bytes)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + bytes));
        return _bytes.AsSpan(_length);
    }
}
