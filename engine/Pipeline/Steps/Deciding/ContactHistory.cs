using ChurnEngine.Columns;
using ChurnEngine.Decisions;
using ChurnEngine.Ingest;

namespace ChurnEngine.Pipeline;

/// <summary>Who was contacted too lately or too often.</summary>
internal static class ContactHistory
{
    private const long MicrosPerDay = 86_400_000_000;

    /// <summary>Marks them. A contact that is planned for the same day or later counts too.</summary>
    /// <param name="fatigue">The rules, and where the contacts are.</param>
    /// <param name="index">Finds customers among the scores.</param>
    /// <param name="date">First day of the plan, microseconds since 1970 UTC.</param>
    /// <param name="written">Files that this job writes: the plan of an earlier run of it is no contact.</param>
    /// <param name="standing">[N] to be marked.</param>
    /// <param name="context">Budget, cancellation; told of files that cannot be used.</param>
    public static void Mark(FatigueSettings fatigue, KeyIndex index, long date, IReadOnlyCollection<string> written, Standing[] standing, StepContext context)
    {
        using var session = new IngestSession(new IngestOptions { Budget = context.Budget });
        long[] last = new long[standing.Length];
        int[] count = new int[standing.Length];
        Array.Fill(last, long.MinValue);
        string[] files = FilesOf(fatigue, written, session);
        if (files.Length == 0)
            context.Warn($"'{fatigue.Contacts}' holds no earlier contacts: nobody is left alone for fatigue");
        foreach (string file in files)
        {
            var source = new TableSource { Name = "contacts", Path = file };
            ColumnType keyType = KeyTypeOf(source, fatigue.Key, session);
            var contract = new TableContract { Columns = [new(fatigue.Key, keyType, NotNull: true), new(fatigue.Time, ColumnType.TimestampMicros)] };
            foreach (RecordBatch batch in session.Read(source, contract, context.Cancellation))
            {
                using (batch)
                {
                    var times = (PrimitiveColumn<long>)batch.Columns[1];
                    for (int i = 0; i < batch.Length; i++)
                    {
                        int row = times.IsNull(i) ? -1 : index.Find(batch.Columns[0], i);
                        if (row < 0)
                            continue;
                        last[row] = Math.Max(last[row], times.Values[i]);
                        // The day of the plan, with those before it, is the period.
                        count[row] += times.Values[i] > date - fatigue.PerDays * MicrosPerDay ? 1 : 0;
                    }
                }
            }
        }
        context.NoteRefusals(session, null);
        for (int row = 0; row < standing.Length; row++)
        {
            bool isLate = fatigue.NotWithinDays > 0 && last[row] != long.MinValue && last[row] > date - fatigue.NotWithinDays * MicrosPerDay;
            if (isLate || (fatigue.Most > 0 && count[row] >= fatigue.Most))
                standing[row] = Standing.Fatigued;
        }
    }

    /// <summary>How keys are to be read: as numbers where the file says that they are; of a text file as texts, since 007 must not become 7.</summary>
    internal static ColumnType KeyTypeOf(TableSource source, string key, IngestSession session) =>
        Path.GetExtension(source.Path) is ".parquet" or ".arrow" or ".feather" && session.Describe(source).FirstOrDefault(field => field.Name == key)?.Type == ColumnType.Int64 ? ColumnType.Int64 : ColumnType.Utf8;

    /// <summary>The files of contacts, but for those that a plan is about to be written into.</summary>
    internal static string[] FilesOf(FatigueSettings fatigue, IReadOnlyCollection<string> written, IngestSession session) =>
        [.. FilesOf(fatigue.Contacts, session).Where(file => !written.Contains(Path.GetFullPath(file)) && !PlanFiles.IsHoldOut(file))];

    // Of a folder the tables alone: records and pictures of plans may lie beside them. One that is not there yet, as on the first day, has none.
    private static IEnumerable<string> FilesOf(string path, IngestSession session)
    {
        if (Directory.Exists(path))
            return Directory.EnumerateFiles(path).Where(file => Path.GetExtension(file) is ".csv" or ".parquet" && Path.GetFileName(file)[0] is not ('.' or '_')).Order(StringComparer.Ordinal);
        if (!File.Exists(path) && Path.GetExtension(path).Length == 0)
            return [];
        bool isPattern = path.AsSpan().IndexOfAny("*?[") >= 0;
        if (isPattern && (Path.GetDirectoryName(path) is not { Length: > 0 } folder || (folder.AsSpan().IndexOfAny("*?[") < 0 && (!Directory.Exists(folder) || !Directory.EnumerateFiles(folder, Path.GetFileName(path)).Any()))))
            return [];
        return session.ListFiles(new TableSource { Name = "contacts", Path = path });
    }
}
