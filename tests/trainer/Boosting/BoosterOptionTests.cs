using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer.Tests;

/// <summary>Each option does something, and each name of the table sets what it says.</summary>
public class BoosterOptionTests
{
    private static readonly BoosterOptions s_options = new() { Trees = 12, LearningRate = 0.1, EarlyStoppingRounds = 0 };

    // Beside the defaults; where an option needs another to matter, that one is in both trainings.
    public static TheoryData<string, string, string> Effects => new()
    {
        { "objective", "focal", "" },
        { "trees", "5", "" },
        { "learning_rate", "0.3", "" },
        { "max_leaves", "4", "" },
        { "max_depth", "3", "" },
        { "growth", "depth_wise", "max_leaves=7" },
        { "max_bins", "9", "" },
        { "min_child_weight", "30", "" },
        { "min_rows_in_leaf", "200", "" },
        { "l1", "3", "" },
        { "l2", "50", "" },
        { "min_gain", "5", "" },
        { "max_delta_step", "0.05", "" },
        { "max_delta_step", "0.05", "objective=quantile" },
        { "max_delta_step", "0.3", "objective=poisson" },
        { "row_sample", "0.5", "" },
        { "column_sample", "0.4", "" },
        { "column_sample_by_level", "0.4", "" },
        { "column_sample_by_node", "0.4", "" },
        { "goss_top_rate", "0.2", "" },
        { "goss_other_rate", "0.3", "goss_top_rate=0.2" },
        { "monotone_constraints", "{ plays: 1 }", "" },
        { "interaction_constraints", "[[tenure, plan], [plays, trend]]", "" },
        { "random_thresholds", "true", "" },
        { "quantized_gradients", "false", "" },
        { "max_categories_per_split", "1", "" },
        { "min_rows_per_category", "1", "" },
        { "category_smoothing", "0", "min_rows_per_category=1" },
        { "class_weight", "balanced", "" },
        { "class_weight", "0: 1, 1: 3", "" },
        { "class_weight", "balanced", "objective=focal" },
        { "scale_pos_weight", "4", "" },
        { "tweedie_variance_power", "1.9", "objective=tweedie" },
        { "quantile_alpha", "0.8", "objective=quantile" },
        { "focal_gamma", "0", "objective=focal" },
        { "focal_alpha", "0.8", "objective=focal" },
        { "early_stopping_rounds", "2", "learning_rate=1" },
        { "early_stopping_metric", "auc", "trees=300,learning_rate=0.2,early_stopping_rounds=10" },
        { "seed", "3", "row_sample=0.5" },
    };

    [Theory]
    [MemberData(nameof(Effects))]
    public void Option_TakenAway_ChangesTheTrees(string name, string value, string with)
    {
        (LabelledRows rows, _) = TestRows.Churn(3000, seed: 4);
        (LabelledRows later, _) = TestRows.Churn(1500, seed: 5);
        using FeatureMatrix matrix = rows.Matrix, other = later.Matrix;
        if (with.Contains("quantile", StringComparison.Ordinal))
            (rows, later) = (Scaled(rows), Scaled(later));
        BoosterOptions without = with.Split(',', StringSplitOptions.RemoveEmptyEntries).Aggregate(s_options, (options, one) => Set(options, one.Split('=')[0], one.Split('=')[1]));
        TreeEnsemble a = Booster.Fit(rows, later, without).Ensemble, b = Booster.Fit(rows, later, Set(without, name, value)).Ensemble;
        Assert.False(a.BaseMargin == b.BaseMargin && a.Trees.Count == b.Trees.Count
            && a.Trees.Zip(b.Trees).All(pair => pair.First.LeafValue.SequenceEqual(pair.Second.LeafValue) && pair.First.Feature.SequenceEqual(pair.Second.Feature)), $"{name}: {value} changes nothing");
    }

    [Fact]
    public void Effects_CoverEveryOption() => Assert.Empty(BoosterOptionTable.All.Select(option => option.Name).Except(Effects.Select(row => row.Data.Item1)));

