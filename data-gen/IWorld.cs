using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.DataGen;

/// <summary>A file of a world.</summary>
/// <param name="Path">Below the world's folder; of a file in parts, with <c>{0}</c> where the part's number goes.</param>
/// <param name="Schema">Columns of a Parquet file; null: lines of text.</param>
/// <param name="RowsPerPart">A new part begins when the last has that many rows; 0: one file. Fixed, since where a part ends is part of the bytes.</param>
internal sealed record WorldFile(string Path, Schema? Schema, long RowsPerPart = 0)
{
    /// <summary>Rows of a part in Parquet.</summary>
    public const long ParquetRowsPerPart = 4_000_000;

    /// <summary>File or folder that it is, or lies in, at the top of the world's folder.</summary>
    public string TopName => Path.Split('/')[0];

    /// <summary>Path of a part.</summary>
    public string PathOf(int part) => RowsPerPart == 0 ? Path : string.Format(CultureInfo.InvariantCulture, Path, part.ToString("D5", CultureInfo.InvariantCulture));
}

/// <summary>What all worlds have in common: files, and customers that can be simulated in any order and on any thread.</summary>
/// <remarks>Every world runs forward: a customer's state makes the events, and the history before a month's start makes the probability of the draw.</remarks>
internal interface IWorld
{
    /// <summary>The files that <see cref="Generate"/> adds to, in the order of its parts.</summary>
    IReadOnlyList<WorldFile> Files { get; }

    /// <summary>Fixed: the bytes of every file depend on it.</summary>
    int CustomersPerChunk { get; }

    /// <summary>Simulates customers <paramref name="first"/> to <paramref name="end"/> - 1. Thread-safe.</summary>
    WorldChunk Generate(int first, int end);

    /// <summary>The <c>churn.yaml</c> that fits the files.</summary>
    string ProjectText();
}
