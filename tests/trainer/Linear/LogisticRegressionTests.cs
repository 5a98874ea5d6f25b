using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

public sealed class LogisticRegressionTests
{
    private static readonly LogisticRegressionOptions s_options = new() { Alpha = 0.01, Tolerance = 1e-9, Threads = 2 };

    public static TheoryData<int, double, double, bool> Problems
    {
        get
        {
            var data = new TheoryData<int, double, double, bool>();
            double[] strengths = [0.3, 0.02, 0.001, 1e-5], ratios = [0, 0.2, 0.9, 1];
            for (int seed = 0; seed < 16; seed++)
                data.Add(seed, strengths[seed % 4], ratios[seed / 4], seed % 3 == 0);
            return data;
        }
    }

    // Computed from the model as it is exported, row by row, and not from anything that the solver keeps.
    [Theory]
    [MemberData(nameof(Problems))]
    public void Fit_RandomRows_ZeroIsInTheSubgradient(int seed, double alpha, double ratio, bool weighted)
    {
        (LabelledRows rows, _) = TestRows.Churn(700, seed, weighted);
        LogisticRegressionResult result = LogisticRegression.Fit(rows, null, s_options with { Alpha = alpha, L1Ratio = ratio });
        Assert.True(result.HasConverged);
        ReadOnlySpan<float> labels = rows.Labels.Span, weights = rows.Weights.Span;
        double total = 0, intercept = 0;
        var columns = new List<Column>();
        foreach (FeatureInfo feature in rows.Matrix.Features)
            columns.AddRange(ColumnsOf(rows, feature));
        double[] slopes = new double[columns.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            double residual = weight * (1 / (1 + Math.Exp(-result.Model.Margin(rows.Matrix.Row(i)))) - labels[i]);
            total += weight;
            intercept += residual;
            for (int j = 0; j < slopes.Length; j++)
                slopes[j] += residual * columns[j].Values[i];
        }
        Assert.Equal(0, intercept / total, 2e-9);
        Assert.Equal(result.Columns, columns.Count);
        for (int j = 0; j < slopes.Length; j++)
        {
            double b = result.Coefficients.SingleOrDefault(c => c.Feature == columns[j].Feature && c.Level == columns[j].Level)?.PerDeviation ?? 0;
            double slope = slopes[j] / total + alpha * (1 - ratio) * b;
            if (b == 0)
                Assert.InRange(Math.Abs(slope), 0, alpha * ratio + 2e-9);
            else
                Assert.Equal(0, slope + Math.Sign(b) * alpha * ratio, 2e-9);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_MoreThreads_GivesTheSameBits(bool weighted)
    {
        (LabelledRows rows, _) = TestRows.Churn(20_000, 5, weighted);
        (LabelledRows later, _) = TestRows.Churn(5000, 6, weighted);
        LogisticRegressionResult[] results = [.. ((int[])[1, 2, 7]).Select(threads => LogisticRegression.Fit(rows, later, new LogisticRegressionOptions { Threads = threads }))];
        foreach (LogisticRegressionResult result in results[1..])
        {
            Assert.Equal(results[0].Coefficients, result.Coefficients);
            Assert.Equal((results[0].Alpha, results[0].Model.BaseMargin, results[0].ValidationLoss), (result.Alpha, result.Model.BaseMargin, result.ValidationLoss));
        }
    }

    [Fact]
    public void Fit_ValidationRows_ChooseTheStrengthWithTheLeastLoss()
    {
        (LabelledRows rows, _) = TestRows.Churn(400, 1);
        (LabelledRows later, _) = TestRows.Churn(4000, 2);
        LogisticRegressionResult chosen = LogisticRegression.Fit(rows, later, new LogisticRegressionOptions());
        Assert.Equal(Loss(chosen.Model, later), chosen.ValidationLoss, 1e-12);
        foreach (double factor in (double[])[0.05, 0.3, 3, 20])
        {
            LogisticRegressionResult other = LogisticRegression.Fit(rows, later, new LogisticRegressionOptions { Alpha = chosen.Alpha * factor });
            Assert.True(other.ValidationLoss > chosen.ValidationLoss, $"{factor}: {other.ValidationLoss} < {chosen.ValidationLoss}");
        }
    }

    [Fact]
    public void Fit_StrongPenalty_LeavesTheInterceptAlone()
    {
        (LabelledRows rows, _) = TestRows.Churn(500, 3);
        LogisticRegressionResult result = LogisticRegression.Fit(rows, null, s_options with { Alpha = 10 });
        ModelCoefficient intercept = Assert.Single(result.Coefficients);
        double share = rows.Labels.Span.ToArray().Average(label => (double)label);
        Assert.Equal(Math.Log(share / (1 - share)), intercept.Value, 1e-6);
    }

    [Fact]
    public void Fit_CoefficientsReported_GiveTheMargin()
    {
        (LabelledRows rows, _) = TestRows.Churn(2000, 4);
        LogisticRegressionResult result = LogisticRegression.Fit(rows, null, s_options with { Alpha = 0.001 });
        Dictionary<(string, string), double> value = result.Coefficients.ToDictionary(c => (c.Feature, c.Level), c => c.Value);
        for (int i = 0; i < 200; i++)
        {
            double margin = value[(ModelCoefficient.InterceptName, "")];
            ReadOnlySpan<float> row = rows.Matrix.Row(i);
            for (int f = 0; f < row.Length; f++)
            {
                FeatureInfo feature = rows.Matrix.Features[f];
                margin += float.IsNaN(row[f]) ? value.GetValueOrDefault((feature.Name, ModelCoefficient.MissingLevel)) + value.GetValueOrDefault((feature.Name, "")) * result.Model.Terms[f].Mean
                    : feature.Kind == FeatureKind.Numeric ? value.GetValueOrDefault((feature.Name, "")) * row[f]
                    : value.GetValueOrDefault((feature.Name, feature.Categories[(int)row[f]]));
            }
            Assert.Equal(margin, result.Model.Margin(row), 1e-9);
        }
    }

    [Fact]
    public void Fit_AnyModel_ContributionsAverageToZeroAndAddUp()
    {
        (LabelledRows rows, _) = TestRows.Churn(1500, 8, weighted: true);
        LinearModel model = LogisticRegression.Fit(rows, null, s_options).Model;
        IExplainer shap = model.CreateExplainer();
        double[] mean = new double[model.FeatureCount], one = new double[model.FeatureCount];
        double weights = 0;
        for (int i = 0; i < 1500; i++)
        {
            shap.Explain(rows.Matrix.Row(i), one);
            Assert.Equal(model.Margin(rows.Matrix.Row(i)), shap.ExpectedMargin + one.Sum(), 1e-12);
            for (int f = 0; f < one.Length; f++)
                mean[f] += rows.Weights.Span[i] * one[f];
            weights += rows.Weights.Span[i];
        }
        Assert.All(mean, sum => Assert.Equal(0, sum / weights, 1e-12));
    }

    // The definition: a feature that a coalition does not know is averaged over the training rows, whatever the others are.
    [Fact]
    public void Explain_SmallModel_IsShapleysValueOverTheTrainingRows()
    {
        (LabelledRows rows, _) = TestRows.Churn(250, 13, weighted: true);
        LinearModel model = LogisticRegression.Fit(rows, null, s_options with { Alpha = 0.001 }).Model;
        int features = model.FeatureCount;
        float[] explained = rows.Matrix.Row(17).ToArray(), mixed = new float[features];
        double[] worth = new double[1 << features];
        for (int known = 0; known < worth.Length; known++)
        {
            double sum = 0, total = 0;
            for (int i = 0; i < 250; i++)
            {
                for (int f = 0; f < features; f++)
                    mixed[f] = (known >> f & 1) != 0 ? explained[f] : rows.Matrix.Row(i)[f];
                sum += rows.Weights.Span[i] * model.Margin(mixed);
                total += rows.Weights.Span[i];
            }
            worth[known] = sum / total;
        }
        double[] contributions = new double[features], expected = new double[features];
        model.CreateExplainer().Explain(explained, contributions);
        for (int f = 0; f < features; f++)
        {
            for (int known = 0; known < worth.Length; known++)
            {
                int size = System.Numerics.BitOperations.PopCount((uint)known);
                if ((known >> f & 1) == 0)
                    expected[f] += (worth[known | 1 << f] - worth[known]) * Factorial(size) * Factorial(features - size - 1) / Factorial(features);
            }
            Assert.Equal(expected[f], contributions[f], 1e-10);
        }
        Assert.Contains(contributions, value => Math.Abs(value) > 0.1);

        static double Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);
    }

    [Fact]
    public void Settle_Folds_TakesTheirMedianStrength()
    {
        (LabelledRows rows, _) = TestRows.Churn(800, 14);
        var algorithm = new LogisticAlgorithm(new LogisticRegressionOptions { Threads = 1 });
        TrainedPredictor[] folds = [.. Enumerable.Range(0, 3).Select(fold => algorithm.Fit(rows, TestRows.Churn(300, 30 + fold).Rows))];
        TrainedPredictor settled = algorithm.Settle(folds).Fit(rows, null);
        Assert.Equal(folds.Select(fold => fold.Chosen).Order().ElementAt(1), settled.Chosen);
        Assert.Equal(("Logistic", settled.Chosen.ToString("R", System.Globalization.CultureInfo.InvariantCulture)), (settled.Options["Algorithm"], settled.Options["Alpha"]));
        Assert.DoesNotContain("Threads", settled.Options.Keys);
    }

    [Fact]
    public void Fit_OddValues_CountAsSaid()
    {
        float[] infinite = [.. Enumerable.Range(0, 200).Select(i => i % 9 == 0 ? float.PositiveInfinity : i % 9 == 1 ? float.NegativeInfinity : i % 7)];
        float[] missing = [.. infinite.Select(value => float.IsFinite(value) ? value : float.NaN)];
        float[] codes = [.. Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? -1f : i % 50 == 1 ? 1e30f : i % 2)];
        float[] labels = [.. Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? (i % 5 == 0 ? 0f : 1f) : i % 4 == 0 ? 1f : 0f)];
        LogisticRegressionOptions options = s_options with { Alpha = 1e-4 };
        LogisticRegressionResult a = LogisticRegression.Fit(new LabelledRows(Three(infinite), labels), null, options);
        LogisticRegressionResult b = LogisticRegression.Fit(new LabelledRows(Three(missing), labels), null, options);
        Assert.Equal(b.Coefficients, a.Coefficients);
        Assert.All((float[])[float.NaN, float.PositiveInfinity, float.MaxValue], value => Assert.True(double.IsFinite(a.Model.Margin([value, 1, value, 5, 6]))));
        // Neither a constant, nor a column that is missing throughout, has a coefficient; what training never saw counts as average.
        Assert.DoesNotContain(a.Coefficients, c => c.Feature is "constant" or "absent");
        Assert.Equal(a.Model.Margin([3, 1, 0, 5, 6]), a.Model.Margin([3, 1, 0, float.NaN, float.NaN]));
        Assert.Contains(a.Coefficients, c => c.Level == ModelCoefficient.OtherLevel);
        Assert.Equal(a.Model.Margin([3, 1, -1, 5, 6]), a.Model.Margin([3, 1, 77, 5, 6]));