    [Fact]
    public void Table_Options_AreAllOfThemAndReadBack()
    {
        string[] properties = [.. typeof(BoosterOptions).GetProperties().Where(property => property.CanWrite && property.Name != nameof(BoosterOptions.Threads)).Select(property => Snake(property.Name))];
        Assert.Equal(properties.Order(), BoosterOptionTable.All.Select(option => option.Name).Order());
        foreach (BoosterOption option in BoosterOptionTable.All)
        {
            Assert.NotEmpty(option.Meaning);
            string value = Effects.First(row => row.Data.Item1 == option.Name).Data.Item2;
            BoosterOptions read = option.Read(new BoosterOptions(), value)!;
            Assert.Equal([option.Name], Changed(read));
            Assert.Null(option.Read(new BoosterOptions(), "neither number nor word"));
            Assert.Null(option.Read(new BoosterOptions(), ""));
        }
    }

    [Fact]
    public void Table_Names_AreDistinct()
    {
        Assert.Distinct(BoosterOptionTable.Names);
        Assert.All(BoosterOptionTable.Names, name => Assert.True(BoosterOptionTable.Find(name)!.IsCalled(name)));
        Assert.Null(BoosterOptionTable.Find("alpha"));
    }

    [Theory]
    [InlineData("eta", "learning_rate")]
    [InlineData("num_leaves", "max_leaves")]
    [InlineData("min_sum_hessian_in_leaf", "min_child_weight")]
    [InlineData("lambda_l2", "l2")]
    [InlineData("reg_lambda", "l2")]
    [InlineData("reg_alpha", "l1")]
    [InlineData("subsample", "row_sample")]
    [InlineData("bagging_fraction", "row_sample")]
    [InlineData("colsample_bytree", "column_sample")]
    [InlineData("feature_fraction", "column_sample")]
    [InlineData("num_iterations", "trees")]
    [InlineData("n_estimators", "trees")]
    [InlineData("max_bin", "max_bins")]
    [InlineData("min_data_in_leaf", "min_rows_in_leaf")]
    [InlineData("eval_metric", "early_stopping_metric")]
    [InlineData("random_state", "seed")]
    public void Table_NameOfAPeer_IsOurs(string alias, string name) => Assert.Equal(name, BoosterOptionTable.Find(alias)!.Name);

    [Theory]
    [InlineData("binary:logistic", ObjectiveKind.Logistic)]
    [InlineData("reg:squarederror", ObjectiveKind.SquaredError)]
    [InlineData("count:poisson", ObjectiveKind.Poisson)]
    [InlineData("reg:tweedie", ObjectiveKind.Tweedie)]
    public void Table_ObjectiveOfAPeer_IsOurs(string name, ObjectiveKind objective) =>
        Assert.Equal(objective, BoosterOptionTable.Find("objective")!.Read(new BoosterOptions(), name)!.Objective);

    [Theory]
    [InlineData("balanced", "balanced")]
    [InlineData("{ 0: 1, 1: 3 }", "0: 1, 1: 3")]
    [InlineData("1:2.5", "0: 1, 1: 2.5")]
    [InlineData("0: 0.5", "0: 0.5, 1: 1")]
    public void ClassWeights_Text_IsReadAndWritten(string text, string expected)
    {
        ClassWeights weights = ClassWeights.TryParse(text)!;
        Assert.Equal(expected, weights.ToString());
        Assert.Equal(weights, ClassWeights.TryParse(weights.ToString()));
    }

    [Theory]
    [InlineData("2: 1")]
    [InlineData("0: 1, 0: 2")]
    [InlineData("0: -1")]
    [InlineData("1: NaN")]
    [InlineData("0")]
    [InlineData("heavy")]
    public void ClassWeights_OtherText_IsNone(string text) => Assert.Null(ClassWeights.TryParse(text));

    internal static BoosterOptions Set(BoosterOptions options, string name, string value) => BoosterOptionTable.Find(name)!.Read(options, value)!;

    private static LabelledRows Scaled(LabelledRows rows) => rows with { Labels = Enumerable.Range(0, rows.Labels.Length).Select(row => rows.Matrix.Row(row)[1] + rows.Matrix.Row(row)[7] * rows.Matrix.Row(row)[2]).ToArray() };

    private static string Snake(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static string[] Changed(BoosterOptions options) =>
        [.. typeof(BoosterOptions).GetProperties().Where(property => !Equals(property.GetValue(options), property.GetValue(new BoosterOptions()))).Select(property => Snake(property.Name))];
}
