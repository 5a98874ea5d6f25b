using System.Text.RegularExpressions;

namespace ChurnEngine.Bench;

/// <summary>Names of frames as a reader wants them: type and method, or library and symbol.</summary>
internal static partial class FrameName
{
    /// <summary>Calls the stage; what lies outside it is the same in every sample.</summary>
    public const string Harness = "Bench.StageSession.RunRound";

    private const string Own = "ChurnEngine.";

    // Longer names of templates say nothing more.
    private const int LongSymbol = 60;

    /// <summary>A frame as `perf script` prints it.</summary>
    /// <param name="symbol">Such as "void [ChurnEngine.Trainer] ChurnEngine.Trainer.HistogramKernel::Run(valuetype ...)[OptimizedTier1]"; "[unknown]" without symbols.</param>
    /// <param name="library">File that holds the code.</param>
    public static string OfPerf(string symbol, string library)
    {
        if (Jitted().Match(symbol) is { Success: true } managed)
            return Shorten($"{managed.Groups["type"].Value}.{managed.Groups["method"].Value}");
        string file = Path.GetFileName(library.Replace(" (deleted)", "", StringComparison.Ordinal));
        return symbol == "[unknown]" ? $"[{file}]" : $"{Native(CutParameters(symbol))} [{file}]";
    }

    /// <summary>A method as the runtime's events name it: "ChurnEngine.Trainer.HistogramKernel.Run(value class ...)".</summary>
    public static string OfRuntime(string method) => Shorten(CutParameters(method));

    private static string Shorten(string name)
    {
        // Type arguments are longer than the names that matter.
        string plain = LocalFunction().Replace(Lambda().Replace(Arguments().Replace(name, ""), ".$1 (lambda)"), "$1.$2");
        return plain.StartsWith(Own, StringComparison.Ordinal) ? plain[Own.Length..] : plain;
    }

    private static string Native(string symbol)
    {
        while (symbol.Length > LongSymbol && Template().Replace(symbol, "") is var shorter && shorter.Length < symbol.Length)
            symbol = shorter;
        return symbol;
    }

    private static string CutParameters(string name) => name.IndexOf('(', StringComparison.Ordinal) is > 0 and int end ? name[..end] : name;

    // [assembly] type::method(parameters)[tier], with a return type before it.
    [GeneratedRegex(@"^(?:.*?)\[(?<assembly>[^\]]+)\] (?<type>[^(]*?)::(?<method>[^(]+)")]
    private static partial Regex Jitted();

    [GeneratedRegex(@"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]|`\d+")]
    private static partial Regex Arguments();

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex Template();

    // What the compiler makes of a lambda and of a local function.
    [GeneratedRegex(@"\+<>c(?:__DisplayClass[\d_]+)?\.<(\w+)>b__[\d_]+")]
    private static partial Regex Lambda();

    [GeneratedRegex(@"<(\w+)>g__(\w+)\|[\d_]+")]
    private static partial Regex LocalFunction();
}
