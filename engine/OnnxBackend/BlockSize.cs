namespace ChurnEngine.OnnxBackend;

/// <summary>How many rows a call of the runtime takes. The first calls of a job try some sizes on its own rows, under its own load, and the fastest is kept: no row is run for the probe alone.</summary>
/// <remarks>The outputs do not depend on it: the trees of a row are summed in the same order in a block of any size. Thread-safe. Memory: allocates nothing after it is made.</remarks>
internal sealed class BlockSize
{
    /// <summary>What is taken before anything was measured: enough rows to spread the fixed cost of a call, few enough to stay in the cache.</summary>
    public const int Default = 8192;

    /// <summary>The fastest of so many calls counts for a size: another process only ever makes a call slower.</summary>
    public const int Rounds = 3;

    // A larger block must be worth its memory.
    private const double LeastGain = 0.02;

    private readonly Lock _lock = new();
    private readonly double[] _ticksPerRow = new double[Sizes.Length];
    private readonly int[] _given = new int[Sizes.Length];
    private readonly int[] _done = new int[Sizes.Length];
    private readonly bool _isFixed;
    private int _measuredUpTo = -1;
    private volatile int _rows;

    private BlockSize(int rows, bool isFixed)
    {
        (_rows, _isFixed) = (rows, isFixed);
        Array.Fill(_ticksPerRow, double.PositiveInfinity);
    }

    /// <summary>The sizes that are tried, ascending, each twice the one before.</summary>
    public static int[] Sizes { get; } = [2048, 4096, 8192, 16_384, 32_768];

    /// <summary>Rows a call at present.</summary>
    public int Rows => _rows;

    /// <summary>What was measured, for the next run; null while nothing is that is worth it, or when it was not measured by this one.</summary>
    public MeasuredBlock? Finding { get; private set; }

    /// <summary>Tries sizes, unless an earlier run did.</summary>
    /// <param name="known">What that run found; null for none.</param>
    public static BlockSize Probe(MeasuredBlock? known) => known is null
        ? new BlockSize(Default, isFixed: false)
        : new BlockSize(known.Rows, isFixed: false) { _measuredUpTo = Array.IndexOf(Sizes, known.UpTo) };

    /// <summary>Takes one size and tries no other.</summary>
    /// <param name="rows">1 and up.</param>
    public static BlockSize Fixed(int rows) => new(rows, isFixed: true);

    /// <summary>Rows of the next call.</summary>
    /// <param name="rowsLeft">Rows still to be run, 1 and up.</param>
    /// <param name="rowsAtFirst">Rows of the caller's whole request: no size beyond them is tried.</param>
    /// <param name="size">Number of the size on trial, to be handed to <see cref="Report"/>; -1 for none.</param>
    public int Next(int rowsLeft, int rowsAtFirst, out int size)
    {
        size = -1;
        if (_isFixed || Largest(rowsAtFirst) <= Volatile.Read(ref _measuredUpTo))
            return Math.Min(_rows, rowsLeft);
        lock (_lock)
        {
            for (int i = 0; i <= Largest(rowsLeft); i++)
            {
                if (_given[i] < Rounds && (size < 0 || _given[i] < _given[size]))
                    size = i;
            }
            if (size >= 0)
                _given[size]++;
        }
        return Math.Min(size < 0 ? _rows : Sizes[size], rowsLeft);
    }

    /// <summary>Tells how long the call took.</summary>
    /// <param name="size">As <see cref="Next"/> gave it; -1 is not counted.</param>
    /// <param name="rows">Rows of the call.</param>
    /// <param name="ticks">Its duration, in any unit that stays the same.</param>
    public void Report(int size, int rows, long ticks)
    {
        if (size < 0)
            return;
        lock (_lock)
        {
            _ticksPerRow[size] = Math.Min(_ticksPerRow[size], (double)ticks / rows);
            _done[size]++;
            int upTo = -1;
            // Sizes are measured from the least, so the first that is not ends what can be compared.
            while (upTo + 1 < Sizes.Length && _done[upTo + 1] >= Rounds)
                upTo++;
            if (upTo <= _measuredUpTo)
                return;
            _rows = Sizes[Fastest(upTo)];
            // One size alone was compared with nothing.
            if (upTo > 0)
                Finding = new MeasuredBlock(_rows, Sizes[upTo]);
            Volatile.Write(ref _measuredUpTo, upTo);
        }
    }

    private int Fastest(int upTo)
    {
        int fastest = 0;
        for (int i = 1; i <= upTo; i++)
        {
            if (_ticksPerRow[i] < _ticksPerRow[fastest] * (1 - LeastGain))
                fastest = i;
        }
        return fastest;
    }

    // The largest size of which so many rows fill more than half; -1 for none.
    private static int Largest(int rows)
    {
        int size = -1;
        while (size + 1 < Sizes.Length && rows > Sizes[size + 1] / 2)
            size++;
        return size;
    }
}

/// <summary>What a probe found.</summary>
/// <param name="Rows">The fastest of <see cref="BlockSize.Sizes"/>.</param>
/// <param name="UpTo">The largest that was tried.</param>
internal sealed record MeasuredBlock(int Rows, int UpTo);
