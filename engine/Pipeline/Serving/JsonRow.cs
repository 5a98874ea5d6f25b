using System.Text;
using System.Text.Json;

namespace ChurnEngine.Pipeline;

/// <summary>Finds the cells of JSON rows by one pass over the properties of each. Rows of a table mostly have the same properties in the same order, so a name is compared with the one that stood there in the row before.</summary>
/// <param name="names">[column] names that its cell may have, the preferred first.</param>
/// <remarks>A property that occurs twice counts as it was said last; a preferred name counts even if its value is null. Not thread-safe.</remarks>
internal sealed class JsonRow(string[][] names)
{
    private readonly JsonElement[] _cells = new JsonElement[names.Length];
    private readonly int[] _ranks = new int[names.Length];
    private readonly List<Place> _places = [];

    /// <summary>The cell of a column in the row that was read last; undefined where it has none.</summary>
    public JsonElement this[int column] => _cells[column];

    /// <summary>Takes the cells of a row.</summary>
    /// <param name="row">An object.</param>
    public void Read(JsonElement row)
    {
        Array.Clear(_cells);
        Array.Fill(_ranks, int.MaxValue);
        int at = 0;
        foreach (JsonProperty property in row.EnumerateObject())
        {
            if (at == _places.Count)
                _places.Add(PlaceOf(property.Name));
            else if (!property.NameEquals(_places[at].Name))
                _places[at] = PlaceOf(property.Name);
            foreach ((int column, int rank) in _places[at].Means)
            {
                if (rank <= _ranks[column])
                    (_cells[column], _ranks[column]) = (property.Value, rank);
            }
            at++;
        }
    }

    private Place PlaceOf(string name) => new(Encoding.UTF8.GetBytes(name),
        [.. names.Select((own, column) => (Column: column, Rank: Array.IndexOf(own, name))).Where(meant => meant.Rank >= 0)]);

    private readonly record struct Place(byte[] Name, (int Column, int Rank)[] Means);
}
