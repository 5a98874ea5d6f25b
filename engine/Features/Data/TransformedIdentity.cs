using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Identities of a column, or of what a text function makes of its texts; the function runs once for each distinct text.</summary>
internal sealed class TransformedIdentity(string? function) : IDisposable
{
    private readonly Utf8Index _seen = new();
    private readonly List<long> _identities = [];
    private int[] _ids = [];

    public void Read(Column column, Span<long> identities)
    {
        if (string.IsNullOrEmpty(function))
        {
            Identity.Read(column, identities);
            return;
        }
        if (_ids.Length < identities.Length)
            _ids = new int[identities.Length];
        TextCells.Map(column, _seen, _ids.AsSpan(0, identities.Length));
        while (_identities.Count < _seen.Count)
            _identities.Add(TextFunction.Apply(function, _seen.TextOf(_identities.Count)) is { } text ? Identity.Of(Encoding.UTF8.GetBytes(text)) : Identity.Missing);
        for (int row = 0; row < identities.Length; row++)
            identities[row] = _ids[row] < 0 ? Identity.Missing : _identities[_ids[row]];
    }

    public void Dispose() => _seen.Dispose();
}
