using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Models;

// Puts doubles together that were looked up byte by byte, for 64 rows, and adds them to sums: eight look-ups and 24 unpackings, where a gather would read every row's value by itself.
internal static unsafe partial class LeafValueKernel
{
    // Three unpackings leave row 8o + 2l + e of the block in output o, lane l, element e, when byte 16l + 2o + e was looked up for it.
    private static readonly AlignedArray<byte> s_order = MakeOrder();

    /// <summary>Lays the bytes of values out: [8][p] u8, byte b of each value in plane b.</summary>
    /// <param name="values">At most p.</param>
    /// <param name="target">[p] f64, room for the planes.</param>
    public static void LayPlanes(ReadOnlySpan<double> values, Span<double> target)
    {
        Span<byte> planes = MemoryMarshal.AsBytes(target);
        for (int i = 0; i < values.Length; i++)
        {
            ulong bits = BitConverter.DoubleToUInt64Bits(values[i]);
            for (int plane = 0; plane < sizeof(double); plane++)
                planes[plane * target.Length + i] = (byte)(bits >>> (8 * plane));
        }
    }

    /// <summary>The order that rows must be looked up in.</summary>
    public static Vector512<byte> PlaneOrder => Vector512.Load(s_order.Start);

    /// <summary>Adds the values.</summary>
    /// <param name="b0">Lowest byte of each row's value, rows in <see cref="PlaneOrder"/>; the others follow.</param>
    /// <param name="b1">Second.</param>
    /// <param name="b2">Third.</param>
    /// <param name="b3">Fourth.</param>
    /// <param name="b4">Fifth.</param>
    /// <param name="b5">Sixth.</param>
    /// <param name="b6">Seventh.</param>
    /// <param name="b7">Highest byte.</param>
    /// <param name="sums">[64] f64.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddPlanes(Vector512<byte> b0, Vector512<byte> b1, Vector512<byte> b2, Vector512<byte> b3, Vector512<byte> b4, Vector512<byte> b5, Vector512<byte> b6, Vector512<byte> b7, double* sums)
    {
        Vector512<ushort> low01 = Avx512BW.UnpackLow(b0, b1).AsUInt16(), low23 = Avx512BW.UnpackLow(b2, b3).AsUInt16();
        Vector512<ushort> high01 = Avx512BW.UnpackHigh(b0, b1).AsUInt16(), high23 = Avx512BW.UnpackHigh(b2, b3).AsUInt16();
        Vector512<ushort> low45 = Avx512BW.UnpackLow(b4, b5).AsUInt16(), low67 = Avx512BW.UnpackLow(b6, b7).AsUInt16();
        Vector512<ushort> high45 = Avx512BW.UnpackHigh(b4, b5).AsUInt16(), high67 = Avx512BW.UnpackHigh(b6, b7).AsUInt16();
        AddHalf(low01, low23, low45, low67, sums);
        AddHalf(high01, high23, high45, high67, sums + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddHalf(Vector512<ushort> words01, Vector512<ushort> words23, Vector512<ushort> words45, Vector512<ushort> words67, double* sums)
    {
        Vector512<uint> first = Avx512BW.UnpackLow(words01, words23).AsUInt32(), firstTop = Avx512BW.UnpackLow(words45, words67).AsUInt32();
        AddValues(Avx512F.UnpackLow(first, firstTop), sums);
        AddValues(Avx512F.UnpackHigh(first, firstTop), sums + 8);
        Vector512<uint> second = Avx512BW.UnpackHigh(words01, words23).AsUInt32(), secondTop = Avx512BW.UnpackHigh(words45, words67).AsUInt32();
        AddValues(Avx512F.UnpackLow(second, secondTop), sums + 16);
        AddValues(Avx512F.UnpackHigh(second, secondTop), sums + 24);
    }

    private static void AddValues(Vector512<uint> values, double* sums) => (Vector512.Load(sums) + values.AsDouble()).Store(sums);

    private static AlignedArray<byte> MakeOrder()
    {
        var order = new AlignedArray<byte>(64);
        for (int place = 0; place < order.Length; place++)
            order.Start[place] = (byte)(8 * (place % 16 / 2) + 2 * (place / 16) + place % 2);
        return order;
    }
}
