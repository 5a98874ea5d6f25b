using System.Globalization;

namespace ChurnEngine.Columns;

/// <summary>Turns the messages of one stream or file into batches.</summary>
internal sealed class BatchDecoder(WireSchema schema) : IDisposable
{
    private readonly DictionaryStore _dictionaries = new();

    /// <summary>The columns of every batch.</summary>
    public WireSchema Schema => schema;

    /// <summary>Reads a batch.</summary>
    /// <param name="message">A record batch.</param>
    /// <param name="body">Taken over; lives as long as the columns that look into it.</param>
    public RecordBatch Batch(IpcMessage message, NativeBuffer<byte> body)
    {
        var owner = new ForeignMemory(body.Dispose);
        var columns = new List<Column>(schema.Fields.Count);
        try
        {
            var cursor = new BodyCursor(message.Header, body, owner, message.Place);
            foreach (WireField field in schema.Fields)
            {
                if (field.Passed is { } shape)
                    cursor.Skip(shape, field.Field.Name);
                else
                    columns.Add(ReadColumn(field, cursor));
            }
            cursor.CheckAtEnd();
            return new RecordBatch(schema.Schema, columns, cursor.Rows);
        }
        catch
        {
            columns.ForEach(column => column.Dispose());
            throw;
        }
        finally
        {
            owner.Release();
        }
    }

    /// <summary>Keeps a dictionary for the batches to come.</summary>
    /// <param name="message">A dictionary batch.</param>
    /// <param name="body">Taken over.</param>
    /// <param name="mayReplace">True in a stream, where an earlier one of the same id may be replaced.</param>
    public void Dictionary(IpcMessage message, NativeBuffer<byte> body, bool mayReplace)
    {
        var owner = new ForeignMemory(body.Dispose);
        try
        {
            long id = message.Header.Int64(0);
            WireField? field = schema.Fields.FirstOrDefault(field => field.Codes is not null && field.DictionaryId == id);
            // One of a column that is passed over, or of a column inside one.
            if (field is null && schema.Fields.Any(other => other.Passed is not null))
                return;
            if (field is null)
                throw IpcErrors.BadMetadata(message.Place, $"no column uses dictionary {id}");
            if (message.Header.Bool(2))
                throw IpcErrors.DeltaDictionary(message.Place, id);
            if (!mayReplace && _dictionaries.Find(id) is not null)
                throw IpcErrors.DictionaryTwice(message.Place, id);
            if (message.Header.Table(1) is not { } data)
                throw IpcErrors.BadMetadata(message.Place, "a dictionary without data");
            var cursor = new BodyCursor(data, body, owner, message.Place);
            var text = (Utf8Column)ReadColumn(new WireField(field.Field with { Type = ColumnType.Utf8 }, field.Kind), cursor);
            _dictionaries.Set(id, new SharedText(text));
            cursor.CheckAtEnd();
        }
        finally
        {
            owner.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _dictionaries.Dispose();

    private Column ReadColumn(WireField field, BodyCursor cursor)
    {
        if (field.Kind == WireKind.Null)
            return TextDecoding.Nulls(cursor, field.Field.Name);
        NativeBuffer<byte>? validity = cursor.NextValidity(field.Field.Name);
        try
        {
            return field.Codes is not null ? CodeDecoding.Read(field, cursor, _dictionaries, validity)
                : field.Kind.IsText() ? TextDecoding.Read(field.Kind, cursor, field.Field.Name, validity)
                : ReadNumbers(field, cursor, validity);
        }
        catch
        {
            validity?.Dispose();
            throw;
        }
    }

    private static Column ReadNumbers(WireField field, BodyCursor cursor, NativeBuffer<byte>? validity)
    {
        (string name, int rows, BodyPart part) = (field.Field.Name, cursor.Rows, cursor.Next(field.Field.Name));
        PrimitiveColumn<T> Column<T>(NativeBuffer<T> values) where T : unmanaged => new(field.Field.Type, values, rows, validity);
        return field.Kind switch
        {
            WireKind.Boolean => new BooleanColumn(cursor.Borrow<byte>(part, Bitmap.ByteLength(rows), name), rows, validity),
            WireKind.Int8 => Column(cursor.Borrow<sbyte>(part, rows, name)),
            WireKind.Int16 => Column(cursor.Borrow<short>(part, rows, name)),
            WireKind.Int32 or WireKind.Date32 => Column(cursor.Borrow<int>(part, rows, name)),
            WireKind.Int64 or WireKind.Date64 or WireKind.TimestampMillis or WireKind.TimestampMicros => Column(cursor.Borrow<long>(part, rows, name)),
            WireKind.Float32 => Column(cursor.Borrow<float>(part, rows, name)),
            WireKind.Float64 => Column(cursor.Borrow<double>(part, rows, name)),
            WireKind.UInt8 => Column(NumberDecoding.Widen<byte, short>(cursor.View<byte>(part, rows, name))),
            WireKind.UInt16 => Column(NumberDecoding.Widen<ushort, int>(cursor.View<ushort>(part, rows, name))),
            WireKind.UInt32 => Column(NumberDecoding.Widen<uint, long>(cursor.View<uint>(part, rows, name))),
            WireKind.UInt64 => Column(Unsigned(field, cursor, part, validity)),
            WireKind.Float16 => Column(NumberDecoding.Widen<Half, float>(cursor.View<Half>(part, rows, name))),
            WireKind.TimestampSeconds => Column(Seconds(field, cursor, part, validity)),
            _ => Column(Nanos(field, cursor, part)),
        };
    }

    private static NativeBuffer<long> Unsigned(WireField field, BodyCursor cursor, BodyPart part, NativeBuffer<byte>? validity)
    {
        ReadOnlySpan<long> values = cursor.View<long>(part, cursor.Rows, field.Field.Name);
        int row = NumberDecoding.FirstBeyondInt64(values, Bits(validity));
        return row < 0 ? cursor.Borrow<long>(part, cursor.Rows, field.Field.Name)
            : throw IpcErrors.OutOfRange(cursor.Place, field.Field.Name, new Misfit(row, ((ulong)values[row]).ToString(CultureInfo.InvariantCulture), "at most 2^63 - 1"));
    }

    private static NativeBuffer<long> Seconds(WireField field, BodyCursor cursor, BodyPart part, NativeBuffer<byte>? validity)
    {
        ReadOnlySpan<long> seconds = cursor.View<long>(part, cursor.Rows, field.Field.Name);
        NativeBuffer<long> micros = NativeBuffer<long>.Allocate(cursor.Rows);
        int row = NumberDecoding.SecondsToMicros(seconds, Bits(validity), micros.Span);
        if (row < 0)
            return micros;
        micros.Dispose();
        throw IpcErrors.OutOfRange(cursor.Place, field.Field.Name, new Misfit(row, $"{seconds[row]} seconds", "a time in 64-bit microseconds, years -290308 to 294247"));
    }

    private static NativeBuffer<long> Nanos(WireField field, BodyCursor cursor, BodyPart part)
    {
        ReadOnlySpan<long> nanos = cursor.View<long>(part, cursor.Rows, field.Field.Name);
        NativeBuffer<long> micros = NativeBuffer<long>.Allocate(cursor.Rows);
        NumberDecoding.NanosToMicros(nanos, micros.Span);
        return micros;
    }

    private static ReadOnlySpan<byte> Bits(NativeBuffer<byte>? validity) => validity is null ? default : validity.Span;
}
