using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace ChurnEngine.Columns;

/// <summary>Text columns of the three layouts, checked so that no later read can leave their bytes.</summary>
internal static class TextDecoding
{
    private const int ViewBytes = 16;
    private const int MostInlineBytes = 12;

    // Rows may share a text through views; ours hold it once each. Beyond this, a small file would fill the memory.
    private const int MostViewExpansion = 64;

    /// <summary>A column of Arrow's type null, as pandas writes one without any value: text, all of it null.</summary>
    public static Utf8Column Nulls(BodyCursor cursor, string column)
    {
        cursor.NextOfNulls(column);
        return new Utf8Column(NativeBuffer<int>.AllocateZeroed(cursor.Rows + 1), NativeBuffer<byte>.Allocate(0), cursor.Rows, NativeBuffer<byte>.AllocateZeroed(Bitmap.ByteLength(cursor.Rows)));
    }

    /// <summary>Reads offsets and bytes after the validity, which is taken over.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> when offsets descend or lead outside, and when a row is not UTF-8.</remarks>
    public static Utf8Column Read(WireKind kind, BodyCursor cursor, string column, NativeBuffer<byte>? validity)
    {
        (NativeBuffer<int> offsets, NativeBuffer<byte> bytes) = kind switch
        {
            WireKind.Utf8 => Small(cursor, column),
            WireKind.LargeUtf8 => Large(cursor, column),
            _ => Views(cursor, column, validity is null ? default : validity.Span),
        };
        var text = new Utf8Column(offsets, bytes, cursor.Rows, validity);
        try
        {
            CheckUtf8(text, cursor.Place, column);
            return text;
        }
        catch
        {
            // The validity is disposed by whoever handed it over, as after any other failure here.
            offsets.Dispose();
            bytes.Dispose();
            throw;
        }
    }

    private static (NativeBuffer<int>, NativeBuffer<byte>) Small(BodyCursor cursor, string column)
    {
        (BodyPart positions, BodyPart text) = (cursor.Next(column), cursor.Next(column));
        // An empty column may come without offsets; ours always has the first.
        if (cursor.Rows == 0)
            return (NativeBuffer<int>.AllocateZeroed(1), NativeBuffer<byte>.Allocate(0));
        ReadOnlySpan<int> offsets = cursor.View<int>(positions, checked(cursor.Rows + 1), column, "offsets");
        int signs = offsets[0];
        for (int i = 1; i < offsets.Length; i++)
            signs |= offsets[i] | (offsets[i] - offsets[i - 1]);
        if (signs < 0 || offsets[^1] > text.Length)
            throw IpcErrors.BadColumn(cursor.Place, column, $"its offsets descend, or end at {offsets[^1]} of {text.Length} bytes");
        NativeBuffer<int> kept = cursor.Borrow<int>(positions, offsets.Length, column, "offsets");
        return (kept, cursor.Borrow<byte>(text, kept[kept.Length - 1], column, "text"));
    }

    private static (NativeBuffer<int>, NativeBuffer<byte>) Large(BodyCursor cursor, string column)
    {
        (BodyPart positions, BodyPart text) = (cursor.Next(column), cursor.Next(column));
        if (cursor.Rows == 0)
            return (NativeBuffer<int>.AllocateZeroed(1), NativeBuffer<byte>.Allocate(0));
        ReadOnlySpan<long> offsets = cursor.View<long>(positions, checked(cursor.Rows + 1), column, "offsets");
        (long start, long end, long signs) = (offsets[0], offsets[^1], offsets[0]);
        for (int i = 1; i < offsets.Length; i++)
            signs |= offsets[i] | (offsets[i] - offsets[i - 1]);
        if (signs < 0 || end > text.Length)
            throw IpcErrors.BadColumn(cursor.Place, column, $"its offsets descend, or end at {end} of {text.Length} bytes");
        if (end - start > int.MaxValue)
            throw TooMuchText(cursor, column, end - start);
        NativeBuffer<int> small = NativeBuffer<int>.Allocate(offsets.Length);
        for (int i = 0; i < offsets.Length; i++)
            small[i] = (int)(offsets[i] - start);
        return (small, cursor.Borrow<byte>(new BodyPart(text.Offset + start, end - start), (int)(end - start), column, "text"));
    }

