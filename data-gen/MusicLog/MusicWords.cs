namespace ChurnEngine.DataGen.MusicLog;

/// <summary>The texts of the log, in the order of their codes.</summary>
internal static class MusicWords
{
    public static readonly string[] Pages =
    [
        "NextSong", "Thumbs Up", "Thumbs Down", "Add to Playlist", "Add Friend", "Roll Advert", "Home", "Settings", "Save Settings", "Help", "About", "Error",
        "Upgrade", "Submit Upgrade", "Downgrade", "Submit Downgrade", "Logout", "Login", "Register", "Submit Registration", "Cancel", "Cancellation Confirmation",
    ];

    public static readonly string[] Auths = ["Logged In", "Logged Out", "Guest", "Cancelled"];

    public static readonly string[] FirstNames =
    [
        "Aiden", "Amelia", "Ava", "Carla", "Chloe", "Colin", "Daniel", "Elena", "Emily", "Faigy", "Hugo", "Ines", "Jacob", "Jayden", "Joseph", "Kaya",
        "Layla", "Liam", "Lucero", "Mason", "Mia", "Nora", "Oliver", "Riley", "Rylan", "Sofia", "Theo", "Tucker", "Walter", "Zoe",
    ];

    public static readonly string[] LastNames =
    [
        "Allen", "Bell", "Brown", "Campos", "Cole", "Diaz", "Fields", "Fox", "Garcia", "Gonzalez", "Howe", "Jones", "Klein", "Lee", "Lopez", "Martinez",
        "Miller", "Morris", "Parker", "Reed", "Robinson", "Smith", "Terrell", "Thompson", "Ward", "White", "Williams", "Young",
    ];

    public static readonly string[] Locations =
    [
        "Los Angeles-Long Beach-Anaheim, CA", "New York-Newark-Jersey City, NY-NJ-PA", "Boston-Cambridge-Newton, MA-NH", "Houston-The Woodlands-Sugar Land, TX",
        "Dallas-Fort Worth-Arlington, TX", "Phoenix-Mesa-Scottsdale, AZ", "Charlotte-Concord-Gastonia, NC-SC", "Miami-Fort Lauderdale-West Palm Beach, FL",
        "Tampa-St. Petersburg-Clearwater, FL", "Chicago-Naperville-Elgin, IL-IN-WI", "Quincy, IL-MO", "Parkersburg-Vienna, WV", "Bakersfield, CA", "Denver-Aurora-Lakewood, CO",
        "Seattle-Tacoma-Bellevue, WA", "Atlanta-Sandy Springs-Roswell, GA", "Philadelphia-Camden-Wilmington, PA-NJ-DE-MD", "Detroit-Warren-Dearborn, MI", "Portland-South Portland, ME",
        "Las Vegas-Henderson-Paradise, NV", "San Antonio-New Braunfels, TX", "St. Louis, MO-IL", "Nashville-Davidson--Murfreesboro--Franklin, TN", "Honolulu, HI",
    ];

    public static readonly string[] UserAgents =
    [
        "\"Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/36.0.1985.143 Safari/537.36\"",
        "\"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_4) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/36.0.1985.143 Safari/537.36\"",
        "\"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_4) AppleWebKit/537.78.2 (KHTML, like Gecko) Version/7.0.6 Safari/537.78.2\"",
        "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:31.0) Gecko/20100101 Firefox/31.0",
        "\"Mozilla/5.0 (iPhone; CPU iPhone OS 7_1_2 like Mac OS X) AppleWebKit/537.51.2 (KHTML, like Gecko) Version/7.0 Mobile/11D257 Safari/9537.53\"",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.9; rv:31.0) Gecko/20100101 Firefox/31.0",
        "\"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Ubuntu Chromium/36.0.1985.125 Chrome/36.0.1985.125 Safari/537.36\"",
        "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
        "\"Mozilla/5.0 (iPad; CPU OS 7_1_2 like Mac OS X) AppleWebKit/537.51.2 (KHTML, like Gecko) Version/7.0 Mobile/11D257 Safari/9537.53\"",
        "Mozilla/5.0 (X11; Linux x86_64; rv:31.0) Gecko/20100101 Firefox/31.0",
        "\"Mozilla/5.0 (Windows NT 6.3; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/37.0.2062.94 Safari/537.36\"",
        "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
    ];

    private static readonly string[] s_adjectives = ["Silver", "Broken", "Electric", "Quiet", "Northern", "Paper", "Golden", "Distant", "Velvet", "Hollow", "Crimson", "Lonely", "Marble", "Burning", "Little", "Wild", "Frozen", "Secret", "Sunday", "Midnight"];
    private static readonly string[] s_nouns = ["Rivers", "Kings", "Birds", "Mirrors", "Engines", "Tigers", "Gardens", "Ghosts", "Harbours", "Lanterns", "Sisters", "Wolves", "Letters", "Stations", "Echoes", "Orchards", "Satellites", "Dancers", "Stones", "Clouds", "Arrows", "Bridges", "Candles", "Deserts", "Feathers", "Islands", "Machines", "Oceans", "Pilots", "Roses"];
    private static readonly string[] s_themes = ["Love", "Home", "Rain", "Summer", "Tonight", "Forever", "Alone", "Again", "Goodbye", "Fire", "Gravity", "Heartbeat"];

    /// <summary>Artists there are.</summary>
    public static int ArtistCount => s_adjectives.Length * s_nouns.Length;

    /// <summary>Songs of an artist.</summary>
    public const int SongsPerArtist = 12;

    public static string Artist(int artist) => $"The {s_adjectives[artist / s_nouns.Length]} {s_nouns[artist % s_nouns.Length]}";

    /// <summary>Title of a song, which no two have in common.</summary>
    /// <param name="song">Artist times <see cref="SongsPerArtist"/>, plus the artist's song.</param>
    public static string Song(int song)
    {
        int artist = song / SongsPerArtist;
        return $"{s_themes[song % SongsPerArtist]} (Of {s_adjectives[artist / s_nouns.Length]} {s_nouns[artist % s_nouns.Length]})";
    }
}
