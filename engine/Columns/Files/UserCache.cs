namespace ChurnEngine.Columns;

/// <summary>The folder for what one run found out and the next may use: nothing in it is needed, and all of it may be deleted at any time.</summary>
/// <remarks>CHURN_CACHE when that is set, else <c>churn</c> below XDG_CACHE_HOME, else below <c>.cache</c> of the home folder; on Windows below the local application data.
/// Source: XDG Base Directory Specification 0.8.</remarks>
public static class UserCache
{
    /// <summary>Variable that names another folder.</summary>
    public const string Variable = "CHURN_CACHE";

    /// <summary>The folder, which need not exist; null for a user without a home, who keeps nothing.</summary>
    public static string? Folder
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own)
                return own;
            // The specification tells to ignore a relative path.
            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg))
                return Path.Combine(xdg, "churn");
            string home = Environment.GetFolderPath(OperatingSystem.IsWindows() ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile);
            if (home.Length == 0)
                return null;
            return OperatingSystem.IsWindows() ? Path.Combine(home, "churn", "cache") : Path.Combine(home, ".cache", "churn");
        }
    }
}
