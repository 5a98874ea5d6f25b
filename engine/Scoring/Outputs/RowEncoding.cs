using System.Buffers.Binary;
using System.Security.Cryptography;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>Rows in the binary form of PostgreSQL's COPY, hashed as they pass: what is sent to a PostgreSQL, and what the hash of a part in any database is over.</summary>
/// <remarks>
/// <code>
/// PGCOPY\n FF \r\n 00 | flags i32 = 0 | extension i32 = 0
/// row:  columns i16 | for each column: bytes i32, -1 for null | the bytes
/// end:  i16 = -1
/// </code>
/// All big-endian. Int64 in 8 bytes, float32 in 4, text in UTF-8, an instant as int64 microseconds since 2000 UTC. Memory: one buffer of 64 KB; nothing a row.
/// Source: PostgreSQL 15, COPY, "Binary Format".</remarks>
internal sealed class RowEncoding : IDisposable
{
    private const int BufferBytes = 1 << 16;
    // From 1970 to 2000.
    private const long EpochMicros = 946_684_800_000_000;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Stream? _target;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _used;

    /// <summary>Writes the header.</summary>
    /// <param name="target">Gets the bytes; null only hashes. Stays the caller's.</param>
    public RowEncoding(Stream? target = null)
    {
        _target = target;
        Bytes("PGCOPY\n"u8);
        Bytes([0xFF, 0x0D, 0x0A, 0x00, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    /// <summary>True for the types that parts have.</summary>
    public static bool Holds(ColumnType type) => type is ColumnType.Int64 or ColumnType.Float32 or ColumnType.Utf8 or ColumnType.TimestampMicros;

    /// <summary>All rows of a batch.</summary>
    public void Rows(RecordBatch batch)
    {
        for (int row = 0; row < batch.Length; row++)
        {
            BeginRow(batch.Columns.Count);
            for (int column = 0; column < batch.Columns.Count; column++)
                Cell(batch.Columns[column], row);
        }
    }

    public void BeginRow(int columns) => BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), checked((short)columns));

    public void Null() => Size(-1);

    public void Integer(long value)
    {
        Size(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);
    }

    public void Number(float value)
    {
        Size(sizeof(float));
        BinaryPrimitives.WriteSingleBigEndian(Take(sizeof(float)), value);
    }

    /// <param name="micros">Since 1970 UTC.</param>
    public void Instant(long micros) => Integer(micros - EpochMicros);

    public void Text(ReadOnlySpan<byte> utf8)
    {
        Size(utf8.Length);
        Bytes(utf8);
    }

    /// <summary>Writes the end.</summary>
    /// <returns>SHA-256 of all bytes, lower-case hexadecimal.</returns>
    public string Complete()
    {
        BeginRow(-1);
        Flush();
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    private void Cell(Column column, int row)
    {
        if (column.IsNull(row))
        {
            Null();
            return;
        }
        switch (column)
        {
            case PrimitiveColumn<float> number:
                Number(number.Values[row]);
                break;
            case PrimitiveColumn<long> { Type: ColumnType.TimestampMicros } instant:
                Instant(instant.Values[row]);
                break;
            case PrimitiveColumn<long> { Type: ColumnType.Int64 } whole:
                Integer(whole.Values[row]);
                break;
            case Utf8Column text:
                Text(text.GetBytes(row));
                break;
            default:
                throw new ArgumentException($"{column.Type} is no type of a part", nameof(column));
        }
    }

    private void Size(int bytes) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), bytes);

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_used == _buffer.Length)
                Flush();
            int now = Math.Min(bytes.Length, _buffer.Length - _used);
            bytes[..now].CopyTo(_buffer.AsSpan(_used));
            _used += now;
            bytes = bytes[now..];
        }
    }

    private Span<byte> Take(int bytes)
    {
        if (_used + bytes > _buffer.Length)
            Flush();
        _used += bytes;
        return _buffer.AsSpan(_used - bytes, bytes);
    }

    private void Flush()
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _used);
        _hash.AppendData(bytes);
        _target?.Write(bytes);
        _used = 0;
    }
}
