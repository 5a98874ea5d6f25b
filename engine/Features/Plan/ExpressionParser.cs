using System.Globalization;

namespace ChurnEngine.Features;

/// <summary>Reads `expr:`: sums before comparisons, products before sums, brackets, functions, numbers, names of features defined above.</summary>
internal class ExpressionParser(string text, Mark mark, IReadOnlyDictionary<string, int> features)
{
    private const int DeepestNesting = 100;
    private static readonly string[] s_comparisons = ["<=", ">=", "!=", "=", "<", ">"];
    private int _at;
    private int _depth;

    public Expression Parse()
    {
        Expression expression = ParseWhole();
        return _at == text.Length ? expression : throw Error($"'{text[_at..]}' is left over");
    }

    /// <summary>How it is written, for errors.</summary>
    protected virtual string Example => "for example expr: \"log1p(plays_30d) - errors_30d / max(plays_30d, 1)\"";

    /// <summary>The text that is left.</summary>
    protected ReadOnlySpan<char> Rest => text.AsSpan(_at);

    /// <summary>Reads what may stand alone, in brackets, or as an argument.</summary>
    protected virtual Expression ParseWhole() => ParseComparison();

    protected virtual Expression ParseComparison()
    {
        if (++_depth > DeepestNesting)
            throw Error($"brackets are nested more than {DeepestNesting} deep");
        Expression left = ParseSum();
        if (s_comparisons.FirstOrDefault(Accepts) is { } symbol)
            left = new BinaryNode(symbol, left, ParseSum());
        _depth--;
        return left;
    }

    private Expression ParseSum()
    {
        Expression left = ParseProduct();
        while (true)
        {
            if (Accepts("+"))
                left = new BinaryNode("+", left, ParseProduct());
            else if (Accepts("-"))
                left = new BinaryNode("-", left, ParseProduct());
            else
                return left;
        }
    }

    private Expression ParseProduct()
    {
        Expression left = ParseUnary();
        while (true)
        {
            if (Accepts("*"))
                left = new BinaryNode("*", left, ParseUnary());
            else if (Accepts("/"))
                left = new BinaryNode("/", left, ParseUnary());
            else
                return left;
        }
    }

    private Expression ParseUnary()
    {
        int signs = 0;
        while (Accepts("-"))
            signs++;
        Expression value = ParseValue();
        return signs % 2 == 0 ? value : new BinaryNode("-", new ConstantNode(0), value);
    }

    private Expression ParseValue()
    {
        if (Accepts("("))
        {
            Expression inner = ParseWhole();
            Expect(")");
            return inner;
        }
        SkipBlanks();
        if (_at == text.Length)
            throw Error("a value is missing at the end");
        if (text[_at] == '"')
            return Feature(TakeQuoted());
        string word = TakeWord();
        if (word.Length == 0)
            throw Error($"'{text[_at]}' is not expected");
        if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && char.IsAsciiDigit(word[0]))
            return double.IsFinite(number) ? new ConstantNode(number) : throw Error($"'{word}' is no finite number");
        return Accepts("(") ? ParseFunction(word) : Feature(word);
    }

    private FunctionNode ParseFunction(string name)
    {
        if (!FunctionNode.Arities.TryGetValue(name, out int arity))
            throw FeaturesErrors.UnknownName(mark, "function", name, FunctionNode.Arities.Keys);
        List<Expression> arguments = [ParseWhole()];
        while (Accepts(","))
            arguments.Add(ParseWhole());
        Expect(")");
        return arguments.Count == arity ? new FunctionNode(name, arguments) : throw Error($"{name} takes {arity} {(arity == 1 ? "argument" : "arguments")} and not {arguments.Count}");
    }

    private FeatureNode Feature(string name) => features.TryGetValue(name, out int index)
        ? new FeatureNode(index)
        : throw Unknown(name);

    /// <summary>What to say of a name that is not among the features.</summary>
    protected virtual Columns.ChurnConfigException Unknown(string name) => FeaturesErrors.UnknownName(mark, "feature (an expression takes features defined above it)", name, features.Keys);

    protected string TakeWord()
    {
        int start = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '.' || IsExponentSign(start)))
            _at++;
        return text[start.._at];
    }

    // The sign in 1e-3.
    private bool IsExponentSign(int start) =>
        text[_at] is '-' or '+' && _at > start && (text[_at - 1] is 'e' or 'E') && char.IsAsciiDigit(text[start]) && text[start..(_at - 1)].All(c => char.IsAsciiDigit(c) || c == '.');

    /// <summary>Takes a text between two of the quotation mark that stands here.</summary>
    protected string TakeQuoted()
    {
        char quote = text[_at];
        // A quote inside is written twice, as in SQL.
        for (int end = text.IndexOf(quote, _at + 1); end >= 0; end = end + 2 <= text.Length ? text.IndexOf(quote, end + 2) : -1)
        {
            if (end + 1 < text.Length && text[end + 1] == quote)
                continue;
            string name = text[(_at + 1)..end].Replace($"{quote}{quote}", $"{quote}", StringComparison.Ordinal);
            _at = end + 1;
            return name;
        }
        throw Error("a quote is not closed");
    }

    protected bool Accepts(string symbol)
    {
        SkipBlanks();
        if (!text.AsSpan(_at).StartsWith(symbol, StringComparison.Ordinal))
            return false;
        _at += symbol.Length;
        SkipBlanks();
        return true;
    }

    protected void Expect(string symbol)
    {
        if (!Accepts(symbol))
            throw Error($"expected '{symbol}'{(_at < text.Length ? $" before '{text[_at..]}'" : " at the end")}");
    }

    protected void SkipBlanks()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
    }

    protected Columns.ChurnConfigException Error(string message) => FeaturesErrors.Syntax(mark, $"cannot read \"{text}\": {message}", Example);
}
