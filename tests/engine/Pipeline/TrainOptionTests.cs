using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline.Tests;

/// <summary>The options of <c>train:</c> under all their names, and those that a command line gives.</summary>
public sealed class TrainOptionTests
{
    private static readonly int s_planLines = SmallData.Yaml.Count(c => c == '\n');

    [Fact]
    public void Parse_NamesOfLightGbm_AreTaken() => Assert.Equal(
        new BoosterOptions { Objective = ObjectiveKind.Logistic, Trees = 7, LearningRate = 0.3, MaxLeaves = 9, MinRowsInLeaf = 3, L1 = 0.5, L2 = 2, MinGain = 0.1, RowSample = 0.7, ColumnSample = 0.6, MaxBins = 63, MinChildWeight = 2, EarlyStoppingRounds = 4, EarlyStoppingMetric = MetricKind.RocAuc, Seed = 5 },
        Train("train: { objective: binary, num_iterations: 7, shrinkage_rate: 0.3, num_leaves: 9, min_data_in_leaf: 3, lambda_l1: 0.5, lambda_l2: 2, min_gain_to_split: 0.1, bagging_fraction: 0.7, feature_fraction: 0.6, max_bin: 63, min_sum_hessian_in_leaf: 2, early_stopping_round: 4, metric: auc, random_seed: 5 }"));

    [Fact]
    public void Parse_NamesOfXgBoost_AreTaken() => Assert.Equal(
        new BoosterOptions { Objective = ObjectiveKind.Poisson, Trees = 7, LearningRate = 0.3, MaxLeaves = 9, L1 = 0.5, L2 = 2, MinGain = 0.1, RowSample = 0.7, ColumnSample = 0.6, MaxBins = 63, Growth = GrowthPolicy.DepthWise, EarlyStoppingMetric = MetricKind.Rmse, Seed = 5 },
        Train("train: { objective: \"count:poisson\", n_estimators: 7, eta: 0.3, max_leaves: 9, reg_alpha: 0.5, reg_lambda: 2, gamma: 0.1, subsample: 0.7, colsample_bytree: 0.6, max_bin: 63, grow_policy: depthwise, eval_metric: rmse, random_state: 5 }"));

    [Theory]
    [InlineData("balanced", "balanced")]
    [InlineData("{ 0: 1, 1: 3 }", "0: 1, 1: 3")]
    [InlineData("{ 1: 2.5 }", "0: 1, 1: 2.5")]
    public void Parse_ClassWeight_IsAWordOrAMapping(string yaml, string expected) => Assert.Equal(expected, Train($"train: {{ class_weight: {yaml} }}").ClassWeight!.ToString());

    [Theory]
    [InlineData("train: { eta: 0.1, learning_rate: 0.1 }", "'learning_rate' and 'eta'", "'learning_rate' once")]
    [InlineData("train: { n_estimators: 5, num_iterations: 5 }", "'num_iterations' and 'n_estimators'", "'trees' once")]
    public void Parse_OneOptionUnderTwoNames_IsRefused(string section, string names, string expected)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => Train(section));
        Assert.Equal((1114, expected), (error.Code.Number, error.Expected));
        Assert.Contains($"churn.yaml:{s_planLines + 1}: {names}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train: { num_leafs: 5 }", "'num_leafs'", "did you mean 'num_leaf'?")]
    [InlineData("train: { colsample_bytre: 0.5 }", "'colsample_bytre'", "did you mean 'colsample_bytree'?")]
    public void Parse_UnknownName_IsRefused(string section, string name, string suggestion)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => Train(section));
        Assert.Equal(3002, error.Code.Number);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(suggestion, error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train: { objective: poison }", "train.objective", "one of logistic, squared_error, poisson, tweedie, quantile, focal", "poison")]
    [InlineData("train: { eval_metric: f1 }", "train.eval_metric", "auc", "f1")]
    [InlineData("train: { num_leaves: many }", "train.num_leaves", "a whole number", "many")]
    [InlineData("train: { class_weight: { 2: 1 } }", "train.class_weight", "balanced", "2: 1")]
    public void Parse_WrongValue_NamesTheKeyAsWritten(string section, string key, string expected, string actual)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => Train(section));
        Assert.Equal((1102, $"'{actual}'"), (error.Code.Number, error.Actual));
        Assert.Contains($"{key} ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_Named_WinsOverTheProject()
    {
        var settings = new BoosterOptions { Trees = 7, L2 = 3 };
        var overrides = new TrainOverrides { LearningRate = 0.5, Named = [new("--set", "lambda_l2", "9"), new("--set", "class_weight", "1: 4"), new("--objective", "objective", "focal")] };
        Assert.Equal(settings with { LearningRate = 0.5, L2 = 9, ClassWeight = ClassWeights.Of(1, 4), Objective = ObjectiveKind.Focal, Threads = 1 }, overrides.Apply(settings, threads: 1));
        Assert.True(new TrainOverrides { Named = [new("--set", "num_leaves", "9")] }.Gives("max_leaves"));
        Assert.True(new TrainOverrides { MaxLeaves = 3 }.Gives("max_leaves"));
        Assert.False(new TrainOverrides { Trees = 3 }.Gives("max_leaves"));
    }

    [Theory]
    [InlineData(1113, "--set", "num_leafs", "3", "training has no option 'num_leafs'")]
    [InlineData(1115, "--set", "num_leaves", "many", "'num_leaves' is not usable")]
    [InlineData(1115, "--objective", "objective", "poison", "--objective is not usable")]
    [InlineData(1114, "--set", "eta", "0.1", "'--learning-rate' and 'eta' are two names of one option")]
    [InlineData(4007, "--set", "max_bin", "500", "max_bins")]
    public void Apply_NamedThatCannotBe_IsRefused(int code, string flag, string name, string value, string says)
    {
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => new TrainOverrides { LearningRate = 0.5, Named = [new(flag, name, value)] }.Apply(new BoosterOptions(), threads: 1));
        Assert.Equal(code, error.Code.Number);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint);
    }

    [Fact]
    public void Apply_TheSameTwice_IsRefused() =>
        Assert.Contains("'l2' is given twice", Assert.Throws<ChurnConfigException>(() => new TrainOverrides { Named = [new("--set", "l2", "1"), new("--set", "l2", "2")] }.Apply(new BoosterOptions(), threads: 1)).Message, StringComparison.Ordinal);

    private static BoosterOptions Train(string section) => ProjectConfig.Parse(SmallData.Yaml + section, "/projects/a/churn.yaml").Train.Booster;
}
