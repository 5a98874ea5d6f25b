using System.Text;
using System.Text.Json;

namespace ChurnEngine.Pipeline;

/// <summary>Finds the cells of JSON rows by one pass over the properties of each. Rows mostly have their properties in one of few orders, so a name is compared with the one that followed there before.</summary>
/// <param name="names">[column] names that its cell may have, the preferred first.</param>
/// <remarks>A property that occurs twice counts as it was said last; a preferred name counts even if its value is null. Not thread-safe.</remarks>
internal sealed class JsonRow(string[][] names)
{
    // Whoever sends rows of ever new names gains nothing by it.
    private const int MostPlaces = 256;

    private readonly JsonElement[] _cells = new JsonElement[names.Length];
    private readonly int[] _ranks = new int[names.Length];
    // The first stands for the beginning of a row.
    private readonly List<Place> _places = [new Place([], [])];

    /// <summary>The cell of a column in the row that was read last; undefined where it has none.</summary>
    public JsonElement this[int column] => _cells[column];

    /// <summary>Takes the cells of a row.</summary>
    /// <param name="row">An object.</param>
    public void Read(JsonElement row)
    {
        Array.Clear(_cells);
        Array.Fill(_ranks, int.MaxValue);
        Place before = _places[0];
        foreach (JsonProperty property in row.EnumerateObject())
        {
            if (before.Next is not { } place || !property.NameEquals(place.Name))
                before.Next = place = Find(property);
            foreach ((int column, int rank) in place.Means)
            {
                if (rank <= _ranks[column])
                    (_cells[column], _ranks[column]) = (property.Value, rank);
            }
            before = place;
        }
    }

    private Place Find(JsonProperty property)
    {
        for (int i = 1; i < _places.Count; i++)
        {
            if (property.NameEquals(_places[i].Name))
                return _places[i];
        }
        string name = property.Name;
        var place = new Place(Encoding.UTF8.GetBytes(name), [.. names.Select((own, column) => (Column: column, Rank: Array.IndexOf(own, name))).Where(meant => meant.Rank >= 0)]);
        if (_places.Count < MostPlaces)
            _places.Add(place);
        return place;
    }

    // A name, and which columns it speaks of.
    private sealed class Place(byte[] name, (int Column, int Rank)[] means)
    {
        public byte[] Name => name;

        public (int Column, int Rank)[] Means => means;

        /// <summary>What followed it last.</summary>
        public Place? Next { get; set; }
    }
}
