using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>[N, F] features on their way from a store to the rows of a join; texts as codes into what was seen.</summary>
internal sealed class JoinedFeatures : IDisposable
{
    private readonly FeatureMatrix _matrix;
    private readonly Dictionary<string, int>?[] _codes;
    private readonly List<string>[] _texts;

    public JoinedFeatures(StoreManifest store, int rows)
    {
        _texts = [.. store.Features.Select(_ => new List<string>())];
        _codes = [.. store.Features.Select(feature => feature.Kind == FeatureKind.Categorical ? new Dictionary<string, int>(StringComparer.Ordinal) : null)];
        _matrix = FeatureMatrix.Allocate([.. store.Features.Select((feature, i) => new FeatureInfo { Name = feature.Name, Kind = feature.Kind, Categories = _texts[i] })], rows);
    }

    /// <summary>Copies a row of a date's batch, whose first column is the key.</summary>
    public void Set(int row, RecordBatch batch, int from)
    {
        Span<float> cells = _matrix.Row(row);
        for (int feature = 0; feature < cells.Length; feature++)
        {
            Column column = batch.Columns[feature + 1];
            cells[feature] = column.IsNull(from) ? float.NaN : column is PrimitiveColumn<float> number ? number.Values[from] : Code(feature, ((Utf8Column)column).GetString(from)!);
        }
    }

    /// <summary>[F] columns of some rows; the caller disposes them.</summary>
    public IEnumerable<Column> Columns(int[] rows)
    {
        using FeatureMatrix some = _matrix.Gather(rows);
        return [.. Enumerable.Range(0, some.FeatureCount).Select(some.CopyFeature)];
    }

    public void Dispose() => _matrix.Dispose();

    private int Code(int feature, string text)
    {
        Dictionary<string, int> codes = _codes[feature]!;
        if (!codes.TryGetValue(text, out int code))
        {
            codes.Add(text, code = codes.Count);
            _texts[feature].Add(text);
        }
        return code;
    }
}
