namespace ChurnEngine.Features;

/// <summary>Functions of a text that a plan may ask for: what a user agent or a location tells. Applied once to each distinct text.</summary>
/// <remarks>User agents follow no standard; these rules look for the words that their makers put there, the special before the general (Edge and Opera call
/// themselves Chrome, Chrome calls itself Safari). Source: MDN, "Browser detection using the user agent".</remarks>
internal static class TextFunction
{
    private static readonly (string Word, string Name)[] s_browsers =
    [
        ("Edg", "edge"), ("OPR/", "opera"), ("Opera", "opera"), ("Trident/", "internet explorer"), ("MSIE ", "internet explorer"), ("FxiOS/", "firefox"),
        ("Firefox/", "firefox"), ("CriOS/", "chrome"), ("Chromium/", "chrome"), ("Chrome/", "chrome"), ("Safari/", "safari"), ("AppleWebKit/", "safari"),
    ];

    private static readonly (string Word, string Name)[] s_systems =
    [
        ("iPhone", "ios"), ("iPad", "ios"), ("iPod", "ios"), ("Android", "android"), ("Windows", "windows"), ("CrOS", "chrome os"), ("Mac OS X", "macos"), ("Macintosh", "macos"), ("Linux", "linux"), ("X11", "linux"),
    ];

    private static readonly (string Word, string Name)[] s_devices =
    [
        ("iPad", "tablet"), ("Tablet", "tablet"), ("iPhone", "phone"), ("iPod", "phone"), ("Mobile", "phone"), ("Android", "tablet"),
        ("Windows", "desktop"), ("Macintosh", "desktop"), ("CrOS", "desktop"), ("X11", "desktop"), ("Linux", "desktop"),
    ];

    public static IReadOnlyList<string> Names { get; } = ["browser", "device", "os", "state"];

    /// <summary>Applies a function; null where the text tells nothing.</summary>
    public static string? Apply(string function, string text) => function switch
    {
        "" => text,
        "browser" => First(s_browsers, text),
        "device" => First(s_devices, text),
        "os" => First(s_systems, text),
        "state" => State(text),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    private static string? First((string Word, string Name)[] rules, string text)
    {
        foreach ((string word, string name) in rules)
        {
            if (text.Contains(word, StringComparison.Ordinal))
                return name;
        }
        return null;
    }

    // "Boston-Cambridge-Newton, MA-NH": an area over several states belongs to the first.
    private static string? State(string location)
    {
        int comma = location.LastIndexOf(',');
        string part = location[(comma + 1)..].Trim();
        int dash = part.IndexOf('-', StringComparison.Ordinal);
        string state = dash > 0 ? part[..dash].Trim() : part;
        return comma >= 0 && state.Length > 0 ? state : null;
    }
}
