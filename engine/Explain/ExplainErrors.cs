using ChurnEngine.Columns;

namespace ChurnEngine.Explain;

internal static class ExplainErrors
{
    public static ChurnConfigException UnknownFeature(string where, string pattern, IReadOnlyList<string> features) =>
        new(new ErrorCode(6201), $"{where}: no feature is called '{pattern}'")
        {
            Expected = "the name of a feature, or a pattern with * that one matches",
            Actual = $"'{pattern}'",
            Hint = Suggestion.Sentence(pattern, features),
        };

    public static ChurnConfigException UnknownPlaceholder(string where, string placeholder) =>
        new(new ErrorCode(6202), $"{where}: there is no placeholder '{{{placeholder}}}'")
        {
            Expected = string.Join(", ", ReasonSentence.Placeholders.Select(name => $"{{{name}}}")),
            Actual = $"'{{{placeholder}}}'",
            Hint = Suggestion.Sentence(placeholder, ReasonSentence.Placeholders),
        };

    public static ChurnConfigException BrokenTemplate(string where, string text) =>
        new(new ErrorCode(6203), $"{where}: the template is empty, or a bracket is not closed")
        {
            Expected = "a sentence such as \"{value} support tickets in {window}, usual is {usual}\"",
            Actual = $"'{text}'",
            Hint = "close every {, and quote the text in YAML",
        };

    public static ChurnConfigException InTwoFamilies(string feature, string first, string second) =>
        new(new ErrorCode(6204), $"reasons.families: feature '{feature}' is in two families")
        {
            Expected = "one family a feature",
            Actual = $"'{first}' and '{second}'",
            Hint = "take it out of one of them",
        };
}
