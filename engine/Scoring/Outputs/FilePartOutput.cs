using System.Globalization;
using System.Text.RegularExpressions;
using ChurnEngine.Columns;

namespace ChurnEngine.Scoring;

/// <summary>One file a part, <c>part-NNNNN.parquet</c> (or .arrow, .csv), each under a hidden name until it is whole and flushed.</summary>
/// <param name="format">A file format.</param>
/// <param name="open">Opens a file of that format.</param>
/// <param name="schema">Columns of every part.</param>
internal sealed partial class FilePartOutput(OutputFormat format, OpenBatchSink open, Schema schema) : IPartOutput
{
    private string _directory = "";

    public string PartName(int partition) => string.Create(CultureInfo.InvariantCulture, $"part-{partition:D5}.{format.NameOf()}");

    public void Begin(string directory) => _directory = directory;

    public bool RepairsParts => true;

    public ManifestPart Write(ScoredPart part)
    {
        string name = PartName(part.Partition);
        return new ManifestPart(part.Partition, name, part.Batch.Length, WriteFile(Path.Combine(_directory, name), part.Batch));
    }

    public string HashOf(ScoredPart part, string temporary)
    {
        string path = Path.Combine(temporary, PartName(part.Partition));
        string hash = WriteFile(path, part.Batch);
        FileChanges.Delete(path);
        return hash;
    }

    public string? Hash(string directory, string part)
    {
        string path = Path.Combine(directory, part);
        return File.Exists(path) ? OutputFolder.HashFile(path) : null;
    }

    public void Seal(Manifest manifest)
    {
    }

    public void Dispose()
    {
    }

    private string WriteFile(string path, RecordBatch batch)
    {
        try
        {
            using IBatchSink sink = open(path, schema);
            sink.Write(batch);
            sink.Complete();
        }
        catch (ChurnConfigException failure) when (failure.InnerException is not null)
        {
            throw ScoringErrors.CannotWritePart(failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw ScoringErrors.CannotWritePart(path, failure);
        }
        return OutputFolder.HashFile(path);
    }

    /// <summary>The part files of a folder, of any format; files of others with similar names are not among them.</summary>
    public static IEnumerable<string> In(string directory) =>
        Directory.EnumerateFiles(directory, "part-*").Where(file => PartFile().IsMatch(Path.GetFileName(file))).Order(StringComparer.Ordinal).ToArray();

    [GeneratedRegex(@"^part-\d{5,}\.(parquet|arrow|csv)$", RegexOptions.CultureInvariant)]
    private static partial Regex PartFile();
}
