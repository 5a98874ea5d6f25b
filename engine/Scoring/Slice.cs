using System.Globalization;

namespace ChurnEngine.Scoring;

/// <summary>One of n shares of a job's partitions, for n processes that write into one folder. Shares follow each other and differ by one partition at most.</summary>
/// <param name="Index">0 .. Count - 1.</param>
/// <param name="Count">1 and up; 1 is the whole job.</param>
public readonly record struct Slice(int Index, int Count)
{
    /// <summary>All partitions.</summary>
    public static Slice Whole => new(0, 1);

    /// <summary>Whether one process does it all, and so finishes the job itself.</summary>
    public bool IsWhole => Count == 1;

    /// <summary>Reads <c>i/n</c>, such as <c>3/8</c>; false when it is not 0 .. n-1 of 1 and up.</summary>
    public static bool TryParse(string text, out Slice slice)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('/');
        bool isSlice = parts.Length == 2 & int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            & int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && index < count;
        slice = isSlice ? new Slice(index, count) : Whole;
        return isSlice;
    }

    /// <summary>The first of its partitions, and the one after its last; empty where there are more slices than partitions.</summary>
    public (int From, int End) Of(int partitions) => ((int)((long)partitions * Index / Count), (int)((long)partitions * (Index + 1) / Count));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}
