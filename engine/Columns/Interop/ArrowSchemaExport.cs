using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace ChurnEngine.Columns;

/// <summary>Hands schemas to another library through the Arrow C data interface.</summary>
public static unsafe class ArrowSchemaExport
{
    /// <summary>Fills a struct schema; whoever holds it calls its release once.</summary>
    /// <param name="schema">Names and types; nothing of it is referred to afterwards.</param>
    /// <param name="target">Overwritten.</param>
    /// <remarks>Memory: each schema, child and dictionary is one native block of its own, so that a consumer may move any of them out.
    /// Source: Arrow specification, "The Arrow C data interface", "Moving an array", which holds for schemas too.</remarks>
    public static void Write(Schema schema, ArrowCSchema* target)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(target);
        Fill(target, "+s", "", 0, schema.Fields.Count);
        for (int i = 0; i < schema.Fields.Count; i++)
        {
            Field field = schema.Fields[i];
            ArrowCSchema* child = target->Children[i];
            Fill(child, field.Type.ArrowFormat(), field.Name, field.Nullable ? ArrowCSchema.NullableFlag : 0, 0);
            if (field.Type != ColumnType.Dictionary)
                continue;
            child->Dictionary = (ArrowCSchema*)NativeMemory.Alloc((nuint)sizeof(ArrowCSchema));
            Fill(child->Dictionary, ColumnType.Utf8.ArrowFormat(), "", ArrowCSchema.NullableFlag, 0);
        }
    }

    // One block: [child pointers][child structs][format text][name text], with zeros after each text.
    private static void Fill(ArrowCSchema* target, string format, string name, long flags, int children)
    {
        int pointers = children * sizeof(ArrowCSchema*);
        int structs = children * sizeof(ArrowCSchema);
        int formatBytes = Encoding.UTF8.GetByteCount(format) + 1;
        int nameBytes = Encoding.UTF8.GetByteCount(name) + 1;
        byte* block = (byte*)NativeMemory.AllocZeroed((nuint)(pointers + structs + formatBytes + nameBytes));
        byte* text = block + pointers + structs;
        Encoding.UTF8.GetBytes(format, new Span<byte>(text, formatBytes));
        Encoding.UTF8.GetBytes(name, new Span<byte>(text + formatBytes, nameBytes));
        *target = new ArrowCSchema
        {
            Format = text,
            Name = text + formatBytes,
            Flags = flags,
            ChildCount = children,
            Children = children == 0 ? null : (ArrowCSchema**)block,
            Release = &Release,
            PrivateData = block,
        };
        for (int i = 0; i < children; i++)
            target->Children[i] = (ArrowCSchema*)(block + pointers) + i;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(ArrowCSchema* schema)
    {
        for (int i = 0; i < schema->ChildCount; i++)
            ArrowCSchema.ReleaseOnce(schema->Children[i]);
        if (schema->Dictionary != null)
        {
            ArrowCSchema.ReleaseOnce(schema->Dictionary);
            NativeMemory.Free(schema->Dictionary);
        }
        NativeMemory.Free(schema->PrivateData);
        schema->Release = null;
    }
}
