using System.Globalization;
using ChurnEngine.Columns;
using FsCheck;
using FsCheck.Fluent;

namespace ChurnEngine.Trainer.Tests;

/// <summary>A few rows to train on, small enough to try every split.</summary>
/// <param name="Columns">[F][N] values, NaN where missing; codes in a categorical column.</param>
/// <param name="Categories">[F] categories of a column; 0: numbers.</param>
/// <param name="Labels">[N] 0 or 1.</param>
/// <param name="Weights">[N] 0, 1 or 2; at least one row of weight for each label.</param>
internal sealed record SmallTable(float[][] Columns, int[] Categories, float[] Labels, float[] Weights)
{
    // Ties, neighbours, both ends and both zeros.
    private static readonly float[] s_numbers = [0, -0f, 1, 2, 3, 0.5f, -1.5f, 1e30f, -1e30f, float.Epsilon, float.NegativeInfinity, float.PositiveInfinity];

    public int RowCount => Labels.Length;

    /// <summary>Tables of numbers only.</summary>
    public static Arbitrary<SmallTable> Numbers { get; } = Arb.From(Tables(categorical: false), Smaller);

    /// <summary>Tables of numbers and categories.</summary>
    public static Arbitrary<SmallTable> Mixed { get; } = Arb.From(Tables(categorical: true), Smaller);

    /// <summary>The same tables each time; what fails is cut down to the rows and columns that fail.</summary>
    public static Config Config(ulong seed, int tables) => FsCheck.Config.QuickThrowOnFailure.WithMaxTest(tables).WithReplay(seed, 1);

    /// <summary>Names that sort against the order of the columns.</summary>
    public static string NameOf(int column) => ((char)('z' - column)).ToString();

    public FeatureMatrix Matrix() => TestRows.Matrix([.. Columns.Select((values, i) => (Categories[i] > 0 ? TestRows.Categorical(NameOf(i), Categories[i]) : TestRows.Numeric(NameOf(i)), values))]);

    public LabelledRows Rows(FeatureMatrix matrix) => new(matrix, Labels, Weights);

    /// <summary>Some rows, in some order, one of them as often as it is named.</summary>
    public SmallTable Take(IEnumerable<int> rows)
    {
        int[] taken = [.. rows];
        return this with
        {
            Columns = [.. Columns.Select(column => taken.Select(row => column[row]).ToArray())],
            Labels = [.. taken.Select(row => Labels[row])],
            Weights = [.. taken.Select(row => Weights[row])],
        };
    }

    /// <summary>The columns in another order, each with its own name.</summary>
    public (FeatureMatrix Matrix, int[] Order) Permuted(int seed)
    {
        int[] order = [.. Enumerable.Range(0, Columns.Length)];
        new Random(seed).Shuffle(order);
        using FeatureMatrix matrix = Matrix();
        return (TestRows.Matrix([.. order.Select(column => (matrix.Features[column], Columns[column]))]), order);
    }

    public override string ToString()
    {
        var lines = new List<string> { "label weight " + string.Join(' ', Categories.Select((categories, i) => NameOf(i) + (categories > 0 ? "*" : ""))) };
        for (int row = 0; row < RowCount; row++)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{Labels[row]} {Weights[row]} {string.Join(' ', Columns.Select(column => column[row].ToString("R", CultureInfo.InvariantCulture)))}"));
        return "\n" + string.Join('\n', lines);
    }

    private static Gen<SmallTable> Tables(bool categorical) =>
        from rows in Gen.Choose(2, 24)
        from kinds in Gen.ArrayOf(categorical ? Gen.Choose(0, 4) : Gen.Constant(0))
        from seed in Gen.Choose(0, int.MaxValue - 1)
        let categories = kinds.Length == 0 ? [categorical ? 3 : 0] : kinds.Take(4).Select(kind => kind < 2 ? 0 : kind).ToArray()
        select Draw(new Random(seed), rows, categories);

    private static SmallTable Draw(Random random, int rows, int[] categories)
    {
        double missing = random.Next(2) * 0.3;
        bool weighted = random.Next(2) == 0;
        float[][] columns = [.. categories.Select(count =>
        {
            bool distinct = random.Next(2) == 0;
            return Enumerable.Range(0, rows).Select(_ => random.NextDouble() < missing ? float.NaN : count > 0 ? random.Next(count) : distinct ? random.NextSingle() : s_numbers[random.Next(s_numbers.Length)]).ToArray();
        })];
        // The first and the last row see to it that both labels are there.
        float[] labels = [.. Enumerable.Range(0, rows).Select(row => row == 0 ? 0f : row == rows - 1 ? 1f : random.Next(2))];
        float[] weights = [.. Enumerable.Range(0, rows).Select(row => !weighted ? 1f : row == 0 || row == rows - 1 ? random.Next(1, 3) : random.Next(3))];
        return new SmallTable(columns, categories, labels, weights);
    }

    private static IEnumerable<SmallTable> Smaller(SmallTable table)
    {
        for (int drop = 1; drop < table.RowCount - 1; drop++)
            yield return table.Take(Enumerable.Range(0, table.RowCount).Where(row => row != drop));
        for (int drop = 0; drop < table.Columns.Length && table.Columns.Length > 1; drop++)
            yield return table with { Columns = [.. table.Columns.Where((_, i) => i != drop)], Categories = [.. table.Categories.Where((_, i) => i != drop)] };
        if (table.Weights.Any(weight => weight != 1))
            yield return table with { Weights = [.. table.Weights.Select(_ => 1f)] };
    }
}
