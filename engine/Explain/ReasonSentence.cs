using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Explain;

/// <summary>The sentence of one feature, compiled: literal bytes, and the places of what differs from row to row.</summary>
public sealed class ReasonSentence
{
    private readonly (Slot Slot, byte[] Literal)[] _parts;
    private readonly FeatureInfo _feature;
    private readonly byte[] _missing;
    private readonly bool _isBare;

    private ReasonSentence(FeatureInfo feature, (Slot, byte[])[] parts, bool isBare, string subject) =>
        (_feature, _parts, _isBare, _missing) = (feature, parts, isBare, Encoding.UTF8.GetBytes($"{subject} is not known"));

    private enum Slot
    {
        Literal,
        Value,
        Direction,
    }

    /// <summary>What a template may hold between { and }: the value with its unit; the usual value, which is the median of the training rows or their most frequent category;
    /// the unit (the value then stands without); the window in words; raises or lowers; the feature's name; its name in words.</summary>
    public static IReadOnlyList<string> Placeholders { get; } = ["value", "usual", "unit", "window", "direction", "feature", "subject"];

    /// <summary>Compiles a template.</summary>
    /// <param name="template">The text.</param>
    /// <param name="words">What is known of the feature.</param>
    /// <param name="where">For errors, such as "reasons.templates.plays_*".</param>
    /// <remarks>Errors: <see cref="ChurnConfigException"/> CE6202 for an unknown placeholder, CE6203 for an open bracket.</remarks>
    internal static ReasonSentence Compile(string template, FeatureWords words, string where)
    {
        if (string.IsNullOrWhiteSpace(template))
            throw ExplainErrors.BrokenTemplate(where, template);
        bool isBare = template.Contains("{unit}", StringComparison.Ordinal) || words.SaysUnit;
        List<(Slot, byte[])> parts = [];
        var literal = new StringBuilder();
        for (int at = 0; at < template.Length;)
        {
            int open = template.IndexOf('{', at);
            literal.Append(template, at, (open < 0 ? template.Length : open) - at);
            if (open < 0)
                break;
            int close = template.IndexOf('}', open);
            if (close < 0)
                throw ExplainErrors.BrokenTemplate(where, template);
            string name = template[(open + 1)..close];
            Slot slot = name switch { "value" => Slot.Value, "direction" => Slot.Direction, _ => Slot.Literal };
            if (slot == Slot.Literal)
            {
                literal.Append(Constant(name, words, isBare) ?? throw ExplainErrors.UnknownPlaceholder(where, name));
            }
            else
            {
                Flush();
                parts.Add((slot, []));
            }
            at = close + 1;
        }
        Flush();
        return new ReasonSentence(words.Feature, [.. parts], isBare, words.Subject);

        void Flush()
        {
            if (literal.Length > 0)
                parts.Add((Slot.Literal, Encoding.UTF8.GetBytes(literal.ToString())));
            literal.Clear();
        }
    }

    private static string? Constant(string name, FeatureWords words, bool isBare) => name switch
    {
        "usual" => words.Usual is { } usual ? ValueFormat.Text(words.Feature, usual, isBare) : "not known",
        "unit" => words.Feature.Unit,
        "window" => words.Window.Length > 0 ? words.Window : "all time",
        "feature" => words.Feature.Name,
        "subject" => words.Subject,
        _ => null,
    };

    /// <summary>Writes the sentence for a value.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="value">NaN is missing: then the sentence says only that it is not known.</param>
    /// <param name="direction">For {direction}.</param>
    /// <remarks>Memory: allocates nothing.</remarks>
    public void Write(Utf8Text text, float value, ReasonDirection direction)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (float.IsNaN(value))
        {
            text.Append(_missing);
            return;
        }
        foreach ((Slot slot, byte[] literal) in _parts)
        {
            if (slot == Slot.Value)
                ValueFormat.Write(text, _feature, value, _isBare);
            else if (slot == Slot.Direction)
                text.Append(direction == ReasonDirection.Raises ? "raises"u8 : "lowers"u8);
            else
                text.Append(literal);
        }
    }
}
