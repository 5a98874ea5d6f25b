using System.Text.Json;

namespace ChurnEngine.Bench.Tuning;

/// <summary>What is known of a table's families so far, in a file: a comparison takes hours, and may be stopped at any time.</summary>
internal sealed class KeptFamilies
{
    private readonly string _path;
    private readonly FamiliesSize _size;
    private readonly List<FamilyResult> _families;

    /// <summary>Starts anew, or goes on.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">What was learnt by an earlier run of another size does not count.</param>
    /// <param name="resume">Whether what an earlier run left counts at all.</param>
    public KeptFamilies(string path, FamiliesSize size, bool resume)
    {
        (_path, _size) = (path, size);
        _families = resume && File.Exists(path) && JsonSerializer.Deserialize<Kept>(File.ReadAllText(path), BenchJson.Indented) is { } kept && kept.Size == size ? [.. kept.Families] : [];
    }

    /// <summary>All that is known.</summary>
    public IReadOnlyList<FamilyResult> Families => _families;

    /// <summary>Measures a family unless it is known.</summary>
    public void Once(string name, Func<string, FamilyResult> measure, Action<string> say)
    {
        string table = Path.GetFileNameWithoutExtension(_path);
        if (_families.Find(family => family.Name == name) is { } known)
        {
            say($"{table}: {name} is known, by {known.Commit}");
            return;
        }
        say($"{table}: {name}");
        _families.Add(measure(name));
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        string next = _path + ".next";
        File.WriteAllText(next, JsonSerializer.Serialize(new Kept(_size, _families), BenchJson.Indented));
        File.Move(next, _path, overwrite: true);
    }

    private sealed record Kept(FamiliesSize Size, IReadOnlyList<FamilyResult> Families);
}
