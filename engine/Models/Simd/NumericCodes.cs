namespace ChurnEngine.Models;

/// <summary>The columns of codes of one numeric feature: a pair for every 254 of its thresholds, of which only those are made that a test reads.</summary>
/// <remarks>A slice of the thresholds is enough for each of its tests: a value below or above all of the slice has its least or its largest code.</remarks>
internal sealed unsafe class NumericCodes
{
    private const int None = -1;
    private readonly float[] _thresholds;
    private readonly (int Low, int High)[] _columns;
    private readonly AlignedArray<float> _tables;

    /// <param name="thresholds">Of all tests of the feature; any order, no NaN.</param>
    public NumericCodes(IEnumerable<float> thresholds)
    {
        // -0 and 0 are equal to every comparison, and to Distinct.
        _thresholds = [.. thresholds.Distinct().Order()];
        _columns = new (int, int)[(_thresholds.Length + ThresholdCountKernel.MostThresholds - 1) / ThresholdCountKernel.MostThresholds];
        _columns.AsSpan().Fill((None, None));
        _tables = new AlignedArray<float>(_columns.Length * ThresholdCountKernel.TableLength);
        for (int slice = 0; slice < _columns.Length; slice++)
            ThresholdCountKernel.Lay(Slice(slice), _tables.Span.Slice(slice * ThresholdCountKernel.TableLength, ThresholdCountKernel.TableLength));
    }

    /// <summary>Makes sure that the column exists which a test reads; a new one takes the number <paramref name="next"/>.</summary>
    public void Claim(float threshold, bool missingGoesLeft, ref int next)
    {
        ref (int Low, int High) pair = ref _columns[IndexOf(threshold) / ThresholdCountKernel.MostThresholds];
        ref int column = ref missingGoesLeft ? ref pair.Low : ref pair.High;
        if (column == None)
            column = next++;
    }

    /// <summary>The column that a test reads, and the code above which a row goes right.</summary>
    public (int Column, sbyte Test) Find(float threshold, bool missingGoesLeft)
    {
        int index = IndexOf(threshold), within = index % ThresholdCountKernel.MostThresholds;
        (int low, int high) = _columns[index / ThresholdCountKernel.MostThresholds];
        return missingGoesLeft ? (low, ThresholdCountKernel.LowTest(within)) : (high, ThresholdCountKernel.HighTest(within));
    }

    /// <summary>Makes the codes of a block.</summary>
    /// <param name="values">[count] f32, NaN where missing.</param>
    /// <param name="count">1 to 256.</param>
    /// <param name="workspace">Where the columns lie.</param>
    /// <param name="layout">How.</param>
    public void Encode(float* values, int count, byte* workspace, BlockLayout layout)
    {
        for (int slice = 0; slice < _columns.Length; slice++)
        {
            (int low, int high) = _columns[slice];
            var targets = new CodeTargets(low == None ? null : (sbyte*)workspace + layout.Codes(low), high == None ? null : (sbyte*)workspace + layout.Codes(high));
            ThresholdCountKernel.Run(values, _tables.Start + slice * ThresholdCountKernel.TableLength, Slice(slice).Length, targets, count);
        }
    }

    private int IndexOf(float threshold) => Array.BinarySearch(_thresholds, threshold);

    private ReadOnlySpan<float> Slice(int slice)
    {
        int first = slice * ThresholdCountKernel.MostThresholds;
        return _thresholds.AsSpan(first, Math.Min(ThresholdCountKernel.MostThresholds, _thresholds.Length - first));
    }
}
