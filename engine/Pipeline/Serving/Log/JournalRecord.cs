using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ChurnEngine.Pipeline;

/// <summary>The bytes of a prediction in a journal.</summary>
/// <remarks>
/// <code>
/// length i32 | id 16 | at i64 | as_of i64 | probability f32 | margin f32 | flags u8 | arm: length u8, utf8 | customer: length u16, utf8 | [F] features f32 | unknown texts: (feature u16, length u8, utf8)* | check u32
/// </code>
/// Little-endian; the length counts from the id to the last text (the longest of texts is cut), the check is FNV-1a over the same bytes. A record that a crash cut short has a wrong length or check: it and what follows were never promised.</remarks>
internal static class JournalRecord
{
    private const int FixedBytes = 16 + 8 + 8 + 4 + 4 + 1;
    private const byte FlaggedBit = 1, AnsweredBit = 2;
    private const int LongestText = byte.MaxValue;

    /// <summary>Puts a record at the end of a buffer.</summary>
    public static void Write(ArrayBufferWriter<byte> buffer, in LoggedPrediction record, ReadOnlySpan<float> row)
    {
        int arm = Encoding.UTF8.GetByteCount(record.Arm), customer = Encoding.UTF8.GetByteCount(record.Customer);
        int payload = FixedBytes + 1 + arm + 2 + customer + row.Length * sizeof(float) + UnknownBytes(record.Unknown);
        Span<byte> all = buffer.GetSpan(payload + 8)[..(payload + 8)];
        BinaryPrimitives.WriteInt32LittleEndian(all, payload);
        Span<byte> at = all[4..];
        _ = record.Id.TryWriteBytes(at);
        BinaryPrimitives.WriteInt64LittleEndian(at[16..], record.At);
        BinaryPrimitives.WriteInt64LittleEndian(at[24..], record.AsOf);
        BinaryPrimitives.WriteSingleLittleEndian(at[32..], record.Prediction.Predicted);
        BinaryPrimitives.WriteSingleLittleEndian(at[36..], record.Prediction.Margin);
        at[40] = (byte)((record.Prediction.Flagged ? FlaggedBit : 0) | (record.Answered ? AnsweredBit : 0));
        at = at[FixedBytes..];
        at[0] = checked((byte)arm);
        Encoding.UTF8.GetBytes(record.Arm, at[1..]);
        at = at[(1 + arm)..];
        BinaryPrimitives.WriteUInt16LittleEndian(at, checked((ushort)customer));
        Encoding.UTF8.GetBytes(record.Customer, at[2..]);
        MemoryMarshal.AsBytes(row).CopyTo(at[(2 + customer)..]);
        WriteUnknown(at[(2 + customer + row.Length * sizeof(float))..], record.Unknown);
        BinaryPrimitives.WriteUInt32LittleEndian(all[(4 + payload)..], Check(all.Slice(4, payload)));
        buffer.Advance(payload + 8);
    }

    /// <summary>Reads a record.</summary>
    /// <param name="bytes">From its length on.</param>
    /// <param name="row">[F] gets the features.</param>
    /// <param name="record">What was written.</param>
    /// <returns>Bytes that it takes; 0 when it is not whole.</returns>
    public static int TryRead(ReadOnlySpan<byte> bytes, Span<float> row, out LoggedPrediction record)
    {
        record = default;
        int features = row.Length * sizeof(float);
        if (bytes.Length < 4 || BinaryPrimitives.ReadInt32LittleEndian(bytes) is var payload && (payload < FixedBytes + 3 + features || payload > bytes.Length - 8))
            return 0;
        ReadOnlySpan<byte> at = bytes.Slice(4, payload);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + payload)..]) != Check(at))
            return 0;
        int arm = at[FixedBytes], customer = BinaryPrimitives.ReadUInt16LittleEndian(at[(FixedBytes + 1 + arm)..]);
        int end = FixedBytes + 3 + arm + customer + features;
        if (end > payload || !TryReadUnknown(at[end..], out UnknownText[]? unknown))
            return 0;
        at[(end - features)..end].CopyTo(MemoryMarshal.AsBytes(row));
        record = new LoggedPrediction(new Guid(at[..16]), BinaryPrimitives.ReadInt64LittleEndian(at[16..]), Encoding.UTF8.GetString(at.Slice(FixedBytes + 3 + arm, customer)), BinaryPrimitives.ReadInt64LittleEndian(at[24..]),
            Encoding.UTF8.GetString(at.Slice(FixedBytes + 1, arm)), (at[40] & AnsweredBit) != 0,
            new SinglePrediction(BinaryPrimitives.ReadSingleLittleEndian(at[32..]), BinaryPrimitives.ReadSingleLittleEndian(at[36..]), (at[40] & FlaggedBit) != 0, ""))
        {
            Unknown = unknown,
        };
        return payload + 8;
    }

    private static int UnknownBytes(IReadOnlyList<UnknownText>? unknown)
    {
        int bytes = 0;
        for (int i = 0; i < unknown?.Count; i++)
            bytes += 3 + Encoding.UTF8.GetByteCount(Cut(unknown[i].Text));
        return bytes;
    }

    private static void WriteUnknown(Span<byte> at, IReadOnlyList<UnknownText>? unknown)
    {
        for (int i = 0; i < unknown?.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(at, checked((ushort)unknown[i].Feature));
            at[2] = (byte)Encoding.UTF8.GetBytes(Cut(unknown[i].Text), at[3..]);
            at = at[(3 + at[2])..];
        }
    }

    private static bool TryReadUnknown(ReadOnlySpan<byte> at, out UnknownText[]? unknown)
    {
        unknown = null;
        List<UnknownText> texts = [];
        for (; !at.IsEmpty; at = at[(3 + at[2])..])
        {
            if (at.Length < 3 || at.Length < 3 + at[2])
                return false;
            texts.Add(new UnknownText(BinaryPrimitives.ReadUInt16LittleEndian(at), Encoding.UTF8.GetString(at.Slice(3, at[2]))));
        }
        if (texts.Count > 0)
            unknown = [.. texts];
        return true;
    }

    // A whole number of characters; what is cut ends so that it is no category by chance.
    private static ReadOnlySpan<char> Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= LongestText)
            return text;
        int length = LongestText / 3 - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "\u2026");
    }

    private static uint Check(ReadOnlySpan<byte> bytes)
    {
        uint hash = 2166136261;
        foreach (byte b in bytes)
            hash = (hash ^ b) * 16777619;
        return hash;
    }
}
