using System.Globalization;

namespace ChurnEngine.Features;

/// <summary>An arithmetic expression over features, in double; NaN in gives NaN out except in coalesce and the branch of an if that is not taken.</summary>
internal abstract record Expression
{
    /// <param name="values">Values of all features before this one, by position in the plan.</param>
    public abstract double Evaluate(ReadOnlySpan<double> values);

    /// <summary>One text for all ways to write it.</summary>
    /// <param name="names">Names of the features by position in the plan.</param>
    public abstract string Text(Func<int, string> names);

    /// <summary>Positions of the features it reads.</summary>
    public abstract IEnumerable<int> Inputs { get; }
}

/// <summary>A number.</summary>
internal sealed record ConstantNode(double Value) : Expression
{
    public override IEnumerable<int> Inputs => [];

    public override double Evaluate(ReadOnlySpan<double> values) => Value;

    public override string Text(Func<int, string> names) => Value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>A feature.</summary>
internal sealed record FeatureNode(int Feature) : Expression
{
    public override IEnumerable<int> Inputs => [Feature];

    public override double Evaluate(ReadOnlySpan<double> values) => values[Feature];

    public override string Text(Func<int, string> names) => WhereClause.Quote(names(Feature));
}

/// <summary>An operator between two expressions; comparisons give 1 or 0, and NaN where a side is missing.</summary>
internal sealed record BinaryNode(string Operator, Expression Left, Expression Right) : Expression
{
    public override IEnumerable<int> Inputs => Left.Inputs.Concat(Right.Inputs);

    public override double Evaluate(ReadOnlySpan<double> values)
    {
        double left = Left.Evaluate(values), right = Right.Evaluate(values);
        return Operator switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => right == 0 ? double.NaN : left / right,
            _ when double.IsNaN(left) || double.IsNaN(right) => double.NaN,
            "<" => left < right ? 1 : 0,
            "<=" => left <= right ? 1 : 0,
            ">" => left > right ? 1 : 0,
            ">=" => left >= right ? 1 : 0,
            "=" => left == right ? 1 : 0,
            _ => left != right ? 1 : 0,
        };
    }

    public override string Text(Func<int, string> names) => $"({Left.Text(names)} {Operator} {Right.Text(names)})";
}

/// <summary>A function of expressions.</summary>
internal sealed record FunctionNode(string Name, IReadOnlyList<Expression> Arguments) : Expression
{
    /// <summary>The functions, and how many arguments each takes.</summary>
    public static IReadOnlyDictionary<string, int> Arities { get; } = new Dictionary<string, int>
    {
        ["abs"] = 1,
        ["exp"] = 1,
        ["log"] = 1,
        ["log1p"] = 1,
        ["sqrt"] = 1,
        ["min"] = 2,
        ["max"] = 2,
        ["coalesce"] = 2,
        ["if"] = 3,
    };

    public override IEnumerable<int> Inputs => Arguments.SelectMany(argument => argument.Inputs);

    public override double Evaluate(ReadOnlySpan<double> values)
    {
        double first = Arguments[0].Evaluate(values);
        return Name switch
        {
            "abs" => Math.Abs(first),
            "exp" => Finite(Math.Exp(first)),
            "log" => first <= 0 ? double.NaN : Math.Log(first),
            "log1p" => first <= -1 ? double.NaN : Log1P(first),
            "sqrt" => Math.Sqrt(first),
            "min" => Math.Min(first, Arguments[1].Evaluate(values)),
            "max" => Math.Max(first, Arguments[1].Evaluate(values)),
            "coalesce" => double.IsNaN(first) ? Arguments[1].Evaluate(values) : first,
            _ => double.IsNaN(first) ? double.NaN : Arguments[first != 0 ? 1 : 2].Evaluate(values),
        };
    }

    public override string Text(Func<int, string> names) => $"{Name}({string.Join(", ", Arguments.Select(argument => argument.Text(names)))})";

    /// <summary>log(1 + x) without the loss of small x. Source: Kahan, in HP-15C Advanced Functions Handbook, 1982.</summary>
    public static double Log1P(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : Math.Log(u) * x / (u - 1);
    }

    private static double Finite(double value) => double.IsInfinity(value) ? double.NaN : value;
}
