using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ChurnEngine.Columns;

namespace ChurnEngine.Bench;

/// <summary>The simplest loops that keep one part of a core busy: what they reach is what the machine can do.</summary>
/// <remarks>Each runs over a working set of fixed size and returns how much it did: bytes read and written, or operations.</remarks>
internal sealed unsafe class MemoryProbe : IDisposable
{
    private const int LineBytes = 64, Bins = 256, Tables = 8, Rows = 1 << 10;
    private readonly NativeBuffer<long> _data;
    private readonly NativeBuffer<uint> _order;
    private readonly NativeBuffer<byte> _bins = NativeBuffer<byte>.Allocate(Rows * Tables);
    private readonly long _words;
    private readonly string _level;
    private readonly int _orderCount, _piece;
    private int _next;
    private long _at;
    private long _sink;

    /// <summary>Allocates and touches the working set on the calling thread, so that its memory is near the core that will read it.</summary>
    public MemoryProbe(string level, long bytes)
    {
        // A power of two, so that an index is a mask.
        _words = 1L << System.Numerics.BitOperations.Log2((ulong)bytes / sizeof(long));
        _level = level;
        _data = NativeBuffer<long>.AllocateZeroed(_words);
        // As many addresses as keep a level's lines from being met again while the level below still holds them, and few enough to be read past it.
        _orderCount = level switch { MachineLimit.L1 => 1 << 12, MachineLimit.L2 => 1 << 15, MachineLimit.L3 => 1 << 20, _ => 1 << 22 };
        _piece = Math.Min(_orderCount, 1 << 18);
        _order = NativeBuffer<uint>.Allocate(_orderCount);
        var random = new Random(7);
        for (int i = 0; i < _orderCount; i++)
            _order[i] = (uint)random.NextInt64(_words);
        random.NextBytes(_bins.Span);
    }

    /// <summary>Does one piece of an operation; some microseconds to milliseconds.</summary>
    public double Run(string operation) => operation switch
    {
        MachineLimit.Read => Read(),
        MachineLimit.Copy => Copy(),
        MachineLimit.RandomRead => RandomRead(),
        MachineLimit.ChainedRead => ChainedRead(),
        MachineLimit.ScatterAdd => _level == MachineLimit.L1 ? HistogramAdd() : ScatterAdd(),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    /// <summary>Links the cache lines of the working set into one cycle in random order.</summary>
    public void LinkLines()
    {
        int lines = (int)(_words * sizeof(long) / LineBytes), words = LineBytes / sizeof(long);
        uint[] order = [.. Enumerable.Range(0, lines).Select(i => (uint)i)];
        new Random(7).Shuffle(order);
        _at = 0;
        for (int i = 0; i < lines; i++)
            _data[(long)order[i] * words] = (long)order[(i + 1) % lines] * words;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Read, so that no loop above can be left out.
        GC.KeepAlive(_sink);
        _data.Dispose();
        _order.Dispose();
        _bins.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Read()
    {
        long* data = _data.Pointer;
        Vector512<long> a = default, b = default, c = default, d = default;
        for (long i = 0; i + 32 <= _words; i += 32)
        {
            a += Vector512.Load(data + i);
            b += Vector512.Load(data + i + 8);
            c += Vector512.Load(data + i + 16);
            d += Vector512.Load(data + i + 24);
        }
        _sink += Vector512.Sum(a + b + c + d);
        return (double)_words * sizeof(long);
    }

    private double Copy()
    {
        long half = _words / 2 * sizeof(long);
        Buffer.MemoryCopy(_data.Pointer, (byte*)_data.Pointer + half, half, half);
        return 2.0 * half;
    }

    // Addresses do not depend on what is read, so many reads are under way at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double RandomRead()
    {
        long* data = _data.Pointer;
        uint* order = NextPiece();
        long a = 0, b = 0, c = 0, d = 0;
        for (int i = 0; i < _piece; i += 4)
        {
            a += data[order[i]];
            b += data[order[i + 1]];
            c += data[order[i + 2]];
            d += data[order[i + 3]];
        }
        _sink += a + b + c + d;
        return _piece;
    }

    // Each address is what the last read gave: the time of one read is its latency.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double ChainedRead()
    {
        const int Steps = 1 << 13;
        long* data = _data.Pointer;
        long at = _at;
        for (int i = 0; i < Steps; i++)
            at = data[at];
        _at = at;
        return Steps;
    }

    // Histograms of eight features at once, bins of a byte, one 64-bit add an update: the fastest form known here (facts: 0.24 ns).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double HistogramAdd()
    {
        long* tables = stackalloc long[Tables * Bins];
        new Span<long>(tables, Tables * Bins).Clear();
        byte* bins = _bins.Pointer;
        for (int row = 0; row < Rows * Tables; row += Tables)
        {
            long gradient = row;
            tables[(nuint)bins[row]] += gradient;
            tables[(nuint)bins[row + 1] + Bins] += gradient;
            tables[(nuint)bins[row + 2] + 2 * Bins] += gradient;
            tables[(nuint)bins[row + 3] + 3 * Bins] += gradient;
            tables[(nuint)bins[row + 4] + 4 * Bins] += gradient;
            tables[(nuint)bins[row + 5] + 5 * Bins] += gradient;
            tables[(nuint)bins[row + 6] + 6 * Bins] += gradient;
            tables[(nuint)bins[row + 7] + 7 * Bins] += gradient;
        }
        _sink += tables[1];
        return Rows * Tables;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double ScatterAdd()
    {
        long* data = _data.Pointer;
        uint* order = NextPiece();
        for (int i = 0; i < _piece; i += 4)
        {
            data[order[i]]++;
            data[order[i + 1]]++;
            data[order[i + 2]]++;
            data[order[i + 3]]++;
        }
        return _piece;
    }

    private uint* NextPiece()
    {
        uint* piece = _order.Pointer + _next;
        _next = (_next + _piece) % _orderCount;
        return piece;
    }
}
