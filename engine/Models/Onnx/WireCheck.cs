namespace ChurnEngine.Models;

/// <summary>Looks through a protobuf file for lengths that reach beyond what holds them, before the parser makes room for them: it takes a packed field's word
/// for its length, and two gigabytes are gone for five bytes.</summary>
/// <remarks>Source: Protocol Buffers, "Encoding". Only the messages on the way to packed numbers are entered; the parser checks all else.</remarks>
internal static class WireCheck
{
    // ModelProto.graph, GraphProto.node, NodeProto.attribute; an attribute holds the numbers.
    private static readonly int[] s_path = [7, 1, 5];

    /// <summary>True when every length on the way fits into its message.</summary>
    public static bool LengthsFit(ReadOnlySpan<byte> message) => LengthsFit(message, 0);

    private static bool LengthsFit(ReadOnlySpan<byte> message, int depth)
    {
        while (!message.IsEmpty)
        {
            if (!TryVarint(ref message, out ulong tag))
                return false;
            int skip;
            switch (tag & 7)
            {
                case 0:
                    if (!TryVarint(ref message, out _))
                        return false;
                    continue;
                case 1:
                    skip = 8;
                    break;
                case 2:
                    if (!TryVarint(ref message, out ulong length) || length > (ulong)message.Length)
                        return false;
                    skip = (int)length;
                    if (depth < s_path.Length && tag >> 3 == (ulong)s_path[depth] && !LengthsFit(message[..skip], depth + 1))
                        return false;
                    break;
                case 5:
                    skip = 4;
                    break;
                default:
                    // Groups, which the format does not use.
                    return false;
            }
            if (skip > message.Length)
                return false;
            message = message[skip..];
        }
        return true;
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (int i = 0; i < 10 && i < message.Length; i++)
        {
            value |= (ulong)(message[i] & 0x7F) << 7 * i;
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }
        return false;
    }
}
