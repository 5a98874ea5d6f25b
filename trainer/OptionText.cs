using System.Globalization;

namespace ChurnEngine.Trainer;

/// <summary>Options as text, for a model's metadata.</summary>
public static class OptionText
{
    // How many threads worked changes nothing, so it must not change the model's bytes.
    private const string Threads = "Threads";

    /// <summary>Every option by name, in the invariant culture, but for the number of threads and those that are not set; and the algorithm's name.</summary>
    public static Dictionary<string, string> Of<TOptions>(AlgorithmKind algorithm, TOptions options) where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(options);
        var text = typeof(TOptions).GetProperties().Where(property => property.CanWrite && property.Name != Threads && property.GetValue(options) is not null)
            .ToDictionary(property => property.Name, property => Convert.ToString(property.GetValue(options), CultureInfo.InvariantCulture) ?? "");
        text["Algorithm"] = algorithm.ToString();
        return text;
    }
}
