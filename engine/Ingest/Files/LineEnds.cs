using ChurnEngine.Columns;

namespace ChurnEngine.Ingest.Files;

/// <summary>Finds files that mix line ends, as files edited on two systems do, and copies them with one: DuckDB stops at the first other one, and
/// its lenient mode would drop cells in silence.</summary>
internal static class LineEnds
{
    private const int BlockBytes = 1 << 18;

    [Flags]
    private enum Kinds
    {
        None = 0,
        Lf = 1,
        CrLf = 2,
        Cr = 4,
    }

    /// <summary>The path to read: the file's own, or that of a copy in <paramref name="folder"/>, unpacked and with LF throughout, when its line ends are mixed.</summary>
    /// <remarks>A line break inside quotes is no line end, and stays.</remarks>
    public static string Readable(SourceFile file, string folder)
    {
        if (!AreMixed(file))
            return file.Path;
        FileChanges.CreateFolder(folder);
        string copy = Path.Combine(folder, $"{Guid.NewGuid():N}.csv");
        using Stream from = file.OpenBytes();
        using FileStream to = FileChanges.Create(copy);
        Walk(from, to);
        return copy;
    }

    private static bool AreMixed(SourceFile file)
    {
        using Stream stream = file.OpenBytes();
        Kinds kinds = Walk(stream, null);
        return (kinds & (kinds - 1)) != 0;
    }

    private static Kinds Walk(Stream from, Stream? to)
    {
        byte[] block = new byte[BlockBytes];
        byte[] changed = to is null ? [] : new byte[BlockBytes];
        var place = new Place();
        for (int length = from.Read(block); length > 0; length = from.Read(block))
        {
            if (to is null)
                place.Look(block.AsSpan(0, length));
            else
                to.Write(changed.AsSpan(0, place.Change(block.AsSpan(0, length), changed)));
            if (to is null && (place.Seen & (place.Seen - 1)) != 0)
                break;
        }
        return place.Seen | (place.AfterCr ? Kinds.Cr : Kinds.None);
    }

    private struct Place
    {
        private bool _quoted;

        public Kinds Seen;

        /// <summary>A CR outside quotes was the last byte; whether it ends a line alone is not known yet.</summary>
        public bool AfterCr;

        public void Look(ReadOnlySpan<byte> block)
        {
            if (!AfterCr && !block.Contains((byte)'\r'))
            {
                // The common case at the speed of memory. A line break inside a quoted cell counts too, which at worst costs a copy.
                if (block.Contains((byte)'\n'))
                    Seen |= Kinds.Lf;
                _quoted ^= (block.Count((byte)'"') & 1) != 0;
                return;
            }
            foreach (byte b in block)
                Next(b);
        }

        public int Change(ReadOnlySpan<byte> block, Span<byte> into)
        {
            int length = 0;
            foreach (byte b in block)
            {
                bool endsPair = AfterCr && b == '\n';
                Next(b);
                if (!endsPair)
                    into[length++] = AfterCr ? (byte)'\n' : b;
            }
            return length;
        }

        private void Next(byte b)
        {
            if (AfterCr)
            {
                AfterCr = false;
                Seen |= b == '\n' ? Kinds.CrLf : Kinds.Cr;
                if (b == '\n')
                    return;
            }
            if (b == '"')
                _quoted = !_quoted;
            else if (b == '\r' && !_quoted)
                AfterCr = true;
            else if (b == '\n' && !_quoted)
                Seen |= Kinds.Lf;
        }
    }
}
