using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Models;

/// <summary>Adds, to the margin of each row, the value of the leaf that the row ended in.</summary>
internal static unsafe class LeafValueKernel
{
    /// <summary>Leaves whose values one register of bytes can tell apart.</summary>
    public const int MostLeaves = 64;

    /// <summary>Doubles of a tree's table: the values, then the same bytes again as planes.</summary>
    public const int TableLength = 2 * MostLeaves;

    // Three unpackings leave row 8o + 2l + e of the block in output o, lane l, element e, when byte 16l + 2o + e was looked up for it.
    private static readonly AlignedArray<byte> s_order = Order();

    /// <summary>Lays the values of a tree of at most 64 leaves out: [64] f64, then [8][64] u8, byte b of each value in plane b.</summary>
    public static void Lay(ReadOnlySpan<double> values, Span<double> table)
    {
        table.Clear();
        values.CopyTo(table);
        Span<byte> planes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(table[MostLeaves..]);
        for (int leaf = 0; leaf < values.Length; leaf++)
        {
            ulong bits = BitConverter.DoubleToUInt64Bits(values[leaf]);
            for (int plane = 0; plane < sizeof(double); plane++)
                planes[plane * MostLeaves + leaf] = (byte)(bits >>> (8 * plane));
        }
    }

    /// <summary>Shape: leaves [n] u8, table of <see cref="Lay"/>, margins [n] f64 -> margins. Equality: exact. Whole vectors are read and written: up to 63 rows beyond.</summary>
    /// <remarks>Eight look-ups of 64 rows each, and 24 unpackings that put the bytes of each row's value together; a gather would read every row's value by itself.</remarks>
    public static void Run(byte* leaves, double* table, double* margins, int count)
    {
        if (!Avx512Vbmi.IsSupported)
        {
            Scalar(leaves, table, margins, count);
            return;
        }
        byte* planes = (byte*)(table + MostLeaves);
        Vector512<byte> order = Vector512.Load(s_order.Start);
        Vector512<byte> p0 = Vector512.Load(planes), p1 = Vector512.Load(planes + 64), p2 = Vector512.Load(planes + 128), p3 = Vector512.Load(planes + 192);
        Vector512<byte> p4 = Vector512.Load(planes + 256), p5 = Vector512.Load(planes + 320), p6 = Vector512.Load(planes + 384), p7 = Vector512.Load(planes + 448);
        for (int row = 0; row < count; row += 64)
        {
            Vector512<byte> leaf = Avx512Vbmi.PermuteVar64x8(Vector512.Load(leaves + row), order);
            Vector512<byte> b0 = Avx512Vbmi.PermuteVar64x8(p0, leaf), b1 = Avx512Vbmi.PermuteVar64x8(p1, leaf), b2 = Avx512Vbmi.PermuteVar64x8(p2, leaf), b3 = Avx512Vbmi.PermuteVar64x8(p3, leaf);
            Vector512<ushort> low01 = Avx512BW.UnpackLow(b0, b1).AsUInt16(), low23 = Avx512BW.UnpackLow(b2, b3).AsUInt16();
            Vector512<ushort> high01 = Avx512BW.UnpackHigh(b0, b1).AsUInt16(), high23 = Avx512BW.UnpackHigh(b2, b3).AsUInt16();
            Vector512<byte> b4 = Avx512Vbmi.PermuteVar64x8(p4, leaf), b5 = Avx512Vbmi.PermuteVar64x8(p5, leaf), b6 = Avx512Vbmi.PermuteVar64x8(p6, leaf), b7 = Avx512Vbmi.PermuteVar64x8(p7, leaf);
            Vector512<ushort> low45 = Avx512BW.UnpackLow(b4, b5).AsUInt16(), low67 = Avx512BW.UnpackLow(b6, b7).AsUInt16();
            Vector512<ushort> high45 = Avx512BW.UnpackHigh(b4, b5).AsUInt16(), high67 = Avx512BW.UnpackHigh(b6, b7).AsUInt16();
            AddFour(low01, low23, low45, low67, margins + row);
            AddFour(high01, high23, high45, high67, margins + row + 32);
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(byte* leaves, double* table, double* margins, int count)
    {
        for (int row = 0; row < count; row++)
            margins[row] += table[leaves[row]];
    }

    private static void AddFour(Vector512<ushort> words01, Vector512<ushort> words23, Vector512<ushort> words45, Vector512<ushort> words67, double* margins)
    {
        Vector512<uint> first = Avx512BW.UnpackLow(words01, words23).AsUInt32(), firstTop = Avx512BW.UnpackLow(words45, words67).AsUInt32();
        Add(Avx512F.UnpackLow(first, firstTop), margins);
        Add(Avx512F.UnpackHigh(first, firstTop), margins + 8);
        Vector512<uint> second = Avx512BW.UnpackHigh(words01, words23).AsUInt32(), secondTop = Avx512BW.UnpackHigh(words45, words67).AsUInt32();
        Add(Avx512F.UnpackLow(second, secondTop), margins + 16);
        Add(Avx512F.UnpackHigh(second, secondTop), margins + 24);
    }

    private static void Add(Vector512<uint> values, double* margins) => (Vector512.Load(margins) + values.AsDouble()).Store(margins);

    private static AlignedArray<byte> Order()
    {
        var order = new AlignedArray<byte>(64);
        for (int place = 0; place < order.Length; place++)
            order.Start[place] = (byte)(8 * (place % 16 / 2) + 2 * (place / 16) + place % 2);
        return order;
    }
}
