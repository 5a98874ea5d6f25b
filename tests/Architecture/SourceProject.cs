using System.Xml.Linq;
using ChurnEngine.TestKit;

namespace ChurnEngine.Architecture.Tests;

/// <summary>A project of the product, as its file says.</summary>
internal sealed record SourceProject(string Name, string RelativePath, IReadOnlyList<string> References, IReadOnlyList<string> Packages, bool AllowsUnsafe)
{
    private static readonly string[] Folders = ["engine", "trainer", "data-gen"];

    public static IReadOnlyList<SourceProject> All { get; } = [.. Files("*.csproj").Select(Read)];

    /// <summary>Files of the product's folders by pattern, paths relative to the root with '/'; nothing fetched or built.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        from folder in Folders
        let full = Path.Combine(Repository.Root, folder)
        where Directory.Exists(full)
        from file in Directory.EnumerateFiles(full, pattern, SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')
        where !relative.Split('/').Any(part => part is "node_modules" or "bin" or "obj" or "artifacts")
        orderby relative
        select relative;

    public static string Text(string relativePath) => File.ReadAllText(Path.Combine(Repository.Root, relativePath));

    private static SourceProject Read(string relativePath)
    {
        var xml = XDocument.Parse(Text(relativePath));
        return new SourceProject(
            Path.GetFileNameWithoutExtension(relativePath),
            relativePath,
            [.. Includes(xml, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))],
            [.. Includes(xml, "PackageReference")],
            xml.Descendants("AllowUnsafeBlocks").Any(e => bool.Parse(e.Value)));
    }

    private static IEnumerable<string> Includes(XDocument xml, string element) => xml.Descendants(element).Select(e => (string?)e.Attribute("Include")).OfType<string>();
}
