using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Ingest.Conversion;

namespace ChurnEngine.Ingest.Reading;

/// <summary>Finds rows whose key stood in an earlier good row of the table. A key with a null in it is not compared.</summary>
/// <param name="columns">Positions of the key columns in the contract.</param>
internal sealed class UniqueKeyCheck(int[] columns) : IDisposable
{
    private readonly KeySet _seen = new();

    /// <summary>Notes the repeated rows of a batch; rows that are bad already neither count nor claim their key.</summary>
    public void Check(Column[] batch, int rows, BatchFaults faults)
    {
        for (int row = 0; row < rows; row++)
        {
            if (faults.IsBad(row) || HasNull(batch, row))
                continue;
            if (!_seen.Add(KeyOf(batch, row)))
                faults.Add(row, columns[0], string.Join(", ", columns.Select(column => TextOf(batch[column], row))), Reasons.DuplicateKey);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _seen.Dispose();

    private bool HasNull(Column[] batch, int row)
    {
        foreach (int column in columns)
        {
            if (batch[column].IsNull(row))
                return true;
        }
        return false;
    }

    private UInt128 KeyOf(Column[] batch, int row)
    {
        var hash = new KeyHash();
        foreach (int column in columns)
        {
            switch (batch[column])
            {
                // The commonest key, and exact: no two values fall together.
                case PrimitiveColumn<long> c when columns.Length == 1: return (ulong)c.Values[row];
                case PrimitiveColumn<long> c: hash.Add((ulong)c.Values[row]); break;
                case PrimitiveColumn<int> c: hash.Add((ulong)c.Values[row]); break;
                case Utf8Column c: hash.Add(c.GetBytes(row)); break;
                case var other: hash.Add(System.Text.Encoding.UTF8.GetBytes(TextOf(other, row))); break;
            }
        }
        return hash.Value;
    }

    private static string TextOf(Column column, int row) => column switch
    {
        PrimitiveColumn<long> c when c.Type == ColumnType.TimestampMicros => DateTime.UnixEpoch.AddTicks(c.Values[row] * 10).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture),
        PrimitiveColumn<long> c when c.Type == ColumnType.TimestampMillis => DateTime.UnixEpoch.AddMilliseconds(c.Values[row]).ToString("yyyy-MM-ddTHH:mm:ss.FFFZ", CultureInfo.InvariantCulture),
        PrimitiveColumn<int> c when c.Type == ColumnType.Date32 => DateTime.UnixEpoch.AddDays(c.Values[row]).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        PrimitiveColumn<sbyte> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<short> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<int> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<long> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<float> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        PrimitiveColumn<double> c => c.Values[row].ToString(CultureInfo.InvariantCulture),
        BooleanColumn c => c[row] ? "true" : "false",
        Utf8Column c => c.GetString(row)!,
        DictionaryColumn c => c.GetString(row)!,
        _ => throw new ArgumentException($"{column.Type} cannot be a key", nameof(column)),
    };
}
