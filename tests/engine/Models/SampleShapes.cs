namespace ChurnEngine.ModelSamples;

/// <summary>The shapes of model that every codec and every backend is tried with.</summary>
internal static class SampleShapes
{
    public static IReadOnlyDictionary<string, ModelShape> All { get; } = new Dictionary<string, ModelShape>
    {
        ["numeric and categorical"] = new(),
        ["numeric only"] = new() { Categories = 0 },
        ["single leaves"] = new() { Leaves = 1, Trees = 3 },
        ["one to three leaves"] = new() { Leaves = 3, Trees = 60 },
        ["deep chain"] = new() { Chain = true, Leaves = 300, Trees = 4 },
        ["no trees"] = new() { Trees = 0 },
        ["one feature"] = new() { Features = 1 },
        ["500 categories"] = new() { Categories = 500, SetSize = 60, Trees = 30 },
        ["200 trees"] = new() { Trees = 200, Leaves = 31, Features = 30 },
        ["without covers"] = new() { Covers = false },
    };
}
