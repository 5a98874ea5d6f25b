using ChurnEngine.Columns;
using ChurnEngine.Ingest.Conversion;

namespace ChurnEngine.Ingest.Reading;

/// <summary>Where one column of the contract comes from in one file.</summary>
/// <param name="Delivered">Position in the query's result; -1 for a constant.</param>
/// <param name="Constant">The text that a folder states for every row; null when the column is absent.</param>
/// <param name="Conversion">From what is delivered to what is asked.</param>
internal sealed record ColumnOrigin(int Delivered, string? Constant, ColumnConversion Conversion);

/// <summary>How one file is read under a contract.</summary>
/// <param name="Layout">The file.</param>
/// <param name="Query">Delivers the columns that the file has.</param>
/// <param name="Wanted">The columns of the file that it reads.</param>
/// <param name="Origins">One for each column of the contract.</param>
internal sealed record FilePlan(FileLayout Layout, string Query, IReadOnlyList<FileColumn> Wanted, ColumnOrigin[] Origins)
{
    /// <summary>Makes the plan; missing optional columns become constants of null.</summary>
    /// <remarks>Errors: <see cref="ChurnDataException"/> when a required column is missing.</remarks>
    public static FilePlan Make(FileLayout layout, TableSource source, TableContract contract)
    {
        var wanted = new List<FileColumn>();
        var select = new List<string>();
        var origins = new ColumnOrigin[contract.Columns.Count];
        for (int i = 0; i < origins.Length; i++)
        {
            ColumnContract asked = contract.Columns[i];
            string nameInFile = source.Columns.GetValueOrDefault(asked.Name, asked.Name);
            if (layout.Find(nameInFile) is { } column)
            {
                (string sql, ColumnConversion conversion) = layout.IsTyped
                    ? ParquetTypes.Plan(column, asked.Type)
                    : (column.Sql, ColumnConversion.FromText(asked.Type));
                origins[i] = new ColumnOrigin(select.Count, null, conversion);
                select.Add($"{sql} AS r{i}");
                wanted.Add(column);
                continue;
            }
            bool isStated = layout.File.FolderValues.TryGetValue(nameInFile, out string? constant);
            if (!isStated && asked.Required)
                throw IngestErrors.MissingColumn(source.Name, layout.File.Path, nameInFile, [.. layout.Columns.Select(c => c.Name), .. layout.File.FolderValues.Keys]);
            origins[i] = new ColumnOrigin(-1, constant, ColumnConversion.FromText(asked.Type));
        }
        // Rows are counted even where no column of the file is asked for.
        string list = select.Count == 0 ? "1::TINYINT AS r" : string.Join(", ", select);
        FileColumn[] read = [.. wanted.DistinctBy(column => column.Name)];
        return new FilePlan(layout, $"SELECT {list} FROM {(source.Rows is { } rows ? layout.FromRows(rows) : layout.From(read))}", read, origins);
    }
}
