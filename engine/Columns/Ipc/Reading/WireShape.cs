namespace ChurnEngine.Columns;

/// <summary>What a column takes of a batch, whatever its type: so that columns that nobody asked for can be passed over.</summary>
/// <param name="Nodes">Its own node, and those of the columns inside it.</param>
/// <param name="Buffers">Its buffers, without those of text that a view refers to.</param>
/// <param name="Views">Views among them: each has a count of further buffers.</param>
/// <remarks>Source: Arrow columnar format, "Buffer Listing for Each Layout".</remarks>
internal readonly record struct WireShape(int Nodes, int Buffers, int Views)
{
    // Deeper and more than any table, and far from the end of the stack: offsets of a hostile file may lead in a circle, or many ways to one place.
    private const int MostLevels = 64;
    private const int MostFields = 1 << 16;

    /// <summary>The shape of a field, as Schema.fbs numbers types.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> for a type of a later version of the format, whose buffers nobody here knows.</remarks>
    public static WireShape Of(FlatTable field, IpcPlace place)
    {
        int left = MostFields;
        return Of(field, place, 0, ref left);
    }

    private static WireShape Of(FlatTable field, IpcPlace place, int level, ref int left)
    {
        byte type = field.Byte(2);
        // In a batch stand the codes alone.
        if (field.Table(4) is not null)
            return new WireShape(1, 2, 0);
        int own = type switch
        {
            1 or 22 => 0,
            13 or 16 => 1,
            14 => field.Table(3)?.Int16(0) == 1 ? 2 : 1,
            4 or 5 or 19 or 20 or 25 or 26 => 3,
            2 or 3 or (>= 6 and <= 12) or 15 or 17 or 18 or 21 or 23 or 24 => 2,
            0 => throw IpcErrors.BadMetadata(place, $"column '{field.Text(0)}' has no type"),
            _ => throw IpcErrors.UnsupportedType(place.Source, field.Text(0) ?? "", WireSchema.TypeName(type)),
        };
        var shape = new WireShape(1, own, type is 23 or 24 ? 1 : 0);
        FlatVector children = field.Vector(5, 4);
        if (level == MostLevels || (left -= children.Count) < 0)
            throw IpcErrors.BadMetadata(place, $"columns inside column '{field.Text(0)}' are more than {MostLevels} deep, or more than {MostFields}");
        for (int i = 0; i < children.Count; i++)
        {
            WireShape inner = Of(children.Table(i), place, level + 1, ref left);
            shape = new WireShape(checked(shape.Nodes + inner.Nodes), checked(shape.Buffers + inner.Buffers), checked(shape.Views + inner.Views));
        }
        return shape;
    }
}
