using Spectre.Console;

namespace ChurnEngine.Bench;

/// <summary>Where tables go.</summary>
internal static class BenchConsole
{
    /// <summary>Standard output; wide enough for every table where it is no terminal.</summary>
    public static IAnsiConsole Out { get; } = Open();

    private static IAnsiConsole Open()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
            console.Profile.Width = 200;
        return console;
    }
}
