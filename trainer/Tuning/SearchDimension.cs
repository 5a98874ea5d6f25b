using System.Globalization;

namespace ChurnEngine.Trainer;

/// <summary>One option that a search chooses: a range of numbers, or some words.</summary>
/// <remarks>A search sees a range as 0 to 1, by the logarithm where it says so, and words as whole numbers from 0. Immutable.</remarks>
public sealed record SearchDimension
{
    private const string Format = "G6";

    private SearchDimension()
    {
    }

    /// <summary>Our name of the option.</summary>
    public required string Name { get; init; }

    /// <summary>The words, or the ends of the range: what is checked before a search begins.</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>True for words.</summary>
    public bool IsChoice { get; private init; }

    private double Min { get; init; }

    private double Max { get; init; }

    private bool IsLog { get; init; }

    private bool IsWhole { get; init; }

    /// <summary>A range of numbers.</summary>
    /// <param name="name">Our name of the option.</param>
    /// <param name="min">Least value.</param>
    /// <param name="max">Largest value, above that.</param>
    /// <param name="isLog">Whether each doubling is as likely as the next; the least value is above 0 then.</param>
    /// <param name="isWhole">Whether values are rounded to whole numbers.</param>
    /// <remarks>Errors: ArgumentOutOfRangeException.</remarks>
    public static SearchDimension Range(string name, double min, double max, bool isLog = false, bool isWhole = false)
    {
        if (!(min < max && double.IsFinite(min) && double.IsFinite(max)))
            throw new ArgumentOutOfRangeException(nameof(max), max, $"a range from {min} ends above it");
        if (isLog && min <= 0)
            throw new ArgumentOutOfRangeException(nameof(min), min, "a logarithmic range begins above 0");
        var range = new SearchDimension { Name = name, Texts = [], Min = isLog ? Math.Log(min) : min, Max = isLog ? Math.Log(max) : max, IsLog = isLog, IsWhole = isWhole };
        return range with { Texts = [range.TextOf(0), range.TextOf(1)] };
    }

    /// <summary>Some words.</summary>
    /// <param name="name">Our name of the option.</param>
    /// <param name="words">Two and up.</param>
    public static SearchDimension OneOf(string name, params IReadOnlyList<string> words) => new() { Name = name, Texts = [.. words], IsChoice = true };

    /// <summary>The option's text at a place.</summary>
    /// <param name="place">0..1 of a range, the number of a word of words.</param>
    public string TextOf(double place)
    {
        if (IsChoice)
            return Texts[(int)place];
        double inner = Min + Math.Clamp(place, 0, 1) * (Max - Min), value = IsLog ? Math.Exp(inner) : inner;
        return (IsWhole ? Math.Round(value) : value).ToString(IsWhole ? "F0" : Format, CultureInfo.InvariantCulture);
    }

    /// <summary>The place that a number between 0 and 1 falls on.</summary>
    /// <param name="unit">Below 1.</param>
    public double PlaceOf(double unit) => IsChoice ? Math.Min(Texts.Count - 1, Math.Floor(unit * Texts.Count)) : unit;

    /// <summary>The dimension as text: what makes one search another.</summary>
    public override string ToString() => IsChoice
        ? $"{Name} [{string.Join(", ", Texts)}]"
        : string.Create(CultureInfo.InvariantCulture, $"{Name} {Texts[0]}..{Texts[1]}{(IsLog ? " log" : "")}{(IsWhole ? " int" : "")}");
}
