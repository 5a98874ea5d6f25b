using System.Globalization;
using ChurnEngine.Columns;

namespace ChurnEngine.Features;

/// <summary>Reads the conditions of <see cref="RowFilter"/>: <c>or</c> before <c>and</c> before <c>not</c> before comparisons, by how loosely they bind.</summary>
internal sealed class FilterParser : ExpressionParser
{
    private readonly Mark _mark;
    private readonly bool _isOpen;
    private readonly IReadOnlyDictionary<string, int> _numbers;
    private readonly IReadOnlyDictionary<string, (int Feature, IReadOnlyList<string> Categories)> _categories;

    public FilterParser(string text, Mark mark, IReadOnlyDictionary<string, int> numbers, IReadOnlyDictionary<string, (int Feature, IReadOnlyList<string> Categories)> categories, bool isOpen)
        : base(text, mark, numbers) => (_mark, _numbers, _categories, _isOpen) = (mark, numbers, categories, isOpen);

    protected override string Example => "for example \"probability >= 0.5 and tenure > 3\"; texts with blanks or signs in them are quoted, Contract = 'One year'";

    protected override Expression ParseWhole()
    {
        Expression left = ParseAnd();
        while (AcceptsWord("or"))
            left = new LogicNode("or", left, ParseAnd());
        return left;
    }

    protected override Expression ParseComparison() => FindCategory() is { } category ? ParseCategory(category) : base.ParseComparison();

    protected override ChurnConfigException Unknown(string name) => _categories.ContainsKey(name)
        ? Error($"'{name}' holds texts, which are compared by =, !=, in and not in, on the left")
        : FeaturesErrors.UnknownName(_mark, "name", name, _numbers.Keys.Concat(_categories.Keys));

    private Expression ParseAnd()
    {
        Expression left = ParseNot();
        while (AcceptsWord("and"))
            left = new LogicNode("and", left, ParseNot());
        return left;
    }

    private Expression ParseNot()
    {
        bool negated = false;
        while (AcceptsWord("not"))
            negated = !negated;
        Expression inner = ParseComparison();
        return negated ? new NotNode(inner) : inner;
    }

    // Looks ahead: whether what stands here is a text feature is known once its name was read.
    private string? FindCategory()
    {
        SkipBlanks();
        foreach (string name in _categories.Keys)
        {
            string quoted = WhereClause.Quote(name);
            if (Rest.StartsWith(quoted, StringComparison.Ordinal) || (Rest.StartsWith(name, StringComparison.Ordinal) && !ContinuesWord(name.Length)))
                return name;
        }
        return null;
    }

    private bool ContinuesWord(int length) => length < Rest.Length && (char.IsLetterOrDigit(Rest[length]) || Rest[length] is '_' or '.' or '(');

    private CategoryNode ParseCategory(string name)
    {
        if (!Accepts(WhereClause.Quote(name)))
            Accepts(name);
        bool excludes = AcceptsWord("not");
        List<string> values = [];
        if (AcceptsWord("in"))
        {
            Expect("(");
            do
                values.Add(TakeText());
            while (Accepts(","));
            Expect(")");
        }
        else
        {
            if (excludes || !(Accepts("=") || (excludes = Accepts("!="))))
                throw Unknown(name);
            values.Add(TakeText());
        }
        (int feature, IReadOnlyList<string> categories) = _categories[name];
        foreach (string value in values)
        {
            if (!_isOpen && !categories.Contains(value))
                throw FeaturesErrors.UnknownName(_mark, $"value of '{name}' (as the model was trained)", value, categories);
        }
        return new CategoryNode(feature, [.. categories.Select(values.Contains)], excludes, values);
    }

    private string TakeText()
    {
        SkipBlanks();
        if (Rest.Length > 0 && Rest[0] is '"' or '\'')
            return TakeQuoted();
        int length = 0;
        while (length < Rest.Length && !char.IsWhiteSpace(Rest[length]) && !"(),=<>!\"'".Contains(Rest[length], StringComparison.Ordinal))
            length++;
        string word = Rest[..length].ToString();
        return length > 0 && Accepts(word) ? word : throw Error(Rest.Length == 0 ? "a value is missing at the end" : $"a value is missing before '{Rest}'");
    }

    private bool AcceptsWord(string word)
    {
        SkipBlanks();
        if (!Rest.StartsWith(word, StringComparison.OrdinalIgnoreCase) || (word.Length < Rest.Length && (char.IsLetterOrDigit(Rest[word.Length]) || Rest[word.Length] is '_' or '.')))
            return false;
        return Accepts(Rest[..word.Length].ToString());
    }
}

/// <summary>Two truths joined, with three values as in SQL: NaN is unknown.</summary>
internal sealed record LogicNode(string Operator, Expression Left, Expression Right) : Expression
{
    public override IEnumerable<int> Inputs => Left.Inputs.Concat(Right.Inputs);

    public override double Evaluate(ReadOnlySpan<double> values)
    {
        double left = Left.Evaluate(values), right = Right.Evaluate(values);
        // The truth that settles the whole, whatever the other side is.
        double settles = Operator == "or" ? 1 : 0;
        if (Truth(left) == settles || Truth(right) == settles)
            return settles;
        return double.IsNaN(left) || double.IsNaN(right) ? double.NaN : 1 - settles;
    }

    public override string Text(Func<int, string> names) => $"({Left.Text(names)} {Operator} {Right.Text(names)})";

    internal static double Truth(double value) => double.IsNaN(value) ? double.NaN : value > 0 ? 1 : 0;
}

/// <summary>The opposite of a truth; unknown stays unknown.</summary>
internal sealed record NotNode(Expression Inner) : Expression
{
    public override IEnumerable<int> Inputs => Inner.Inputs;

    public override double Evaluate(ReadOnlySpan<double> values) => 1 - LogicNode.Truth(Inner.Evaluate(values));

    public override string Text(Func<int, string> names) => $"not {Inner.Text(names)}";
}

/// <summary>Whether a category is one of some, or none of them; unknown where it is missing.</summary>
/// <param name="Feature">Position of the feature; its value is a code.</param>
/// <param name="Members">[code] whether it is one of them.</param>
/// <param name="Excludes">Asks for none of them.</param>
/// <param name="Values">Their texts.</param>
internal sealed record CategoryNode(int Feature, bool[] Members, bool Excludes, IReadOnlyList<string> Values) : Expression
{
    public override IEnumerable<int> Inputs => [Feature];

    public override double Evaluate(ReadOnlySpan<double> values) =>
        double.IsNaN(values[Feature]) ? double.NaN : Members[(int)values[Feature]] != Excludes ? 1 : 0;

    public override string Text(Func<int, string> names) =>
        string.Create(CultureInfo.InvariantCulture, $"{WhereClause.Quote(names(Feature))} {(Excludes ? "not in" : "in")} ({string.Join(", ", Values.Distinct().Order(StringComparer.Ordinal).Select(WhereClause.Quote))})");
}
