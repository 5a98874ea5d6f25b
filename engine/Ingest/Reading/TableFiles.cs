using ChurnEngine.Columns;
using ChurnEngine.Ingest.DuckDb;
using ChurnEngine.Ingest.Files;

namespace ChurnEngine.Ingest.Reading;

/// <summary>The files of a table with their columns.</summary>
internal static class TableFiles
{
    /// <summary>Reads the header or footer of every file.</summary>
    /// <param name="source">The table.</param>
    /// <param name="connection">Where to ask.</param>
    /// <param name="names">Names in the file that are required; null: all that there are.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> when a file is missing, empty or damaged.</remarks>
    public static IReadOnlyList<FileLayout> Open(TableSource source, DuckDbConnection connection, IReadOnlyList<string>? names)
    {
        IReadOnlyList<SourceFile> files = SourceFiles.Resolve(source, connection);
        if (files[0].Format == FileFormat.JsonLines)
            return JsonFiles(source, files, connection, names);
        var layouts = new List<FileLayout>(files.Count);
        foreach (SourceFile file in files)
            layouts.Add(Guarded<FileLayout>(source, file, () => file.Format == FileFormat.Parquet ? ParquetLayout.Read(file, connection) : CsvLayout.Read(file, source.Name)));
        return layouts;
    }

    /// <summary>Runs <paramref name="read"/>, blaming the file for what fails.</summary>
    public static T Guarded<T>(TableSource source, SourceFile file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (broken is DuckDbException or IOException or InvalidDataException)
        {
            throw IngestErrors.Unreadable(source.Name, file.Path, broken);
        }
    }

    // Objects may lack keys, so what counts is the keys of the table, not of each file. A few objects tell in most cases;
    // only a key that is required and not among them makes the whole of a file be read for it.
    private static List<FileLayout> JsonFiles(TableSource source, IReadOnlyList<SourceFile> files, DuckDbConnection connection, IReadOnlyList<string>? names)
    {
        if (files.All(file => new FileInfo(file.Path).Length == 0))
            throw IngestErrors.EmptyFile(source.Name, source.Path);
        var keys = new List<string>();
        bool Complete() => names is not null && names.All(name => keys.Contains(name) || files[0].FolderValues.ContainsKey(name));
        foreach (bool whole in new[] { false, true })
        {
            foreach (SourceFile file in files)
            {
                if (!Complete())
                    keys.AddRange(Guarded(source, file, () => JsonLayout.Keys(file, connection, whole)).Except(keys));
            }
            if (names is null)
                break;
        }
        return [.. files.Select(file => JsonLayout.Of(file, keys))];
    }
}
