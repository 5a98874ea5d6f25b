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
        foreach (SourceFile file in files.Where(file => file.IsText))
        {
            if (file.IsGzip)
                Guarded(source, file, () => { PackedFile.CheckWhole(file.Path); return true; });
            if (Guarded(source, file, () => TextForm.Fault(file)) is { } fault)
                throw IngestErrors.NoText(source.Name, file.Path, fault);
        }
        if (files[0].Format == FileFormat.JsonLines)
            return JsonFiles(source, files, connection, names);
        var layouts = new List<FileLayout>(files.Count);
        foreach (SourceFile file in files)
            layouts.Add(Guarded<FileLayout>(source, file, () => file.Format switch
            {
                FileFormat.Parquet => ParquetLayout.Read(file, connection),
                FileFormat.Arrow => ArrowLayout.Read(file, source.Name),
                _ => CsvLayout.Read(file, source.Name, connection.SpillDirectory),
            }));
        return layouts;
    }

    /// <summary>Runs <paramref name="read"/>, blaming the file for what fails.</summary>
    public static T Guarded<T>(TableSource source, SourceFile file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ChurnDataException broken) when (file.Format == FileFormat.Arrow && IngestErrors.IsOfArrow(broken))
        {
            throw IngestErrors.InTable(source.Name, broken);
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
        string[] paths = [.. files.Select(file => Guarded(source, file, () => ByteOrderMark.Without(file, connection.SpillDirectory)))];
        var keys = new List<string>();
        bool Complete() => names is not null && names.All(name => keys.Contains(name) || files[0].FolderValues.ContainsKey(name));
        foreach (bool whole in new[] { false, true })
        {
            for (int i = 0; i < files.Count; i++)
            {
                if (!Complete())
                    keys.AddRange(Guarded(source, files[i], () => JsonLayout.Keys(files[i], paths[i], connection, whole)).Except(keys));
            }
            if (names is null)
                break;
        }
        if (keys.Count == 0)
            throw IngestErrors.NoObject(source.Name, files[0].Path, Guarded(source, files[0], () => FirstLine(files[0])));
        return [.. files.Select((file, i) => JsonLayout.Of(file, paths[i], keys))];
    }

    private static string FirstLine(SourceFile file)
    {
        using StreamReader reader = file.OpenText();
        char[] start = new char[200];
        return new string(start.AsSpan(0, reader.ReadBlock(start)).Trim()).Split('\n')[0];
    }
}
