using System.Text;

namespace ChurnEngine.Features;

/// <summary>Cursor over the tokens of a condition such as <c>kind in (play, "Thumbs Up") and amount &gt;= 10</c>.</summary>
internal sealed class PlanText
{
    private static readonly string[] s_operators = ["<=", ">=", "!=", "=", "<", ">"];
    private readonly List<(string Text, bool Quoted)> _tokens = [];
    private int _next;

    private readonly string _example;

    /// <param name="text">What the plan says.</param>
    /// <param name="mark">Where.</param>
    /// <param name="example">How it is written, for errors.</param>
    public PlanText(string text, Mark mark, string example)
    {
        Text = text;
        Mark = mark;
        _example = example;
        Split();
    }

    public string Text { get; }

    public Mark Mark { get; }

    public bool AtEnd => _next == _tokens.Count;

    /// <summary>True when the next token is that word, unquoted.</summary>
    public bool Sees(string word) => !AtEnd && !_tokens[_next].Quoted && string.Equals(_tokens[_next].Text, word, StringComparison.OrdinalIgnoreCase);

    /// <summary>True when the next token is a quoted text.</summary>
    public bool SeesQuoted => !AtEnd && _tokens[_next].Quoted;

    public bool Accepts(string word)
    {
        if (!Sees(word))
            return false;
        _next++;
        return true;
    }

    public void Expect(string word)
    {
        if (!Accepts(word))
            throw Error($"expected '{word}'");
    }

    public string Take(string what) => AtEnd ? throw Error($"expected {what}") : _tokens[_next++].Text;

    public string TakeOperator()
    {
        string text = Take("a comparison");
        return s_operators.Contains(text) ? text : throw Error($"expected one of {string.Join(' ', s_operators)} and not '{text}'");
    }

    public long TakeDuration()
    {
        string text = Take("a duration such as 30d");
        return Duration.TryParse(text, out long micros) && micros > 0 ? micros : throw Error($"'{text}' is no duration such as 30d");
    }

    /// <summary>A value: one quoted text, or words up to the next keyword or mark, so that <c>Thumbs Up</c> needs no quotes.</summary>
    public string TakeValue()
    {
        if (!AtEnd && _tokens[_next].Quoted)
            return _tokens[_next++].Text;
        List<string> words = [];
        while (!AtEnd && !_tokens[_next].Quoted && !IsStop())
            words.Add(_tokens[_next++].Text);
        return words.Count == 0 ? throw Error("expected a value") : string.Join(' ', words);
    }

    public Columns.ChurnConfigException Error(string message) =>
        FeaturesErrors.Syntax(Mark, $"cannot read \"{Text}\": {message}", $"for example: {_example}");

    private bool IsStop() => Sees("and") || Sees("or") || Sees("within") || Sees(",") || Sees("(") || Sees(")") || s_operators.Contains(_tokens[_next].Text);

    private void Split()
    {
        int i = 0;
        while (i < Text.Length)
        {
            char c = Text[i];
            if (char.IsWhiteSpace(c))
                i++;
            else if (c is '"' or '\'')
                i = SplitQuoted(i);
            else if (c is '(' or ')' or ',')
                Add(Text[i++].ToString());
            else if (s_operators.FirstOrDefault(o => Text.AsSpan(i).StartsWith(o)) is { } symbol)
            {
                Add(symbol);
                i += symbol.Length;
            }
            else
            {
                int start = i;
                while (i < Text.Length && !char.IsWhiteSpace(Text[i]) && !"(),=<>!\"'".Contains(Text[i]))
                    i++;
                if (i == start)
                    throw Error($"'{c}' is not expected");
                Add(Text[start..i]);
            }
        }
    }

    // A quote inside is written twice, as in SQL.
    private int SplitQuoted(int start)
    {
        char quote = Text[start];
        var value = new StringBuilder();
        for (int i = start + 1; i < Text.Length; i++)
        {
            if (Text[i] != quote)
                value.Append(Text[i]);
            else if (i + 1 < Text.Length && Text[i + 1] == quote)
                value.Append(Text[++i]);
            else
            {
                _tokens.Add((value.ToString(), true));
                return i + 1;
            }
        }
        throw Error("a quote is not closed");
    }

    private void Add(string text) => _tokens.Add((text, false));
}
