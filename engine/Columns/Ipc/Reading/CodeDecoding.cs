namespace ChurnEngine.Columns;

/// <summary>Codes of a dictionary column: brought to int32, checked against the dictionary, and null where the entry is.</summary>
internal static class CodeDecoding
{
    /// <summary>Reads the codes after the validity, which is taken over.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> when a row that has a value has a code that the dictionary lacks.</remarks>
    public static DictionaryColumn Read(WireField field, BodyCursor cursor, DictionaryStore dictionaries, NativeBuffer<byte>? validity)
    {
        string column = field.Field.Name;
        SharedText? dictionary = dictionaries.Find(field.DictionaryId);
        NativeBuffer<int> codes = ReadCodes(field.Codes!.Value, cursor, column);
        NativeBuffer<byte>? merged = null;
        try
        {
            ReadOnlySpan<byte> valid = validity is null ? default : validity.Span;
            if (FirstOutside(codes.Span, dictionary?.Length ?? 0, []) >= 0)
            {
                int outside = FirstOutside(codes.Span, dictionary?.Length ?? 0, valid);
                if (outside >= 0)
                    throw dictionary is null ? IpcErrors.MissingDictionary(cursor.Place, column, field.DictionaryId)
                        : IpcErrors.BadColumn(cursor.Place, column, $"row {outside} has code {codes[outside]} in a dictionary of {dictionary.Length}");
                codes = WithZeroesAtNulls(codes, valid);
            }
            merged = dictionary is { HasNulls: true } ? Merge(codes.Span, valid, dictionary) : null;
            Utf8Column entries = dictionary?.Lend() ?? new Utf8Column(NativeBuffer<int>.AllocateZeroed(1), NativeBuffer<byte>.Allocate(0), 0);
            var result = new DictionaryColumn(codes, entries, cursor.Rows, merged ?? validity);
            if (merged is not null)
                validity?.Dispose();
            return result;
        }
        catch
        {
            codes.Dispose();
            throw;
        }
    }

    private static NativeBuffer<int> ReadCodes(WireKind kind, BodyCursor cursor, string column)
    {
        BodyPart part = cursor.Next(column);
        int rows = cursor.Rows;
        return kind switch
        {
            WireKind.Int8 => NumberDecoding.Widen<sbyte, int>(cursor.View<sbyte>(part, rows, column, "codes")),
            WireKind.UInt8 => NumberDecoding.Widen<byte, int>(cursor.View<byte>(part, rows, column, "codes")),
            WireKind.Int16 => NumberDecoding.Widen<short, int>(cursor.View<short>(part, rows, column, "codes")),
            WireKind.UInt16 => NumberDecoding.Widen<ushort, int>(cursor.View<ushort>(part, rows, column, "codes")),
            // A code of 2^31 and more reads as negative, which no dictionary has either.
            WireKind.Int32 or WireKind.UInt32 => cursor.Borrow<int>(part, rows, column, "codes"),
            _ => NumberDecoding.NarrowCodes(cursor.View<long>(part, rows, column, "codes")),
        };
    }

    private static int FirstOutside(ReadOnlySpan<int> codes, int entries, ReadOnlySpan<byte> validity)
    {
        for (int row = 0; row < codes.Length; row++)
        {
            if ((uint)codes[row] >= (uint)entries && NumberDecoding.IsValid(validity, row))
                return row;
        }
        return -1;
    }

    // What stands at a null row is anybody's; nobody shall stumble over it.
    private static NativeBuffer<int> WithZeroesAtNulls(NativeBuffer<int> codes, ReadOnlySpan<byte> validity)
    {
        NativeBuffer<int> clean = NativeBuffer<int>.CopyOf(codes.Span);
        for (int row = 0; row < clean.Length; row++)
        {
            if (!Bitmap.Get(validity, row))
                clean[row] = 0;
        }
        codes.Dispose();
        return clean;
    }

    private static NativeBuffer<byte> Merge(ReadOnlySpan<int> codes, ReadOnlySpan<byte> validity, SharedText dictionary)
    {
        NativeBuffer<byte> merged = NativeBuffer<byte>.AllocateZeroed(Bitmap.ByteLength(codes.Length));
        for (int row = 0; row < codes.Length; row++)
        {
            if (NumberDecoding.IsValid(validity, row) && !dictionary.IsNull(codes[row]))
                Bitmap.Set(merged.Span, row, true);
        }
        return merged;
    }
}
