using System.Runtime.InteropServices;

namespace ChurnEngine.Columns;

/// <summary>Takes batches that another library hands over through the Arrow C data interface, without copying values.</summary>
/// <remarks>What is copied: bitmaps (validity, booleans) whose first bit is not on a byte boundary.</remarks>
public static unsafe class ArrowBatchImport
{
    /// <summary>Moves a struct array into a batch.</summary>
    /// <param name="source">Taken over: its release becomes null at once, and the producer's release is called once, when the last column is disposed,
    /// or before this method throws.</param>
    /// <param name="schema">What <see cref="ArrowSchemaImport.Read"/> said of the same array.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> when the array is malformed or does not fit the schema.</remarks>
    public static RecordBatch Take(ArrowCArray* source, Schema schema)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(schema);
        if (source->IsReleased)
            throw InteropErrors.Released();
        var array = (ArrowCArray*)NativeMemory.Alloc((nuint)sizeof(ArrowCArray));
        *array = *source;
        source->Release = null;
        var owner = new ForeignMemory(() =>
        {
            ArrowCArray.ReleaseOnce(array);
            NativeMemory.Free(array);
        });
        var columns = new List<Column>(schema.Fields.Count);
        try
        {
            CheckStruct(array, schema);
            for (int i = 0; i < schema.Fields.Count; i++)
                columns.Add(Column(array->Children[i], schema.Fields[i], new Window(array->Offset, (int)array->Length), owner));
            return new RecordBatch(schema, columns, (int)array->Length);
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

    private static void CheckStruct(ArrowCArray* array, Schema schema)
    {
        if (array->Length is < 0 or > int.MaxValue)
            throw InteropErrors.Malformed("", $"{array->Length} rows");
        if (array->ChildCount != schema.Fields.Count)
            throw InteropErrors.Malformed("", $"{array->ChildCount} columns, and a schema of {schema.Fields.Count}");
        if (array->NullCount == 0 || array->BufferCount == 0 || array->Buffers[0] == null)
            return;
        using NativeBuffer<byte>? validity = Bits((byte*)array->Buffers[0], new Window(array->Offset, (int)array->Length), new ForeignMemory(() => { }));
        int nulls = (int)array->Length - Bitmap.CountSet(validity.Span, (int)array->Length);
        if (nulls != 0)
            throw InteropErrors.NullRows(nulls);
    }

    private static Column Column(ArrowCArray* array, Field field, Window parent, ForeignMemory owner)
    {
        // The struct's own offset moves the window over its children, on top of theirs.
        var rows = new Window(parent.Offset + array->Offset, parent.Length);
        int buffers = field.Type == ColumnType.Utf8 ? 3 : 2;
        if (array->BufferCount != buffers)
            throw InteropErrors.Malformed(field.Name, $"{array->BufferCount} buffers where {field.Type} has {buffers}");
        if (array->Length < parent.Offset + parent.Length)
            throw InteropErrors.Malformed(field.Name, $"{array->Length} rows, fewer than the struct's {parent.Offset + parent.Length}");
        NativeBuffer<byte>? validity = array->NullCount == 0 || array->Buffers[0] == null ? null : Bits((byte*)array->Buffers[0], rows, owner);
        try
        {
            return field.Type switch
            {
                ColumnType.Boolean => new BooleanColumn(Bits((byte*)Data(array, field, rows), rows, owner), rows.Length, validity),
                ColumnType.Int8 => Primitive<sbyte>(array, field, rows, owner, validity),
                ColumnType.Int16 => Primitive<short>(array, field, rows, owner, validity),
                ColumnType.Int32 or ColumnType.Date32 => Primitive<int>(array, field, rows, owner, validity),
                ColumnType.Int64 or ColumnType.TimestampMillis or ColumnType.TimestampMicros => Primitive<long>(array, field, rows, owner, validity),
                ColumnType.Float32 => Primitive<float>(array, field, rows, owner, validity),
                ColumnType.Float64 => Primitive<double>(array, field, rows, owner, validity),
                ColumnType.Utf8 => Text(array, field, rows, owner, validity),
                ColumnType.Dictionary => Coded(array, field, rows, owner, validity),
                _ => throw InteropErrors.UnknownFormat(field.Name, field.Type.ToString()),
            };
        }
        catch
        {
            validity?.Dispose();
            throw;
        }
    }

    private static PrimitiveColumn<T> Primitive<T>(ArrowCArray* array, Field field, Window rows, ForeignMemory owner, NativeBuffer<byte>? validity) where T : unmanaged =>
        new(field.Type, Values<T>(array, field, rows, owner), rows.Length, validity);

    private static Utf8Column Text(ArrowCArray* array, Field field, Window rows, ForeignMemory owner, NativeBuffer<byte>? validity)
    {
        // An empty array may come without offsets; ours always has the first.
        if (rows.Length == 0)
            return new Utf8Column(NativeBuffer<int>.AllocateZeroed(1), NativeBuffer<byte>.Allocate(0), 0, validity);
        int* offsets = (int*)Data(array, field, rows) + rows.Offset;
        int end = offsets[rows.Length];
        if (offsets[0] < 0 || end < offsets[0] || (end > offsets[0] && array->Buffers[2] == null))
            throw InteropErrors.Malformed(field.Name, $"text offsets from {offsets[0]} to {end}");
        return new Utf8Column(NativeBuffer<int>.Borrow(offsets, rows.Length + 1L, owner), NativeBuffer<byte>.Borrow((byte*)array->Buffers[2], end, owner), rows.Length, validity);
    }

    private static DictionaryColumn Coded(ArrowCArray* array, Field field, Window rows, ForeignMemory owner, NativeBuffer<byte>? validity)
    {
        if (array->Dictionary == null)
            throw InteropErrors.Malformed(field.Name, "codes without a dictionary");
        var entries = new Window(0, checked((int)array->Dictionary->Length));
        var dictionary = (Utf8Column)Column(array->Dictionary, new Field(field.Name, ColumnType.Utf8), entries, owner);
        try
        {
            return new DictionaryColumn(Values<int>(array, field, rows, owner), dictionary, rows.Length, validity);
        }
        catch
        {
            dictionary.Dispose();
            throw;
        }
    }

    private static NativeBuffer<T> Values<T>(ArrowCArray* array, Field field, Window rows, ForeignMemory owner) where T : unmanaged =>
        NativeBuffer<T>.Borrow((T*)Data(array, field, rows) + rows.Offset, rows.Length, owner);

    private static void* Data(ArrowCArray* array, Field field, Window rows) =>
        array->Buffers[1] != null || rows.Length == 0 ? array->Buffers[1] : throw InteropErrors.Malformed(field.Name, "no values");

    private static NativeBuffer<byte> Bits(byte* bitmap, Window rows, ForeignMemory owner)
    {
        byte* first = bitmap + (rows.Offset >>> 3);
        int shift = (int)(rows.Offset & 7);
        if (shift == 0 || rows.Length == 0)
            return NativeBuffer<byte>.Borrow(first, Bitmap.ByteLength(rows.Length), owner);
        NativeBuffer<byte> copy = NativeBuffer<byte>.Allocate(Bitmap.ByteLength(rows.Length));
        Bitmap.Copy(new ReadOnlySpan<byte>(first, Bitmap.ByteLength(shift + rows.Length)), shift, rows.Length, copy.Span);
        return copy;
    }

    private readonly record struct Window(long Offset, int Length);
}
