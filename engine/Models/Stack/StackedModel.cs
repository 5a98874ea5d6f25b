namespace ChurnEngine.Models;

/// <summary>A weighted sum of models, with the weights already in it: the trees of all of them as one ensemble, and their linear forms as one.</summary>
/// <remarks>Its margin is the sum of the two, so SHAP values add up as well, and its file is one graph. The margin that it starts from is all in the trees.</remarks>
public sealed class StackedModel : IPredictor
{
    /// <param name="trees">The trees, leaves weighted.</param>
    /// <param name="linear">The linear form, coefficients weighted.</param>
    /// <remarks>Errors: ArgumentException when the two read different rows.</remarks>
    public StackedModel(TreeEnsemble trees, LinearModel linear)
    {
        ArgumentNullException.ThrowIfNull(trees);
        ArgumentNullException.ThrowIfNull(linear);
        if (trees.FeatureCount != linear.FeatureCount)
            throw new ArgumentException($"trees of {trees.FeatureCount} features and a linear form of {linear.FeatureCount}", nameof(linear));
        Trees = linear.BaseMargin == 0 ? trees : new TreeEnsemble { FeatureCount = trees.FeatureCount, BaseMargin = trees.BaseMargin + linear.BaseMargin, Trees = trees.Trees };
        Linear = linear.BaseMargin == 0 ? linear : new LinearModel { BaseMargin = 0, Terms = linear.Terms };
    }

    /// <summary>The trees, and the margin that the sum starts from.</summary>
    public TreeEnsemble Trees { get; }

    /// <summary>The linear form; its base margin is 0.</summary>
    public LinearModel Linear { get; }

    /// <inheritdoc/>
    public int FeatureCount => Trees.FeatureCount;

    /// <inheritdoc/>
    public double BaseMargin => Trees.BaseMargin;

    /// <summary>A sum of trees and linear forms, each times its weight.</summary>
    /// <param name="members">Members and weights, 1 and up.</param>
    /// <param name="intercept">Log-odds added.</param>
    /// <returns>A sum of trees, or a linear form, where all members that weigh anything are that; else a stack.</returns>
    /// <remarks>Errors: ArgumentException for a member that is neither trees nor linear.</remarks>
    public static IPredictor Of(IReadOnlyList<(IPredictor Member, double Weight)> members, double intercept)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.FirstOrDefault(member => member.Member is not (TreeEnsemble or LinearModel)).Member is { } other)
            throw new ArgumentException($"a {other.GetType().Name} is neither trees nor a linear form", nameof(members));
        (TreeEnsemble Trees, double Weight)[] trees = [.. members.Where(member => member.Member is TreeEnsemble).Select(member => ((TreeEnsemble)member.Member, member.Weight))];
        (LinearModel Linear, double Weight)[] linear = [.. members.Where(member => member.Member is LinearModel).Select(member => ((LinearModel)member.Member, member.Weight))];
        var ensemble = new TreeEnsemble
        {
            FeatureCount = members[0].Member.FeatureCount,
            BaseMargin = intercept + trees.Sum(member => member.Weight * member.Trees.BaseMargin),
            // A member without weight is left out: its trees would be walked for nothing.
            Trees = [.. trees.Where(member => member.Weight != 0).SelectMany(member => member.Trees.Trees.Select(tree => Scale(tree, member.Weight)))],
        };
        if (linear.Length == 0 || linear.All(member => member.Weight == 0))
            return ensemble;
        LinearModel sum = Add(linear);
        return ensemble.Trees.Count == 0 ? new LinearModel { BaseMargin = ensemble.BaseMargin + sum.BaseMargin, Terms = sum.Terms } : new StackedModel(ensemble, sum);
    }

    /// <inheritdoc/>
    public double Margin(ReadOnlySpan<float> row) => Linear.Margin(row) + Trees.Margin(row);

    /// <inheritdoc/>
    public void Margins(ReadOnlySpan<float> rows, Span<double> margins) => AddMargins(Trees, rows, margins);

    /// <inheritdoc/>
    public IExplainer CreateExplainer() => new SumShap(Trees.CreateExplainer(), Linear.CreateExplainer());

    /// <summary>The margins of N rows by a form of the trees, each the bits of <see cref="Margin"/>.</summary>
    /// <param name="trees">The trees, as they are or compiled.</param>
    /// <param name="rows">[N * F] row-major values.</param>
    /// <param name="margins">[N], overwritten.</param>
    internal void AddMargins(IPredictor trees, ReadOnlySpan<float> rows, Span<double> margins)
    {
        trees.Margins(rows, margins);
        for (int row = 0; row < margins.Length; row++)
            margins[row] = Linear.Margin(rows.Slice(row * FeatureCount, FeatureCount)) + margins[row];
    }

    private static DecisionTree Scale(DecisionTree tree, double weight) => new()
    {
        Feature = tree.Feature,
        Threshold = tree.Threshold,
        LeftCategories = tree.LeftCategories,
        MissingGoesLeft = tree.MissingGoesLeft,
        Left = tree.Left,
        Right = tree.Right,
        LeafValue = Array.ConvertAll(tree.LeafValue, value => value * weight),
        LeafCover = tree.LeafCover,
    };

    private static LinearModel Add((LinearModel Linear, double Weight)[] members)
    {
        // Two linear forms of the same rows have other means and categories; nobody stacks two.
        if (members.Length > 1)
            throw new ArgumentException($"{members.Length} linear forms", nameof(members));
        (LinearModel linear, double weight) = members[0];
        return new LinearModel
        {
            BaseMargin = linear.BaseMargin * weight,
            Terms = [.. linear.Terms.Select(term => new LinearTerm
            {
                Kind = term.Kind,
                Coefficient = term.Coefficient * weight,
                Mean = term.Mean,
                PresentEffect = term.PresentEffect * weight,
                MissingEffect = term.MissingEffect * weight,
                CategoryEffects = Array.ConvertAll(term.CategoryEffects, effect => effect * weight),
                OtherEffect = term.OtherEffect * weight,
            })],
        };
    }
}

/// <summary>The SHAP values of a sum: those of its parts, added.</summary>
internal sealed class SumShap(IExplainer first, IExplainer second) : IExplainer
{
    public int FeatureCount => first.FeatureCount;

    public double ExpectedMargin => first.ExpectedMargin + second.ExpectedMargin;

    public void Explain(ReadOnlySpan<float> rows, Span<double> contributions)
    {
        first.Explain(rows, contributions);
        double[] others = System.Buffers.ArrayPool<double>.Shared.Rent(contributions.Length);
        second.Explain(rows, others.AsSpan(0, contributions.Length));
        for (int i = 0; i < contributions.Length; i++)
            contributions[i] += others[i];
        System.Buffers.ArrayPool<double>.Shared.Return(others);
    }
}

/// <summary>A stack with compiled trees.</summary>
internal sealed class CompiledStack(StackedModel stack) : IPredictor
{
    private readonly CompiledTrees _trees = new(stack.Trees);

    public int FeatureCount => stack.FeatureCount;

    public double BaseMargin => stack.BaseMargin;

    public double Margin(ReadOnlySpan<float> row) => stack.Margin(row);

    public void Margins(ReadOnlySpan<float> rows, Span<double> margins) => stack.AddMargins(_trees, rows, margins);

    public IExplainer CreateExplainer() => stack.CreateExplainer();
}
