using ChurnEngine.Columns;
using ChurnEngine.Ingest.DuckDb;

namespace ChurnEngine.Ingest.Files;

/// <summary>Finds the files of a table, in ordinal order of their paths, and checks that each can be opened.</summary>
internal static class SourceFiles
{
    /// <summary>The files behind <paramref name="source"/>, at least one.</summary>
    public static IReadOnlyList<SourceFile> Resolve(TableSource source, DuckDbConnection connection)
    {
        if (source.Path.Contains("://", StringComparison.Ordinal))
            throw IngestErrors.Remote(source.Name, source.Path);
        IReadOnlyList<SourceFile> files = PathKinds.Of(source.Path) == PathKind.Folder ? Guarded(source) : [.. Paths(source, connection).Select(path => Typed(source, path))];
        foreach (SourceFile file in files)
            CheckReadable(source, file);
        return files;
    }

    private static List<string> Paths(TableSource source, DuckDbConnection connection)
    {
        PathKind kind = PathKinds.Of(source.Path);
        if (kind is not (PathKind.Absent or PathKind.Forbidden))
            return [source.Path];
        if (kind == PathKind.Forbidden)
            throw IngestErrors.NoPermission(source.Name, source.Path, null);
        if (new FileInfo(source.Path.Length == 0 ? "." : source.Path).LinkTarget is { } target)
            throw IngestErrors.LinkToNothing(source.Name, source.Path, target);
        if (source.Path.AsSpan().IndexOfAny('*', '?', '[') < 0)
            throw IngestErrors.FileMissing(source.Name, source.Path);
        List<string> paths = [.. connection.QueryText($"SELECT file FROM glob({SqlText.Literal(source.Path)})").Select(row => row[0]!).Order(StringComparer.Ordinal)];
        return paths.Count > 0 ? paths : throw IngestErrors.NothingMatches(source.Name, source.Path);
    }

    private static SourceFile Typed(TableSource source, string path)
    {
        FileFormat format = source.Format == FileFormat.Auto ? SourceFile.FormatOf(path) ?? throw IngestErrors.UnknownFormat(source.Name, path) : source.Format;
        return SourceFile.Of(path, format);
    }

    private static List<SourceFile> Guarded(TableSource source)
    {
        try
        {
            return InFolder(source);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw IngestErrors.NoPermission(source.Name, source.Path, denied);
        }
    }

    private static List<SourceFile> InFolder(TableSource source)
    {
        List<SourceFile> files = [.. FolderFiles.Below(source.Path)
            .Where(path => !IsHidden(Path.GetRelativePath(source.Path, path)))
            .Order(StringComparer.Ordinal)
            .Select(path => (Path: path, Format: SourceFile.FormatOf(path)))
            .Where(file => file.Format is not null && (source.Format == FileFormat.Auto || source.Format == file.Format))
            .Select(file => SourceFile.Of(file.Path, file.Format!.Value))];
        if (files.Count == 0)
            throw IngestErrors.NothingMatches(source.Name, source.Path);
        FileFormat[] formats = [.. files.Select(file => file.Format).Distinct()];
        return formats.Length == 1 ? files : throw IngestErrors.MixedFormats(source.Name, source.Path, formats);
    }

    // Markers and files still being written: _SUCCESS, .part-00001.parquet.partial, _temporary/...
    private static bool IsHidden(string relativePath) => relativePath.Split('/', '\\').Any(part => part[0] is '.' or '_');

    private static void CheckReadable(TableSource source, SourceFile file)
    {
        PathKind kind = PathKinds.Of(file.Path);
        if (kind is PathKind.Pipe or PathKind.Device or PathKind.Loop or PathKind.Folder)
            throw IngestErrors.NotAFile(source.Name, file.Path, kind);
        try
        {
            using FileStream stream = File.OpenRead(file.Path);
            // An empty part among JSON lines is a part without rows; the other formats always have at least a header.
            if (stream.CanSeek && stream.Length == 0 && file.Format != FileFormat.JsonLines)
                throw IngestErrors.EmptyFile(source.Name, file.Path);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw IngestErrors.NoPermission(source.Name, file.Path, denied);
        }
        catch (IOException broken)
        {
            throw IngestErrors.Unreadable(source.Name, file.Path, broken);
        }
    }
}
