using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace ChurnEngine.TestKit;

/// <summary>A page as Chromium shows it, without a screen; skips the test, saying why, where there is no Chromium.</summary>
public static partial class HeadlessBrowser
{
    private const int MostMilliseconds = 60_000;

    /// <summary>Opens a page and measures it.</summary>
    /// <param name="page">HTML.</param>
    /// <param name="width">Of the window, pixels.</param>
    /// <returns>Lines of the console, and how wide the page and its window are once it is loaded.</returns>
    public static (string[] Console, int PageWidth, int WindowWidth) Open(string page, int width)
    {
        string? chromium = ((string[])["chromium", "chromium-browser", "google-chrome"])
            .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipUnless(chromium is not null, "needs Chromium, which is absent: apt-get install chromium");
        using var folder = new TemporaryDirectory();
        // The page has no script of its own: this one only tells what the browser made of it.
        const string Tell = "<script>addEventListener('load', () => document.title = `measured ${document.documentElement.scrollWidth} of ${innerWidth}`)</script></body>";
        string file = folder.Write("page.html", page.Replace("</body>", Tell, StringComparison.Ordinal));
        var start = new ProcessStartInfo(chromium!,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--enable-logging=stderr", $"--user-data-dir={folder["profile"]}",
            $"--window-size={width.ToString(CultureInfo.InvariantCulture)},900", "--virtual-time-budget=3000", "--dump-dom", new Uri(file).AbsoluteUri,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(MostMilliseconds))
            process.Kill(entireProcessTree: true);
        Match measured = Measured().Match(output.Result);
        Assert.True(measured.Success, $"Chromium did not finish the page: {errors.Result}");
        return ([.. errors.Result.Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal))], Number(1), Number(2));

        int Number(int group) => int.Parse(measured.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"measured (\d+) of (\d+)</title>")]
    private static partial Regex Measured();
}