    // A view is [length] and either the text itself, up to 12 bytes, or [first 4 bytes][buffer][offset].
    private static (NativeBuffer<int>, NativeBuffer<byte>) Views(BodyCursor cursor, string column, ReadOnlySpan<byte> validity)
    {
        BodyPart viewPart = cursor.Next(column);
        var buffers = new BodyPart[cursor.NextVariadicCount(column)];
        for (int i = 0; i < buffers.Length; i++)
            buffers[i] = cursor.Next(column);
        ReadOnlySpan<UInt128> views = cursor.View<UInt128>(viewPart, cursor.Rows, column, "views");
        ReadOnlySpan<byte> viewBytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(views);
        long total = 0;
        for (int row = 0; row < views.Length; row++)
        {
            if (NumberDecoding.IsValid(validity, row))
                total += CheckView(viewBytes.Slice(row * ViewBytes, ViewBytes), buffers, cursor.Place, column);
        }
        if (total > int.MaxValue || total > MostViewExpansion * (viewPart.Length + buffers.Sum(buffer => buffer.Length)))
            throw TooMuchText(cursor, column, total);
        NativeBuffer<int> offsets = NativeBuffer<int>.Allocate(views.Length + 1L);
        NativeBuffer<byte> bytes = NativeBuffer<byte>.Allocate(total);
        int end = 0;
        for (int row = 0; row < views.Length; row++)
        {
            offsets[row] = end;
            if (!NumberDecoding.IsValid(validity, row))
                continue;
            ReadOnlySpan<byte> text = ViewText(viewBytes.Slice(row * ViewBytes, ViewBytes), buffers, cursor, column);
            text.CopyTo(bytes.Slice(end, text.Length));
            end += text.Length;
        }
        offsets[views.Length] = end;
        return (offsets, bytes);
    }

    private static int CheckView(ReadOnlySpan<byte> view, BodyPart[] buffers, IpcPlace place, string column)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(view);
        if (length is >= 0 and <= MostInlineBytes)
            return length;
        int buffer = BinaryPrimitives.ReadInt32LittleEndian(view[8..]);
        int offset = BinaryPrimitives.ReadInt32LittleEndian(view[12..]);
        return length >= 0 && offset >= 0 && (uint)buffer < (uint)buffers.Length && offset <= buffers[buffer].Length - length
            ? length
            : throw IpcErrors.BadColumn(place, column, $"a view of {length} bytes at {offset} of buffer {buffer}");
    }

    private static ReadOnlySpan<byte> ViewText(ReadOnlySpan<byte> view, BodyPart[] buffers, BodyCursor cursor, string column)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(view);
        if (length <= MostInlineBytes)
            return view.Slice(4, length);
        BodyPart buffer = buffers[BinaryPrimitives.ReadInt32LittleEndian(view[8..])];
        int offset = BinaryPrimitives.ReadInt32LittleEndian(view[12..]);
        return cursor.View<byte>(new BodyPart(buffer.Offset + offset, length), length, column, "text");
    }

    // All at once where all of it is UTF-8 and no row starts inside a character; row by row only to find the culprit, or to forgive a null row,
    // at which anything may stand.
    private static void CheckUtf8(Utf8Column text, IpcPlace place, string column)
    {
        ReadOnlySpan<int> offsets = text.Offsets;
        ReadOnlySpan<byte> all = text.Bytes;
        if (Ascii.IsValid(all[offsets[0]..]) || (Utf8.IsValid(all[offsets[0]..]) && StartAtCharacters(offsets, all)))
            return;
        for (int row = 0; row < text.Length; row++)
        {
            if (!text.IsNull(row) && !Utf8.IsValid(text.GetBytes(row)))
                throw IpcErrors.NotUtf8(place, column, row);
        }
    }

    private static bool StartAtCharacters(ReadOnlySpan<int> offsets, ReadOnlySpan<byte> text)
    {
        bool all = true;
        foreach (int offset in offsets)
            all &= (uint)offset >= (uint)text.Length || (text[offset] & 0xC0) != 0x80;
        return all;
    }

    private static ChurnDataException TooMuchText(BodyCursor cursor, string column, long bytes) =>
        IpcErrors.TooLarge(cursor.Place, $"column '{column}' unpacks to {bytes} bytes of text, more than one batch may have");
}