        FeatureMatrix Three(float[] values) => TestRows.Matrix(
            (TestRows.Numeric("x"), values),
            (TestRows.Numeric("y"), [.. Enumerable.Range(0, 200).Select(i => i % 11 * 1e6f)]),
            (TestRows.Categorical("code", 2), codes),
            (TestRows.Numeric("constant"), [.. Enumerable.Repeat(5f, 200)]),
            (TestRows.Numeric("absent"), [.. Enumerable.Repeat(float.NaN, 200)]));
    }

    [Fact]
    public void Fit_TwoEqualRowsOrOneOfTwiceTheWeight_GiveTheSame()
    {
        (LabelledRows rows, _) = TestRows.Churn(300, 11);
        using FeatureMatrix twice = rows.Matrix.Gather([.. Enumerable.Range(0, 300), .. Enumerable.Range(0, 100)]);
        float[] labels = [.. rows.Labels.Span, .. rows.Labels.Span[..100]];
        float[] weights = [.. Enumerable.Range(0, 300).Select(i => i < 100 ? 2f : 1f)];
        // The rarest level must be no rarer for being weighted.
        LogisticRegressionOptions options = s_options with { MinRowsPerCategory = 1 };
        LogisticRegressionResult repeated = LogisticRegression.Fit(new LabelledRows(twice, labels), null, options);
        LogisticRegressionResult weighted = LogisticRegression.Fit(rows with { Weights = weights }, null, options);
        Assert.Equal(repeated.Coefficients.Select(c => (c.Feature, c.Level)), weighted.Coefficients.Select(c => (c.Feature, c.Level)));
        foreach ((ModelCoefficient a, ModelCoefficient b) in repeated.Coefficients.Zip(weighted.Coefficients))
            Assert.Equal(a.Value, b.Value, 1e-6);
        Assert.Equal(weighted.TrainLoss, repeated.TrainLoss, 1e-9);
    }

    [Fact]
    public void Fit_SeparableRows_StopsAndSaysSo()
    {
        float[] x = [.. Enumerable.Range(0, 60).Select(i => (float)i)];
        float[] labels = [.. x.Select(value => value < 30 ? 0f : 1f)];
        LogisticRegressionResult result = LogisticRegression.Fit(new LabelledRows(TestRows.Matrix((TestRows.Numeric("x"), x)), labels), null, s_options with { Alpha = 0, MaxIterations = 8 });
        Assert.False(result.HasConverged);
        Assert.Equal(8, result.Iterations);
        Assert.All(result.Coefficients, c => Assert.True(double.IsFinite(c.Value)));
    }

    [Fact]
    public void Fit_MinRowsPerCategory_PutsTheRareTogether()
    {
        (LabelledRows rows, _) = TestRows.Churn(600, 12);
        Assert.True(Columns(1) > Columns(25));
        Assert.True(Columns(25) > Columns(700));

        int Columns(int least) => LogisticRegression.Fit(rows, null, s_options with { MinRowsPerCategory = least }).Columns;
    }

    [Fact]
    public void Fit_BadRows_AreRefusedByName()
    {
        (LabelledRows rows, _) = TestRows.Churn(50, 1);
        Assert.Equal(4005, Code(rows with { Labels = new float[50] }));
        Assert.Equal(4004, Code(rows with { Labels = Enumerable.Repeat(0.5f, 50).ToArray() }));
        Assert.Equal(4002, Code(new LabelledRows(TestRows.Matrix((TestRows.Numeric("x"), new float[50])), rows.Labels)));
        FeatureInfo many = TestRows.Categorical("id", 300);
        (FeatureInfo, float[])[] columns = [.. Enumerable.Range(0, 20).Select(f => (many with { Name = $"id{f}" }, Enumerable.Range(0, 6000).Select(i => (float)((i + i / 300 * (f + 1)) % 300)).ToArray()))];
        LabelledRows wide = new(TestRows.Matrix(columns), Enumerable.Range(0, 6000).Select(i => (float)(i & 1)).ToArray());
        Assert.Equal(4031, Code(wide));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit(rows, null, new LogisticRegressionOptions()));

        static int Code(LabelledRows rows) => Assert.ThrowsAny<ChurnDataException>(() => LogisticRegression.Fit(rows, null, s_options)).Code.Number;
    }

    public static TheoryData<LogisticRegressionOptions, string> BadOptions => new()
    {
        { s_options with { Alpha = -1 }, "'alpha'" },
        { s_options with { Alpha = double.NaN }, "'alpha'" },
        { s_options with { L1Ratio = 1.1 }, "'l1_ratio'" },
        { s_options with { L1Ratio = double.NaN }, "'l1_ratio'" },
        { s_options with { Tolerance = 0 }, "'tolerance'" },
        { s_options with { MaxIterations = 0 }, "'max_iterations'" },
        { s_options with { MinRowsPerCategory = 0 }, "'min_rows_per_category'" },
        { s_options with { Threads = 0 }, "'threads'" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Validate_OutOfRange_NamesTheOption(LogisticRegressionOptions options, string named)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(options.Validate);
        Assert.Equal(4007, error.Code.Number);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private sealed record Column(string Feature, string Level, double[] Values);

    // The columns by their definition in words: standardised over the weighted rows.
    private static IEnumerable<Column> ColumnsOf(LabelledRows rows, FeatureInfo feature)
    {
        int index = rows.Matrix.Features.ToList().IndexOf(feature);
        int n = (int)rows.Matrix.RowCount;
        float[] x = [.. Enumerable.Range(0, n).Select(i => rows.Matrix.Row(i)[index])];
        double[] w = [.. Enumerable.Range(0, n).Select(i => rows.Weights.IsEmpty ? 1.0 : rows.Weights.Span[i])];
        int[] there = [.. Enumerable.Range(0, n).Where(i => !float.IsNaN(x[i]))];
        if (feature.Kind == FeatureKind.Numeric)
        {
            double mean = there.Sum(i => w[i] * x[i]) / there.Sum(i => w[i]);
            double deviation = Math.Sqrt(there.Sum(i => w[i] * (x[i] - mean) * (x[i] - mean)) / there.Sum(i => w[i]));
            yield return new Column(feature.Name, "", [.. x.Select(value => float.IsNaN(value) ? 0 : (value - mean) / deviation)]);
        }
        else
        {
            ILookup<bool, int> common = Enumerable.Range(0, feature.Categories.Count).ToLookup(code => there.Count(i => x[i] == code) >= s_options.MinRowsPerCategory);
            foreach (int code in common[true])
                yield return Level(feature.Categories[code], i => x[i] == code);
            if (there.Any(i => common[false].Contains((int)x[i])))
                yield return Level(ModelCoefficient.OtherLevel, i => common[false].Any(code => code == x[i]));
        }
        if (there.Length < n)
            yield return Level(ModelCoefficient.MissingLevel, i => float.IsNaN(x[i]));

        Column Level(string name, Func<int, bool> isIt)
        {
            double share = Enumerable.Range(0, n).Where(isIt).Sum(i => w[i]) / w.Sum();
            return new Column(feature.Name, name, [.. Enumerable.Range(0, n).Select(i => ((isIt(i) ? 1 : 0) - share) / Math.Sqrt(share * (1 - share)))]);
        }
    }

    private static double Loss(LinearModel model, LabelledRows rows)
    {
        double sum = 0;
        for (int i = 0; i < rows.Matrix.RowCount; i++)
        {
            double margin = model.Margin(rows.Matrix.Row(i));
            sum += Math.Log(1 + Math.Exp(margin)) - rows.Labels.Span[i] * margin;
        }
        return sum / rows.Matrix.RowCount;
    }
}
