using System.Globalization;
using System.Text;
using ChurnEngine.Columns;
using ChurnEngine.Ingest;
using ChurnEngine.Models;
using ChurnEngine.TestKit;

namespace ChurnEngine.Pipeline.Tests.Steps;

/// <summary>A label that is a number, from the events to the scores.</summary>
public sealed class RegressionTests
{
    private const string Yaml = """
        entity: customer_id
        tables:
          customers: { source: customers.csv, key: customer_id, valid_from: signup_at }
          payments:  { source: payments.csv, key: customer_id, time: paid_at, kind: status }
        features:
          - { name: "spent_{w}d", from: payments, where: "kind = paid", value: sum(amount), windows: [30] }
          - { name: "failed_{w}d", from: payments, where: "kind = failed", value: count, windows: [30] }
        label: { target: "sum(amount) within 30d", from: payments, where: "kind = paid" }

        """;

    [Fact]
    public void Train_Then_EvaluateAndScore_PredictsTheSpending()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = Project(folder);
        StepContext context = SmallData.Context();
        TrainReport report = TrainStep.Run(project, Training(folder["m.onnx"]), SmallData.Walk, context);
        // Nothing to calibrate.
        Assert.Equal(["train", "train", "train", "train", "train", "stop", "test"], report.Snapshots.Select(use => use.Role));
        Assert.Equal(["read tables", "features", "train", "evaluate", "export"], context.Stages.Stages.Select(stage => stage.Stage));
        Assert.Equal("sum(amount) within 30d", report.Target);
        Assert.All(report.Snapshots, use => Assert.InRange(use.MeanLabel!.Value, 50, 250));
        // Each customer spends about the same every month, 100 apart from customer to customer, with a noise of 10: the best possible error is known.
        Assert.InRange(report.Metrics["rmse"], 9, 20);
        Assert.InRange(report.Metrics["naive_rmse"], 60, 140);
        Assert.InRange(report.Metrics["r2"], 0.9, 1);
        Assert.InRange(report.Metrics["spearman"], 0.9, 1);

        ModelMetadata metadata = ModelFile.Load(folder["m.onnx"]).Metadata;
        Assert.Equal((ModelTask.Regression, "SquaredError", "none"), (metadata.Task, metadata.TrainerOptions["Objective"], metadata.CalibrationMethod));
        SnapshotUse[] trained = [.. report.Snapshots.Take(5)];
        Assert.Equal(trained.Sum(use => use.MeanLabel!.Value * use.Rows) / trained.Sum(use => use.Rows), metadata.TrainingMean, 9);

        EvaluationReport evaluated = EvaluateStep.Run(project, null, SmallData.Choice(folder["m.onnx"]), SmallData.Context());
        Assert.Equal(report.Metrics.Keys, evaluated.Metrics.Keys);
        Assert.All(report.Metrics, metric => Assert.Equal(metric.Value, evaluated.Metrics[metric.Key], 4));

        ScoreReport scored = ScoreStep.Run(ScoreInput.Of(project), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]) with { Reasons = null, Columns = ["spent_30d"] }, SmallData.Context());
        Assert.Equal(200, scored.Rows);
        (float[] values, float[] spent) = Read(folder["scores"]);
        Assert.Equal(200, values.Length);
        for (int row = 0; row < values.Length; row++)
            Assert.InRange(values[row] - spent[row], -70, 70);
        Assert.InRange(values.Max() - values.Min(), 200, 500);

        ChurnDataException refused = Assert.Throws<ChurnDataException>(() => DecideStep.Run(folder["scores"], null, new DecisionOverrides { Out = folder["plan.csv"] }, SmallData.Context()));
        Assert.Equal(6103, refused.Code.Number);
        ChurnConfigException reasons = Assert.Throws<ChurnConfigException>(() => ScoreStep.Run(ScoreInput.Of(project), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["other"]) with { Reasons = 2 }, SmallData.Context()));
        Assert.Equal(6007, reasons.Code.Number);
        Assert.Equal(6007, Assert.Throws<ChurnConfigException>(() => ScoreStep.Plan(ScoreInput.Of(project), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["other"]) with { Reasons = 2 }, SmallData.Context())).Code.Number);
        Assert.False(Directory.Exists(folder["other"]));
    }

    [Theory]
    [InlineData("poisson", OutputLink.Exp, 0.9)]
    [InlineData("tweedie, tweedie_variance_power: 1.2, metric: tweedie_deviance", OutputLink.Exp, 0.9)]
    [InlineData("quantile, quantile_alpha: 0.5, metric: mae", OutputLink.Identity, 0.9)]
    public void Train_OtherObjective_IsThatOfTheModelAndItsScores(string objective, OutputLink link, double leastR2)
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = Project(folder, Yaml + $"train: {{ objective: {objective} }}\n");
        TrainReport report = TrainStep.Run(project, Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        Assert.InRange(report.Metrics["r2"], leastR2, 1);
        ChurnModel model = ModelFile.Load(folder["m.onnx"]);
        Assert.Equal((ModelTask.Regression, link, objective.Split(',')[0]), (model.Metadata.Task, model.Metadata.Link, model.Metadata.TrainerOptions["Objective"].ToLowerInvariant()));
        // A margin is a logarithm behind Exp, and the value itself without.
        Assert.InRange(model.Ensemble.BaseMargin, link == OutputLink.Exp ? Math.Log(50) : 50, link == OutputLink.Exp ? Math.Log(300) : 300);

        EvaluationReport evaluated = EvaluateStep.Run(project, null, SmallData.Choice(folder["m.onnx"]), SmallData.Context());
        Assert.All(report.Metrics, metric => Assert.Equal(metric.Value, evaluated.Metrics[metric.Key], 4));
        ScoreStep.Run(ScoreInput.Of(project), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]) with { Reasons = null, Columns = ["spent_30d"] }, SmallData.Context());
        (float[] values, float[] spent) = Read(folder["scores"]);
        Assert.All(values.Zip(spent), pair => Assert.InRange(pair.First - pair.Second, -90, 90));
    }

    [Fact]
    public void TrainTable_Quantile_LiesAboveThatShareOfTheRows()
    {
        using var folder = new TemporaryDirectory();
        TrainRequest request = Training(folder["m.onnx"]) with { Overrides = new TrainOverrides { Trees = 100, LearningRate = 0.1, Named = [new("--set", "objective", "quantile"), new("--set", "quantile_alpha", "0.9")] } };
        TrainReport high = TableTrainStep.Run(Houses(folder), request, 5, SmallData.Walk, SmallData.Context());
        Assert.InRange(high.Metrics["mean_predicted"] - high.Metrics["mean_label"], 2, 12);
        Assert.Equal("0.9", ModelFile.Load(folder["m.onnx"]).Metadata.TrainerOptions["QuantileAlpha"]);
        TrainReport counted = TableTrainStep.Run(Houses(folder), request with { Overrides = new TrainOverrides { Trees = 100, LearningRate = 0.1, Named = [new("--objective", "objective", "poisson")] } }, 5, SmallData.Walk, SmallData.Context());
        Assert.InRange(counted.Metrics["r2"], 0.9, 1);
        Assert.Equal(OutputLink.Exp, ModelFile.Load(folder["m.onnx"]).Metadata.Link);
    }

    [Theory]
    [InlineData("train: { objective: focal }", 1116, "squared_error or poisson or tweedie or quantile")]
    [InlineData("train: { class_weight: balanced }", 4007, "nothing beside objective squared_error, which knows no classes")]
    [InlineData("train: { scale_pos_weight: 3 }", 4007, "1, its default, beside objective squared_error, which knows no classes")]
    [InlineData("train: { early_stopping_metric: auc }", 4007, "with objective squared_error one of loss, rmse, mae, quantile_loss")]
    public void Train_OptionOfAChurnLabel_IsRefusedBeforeTheDataIsRead(string section, int code, string expected)
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = Project(folder, Yaml + section);
        File.Delete(folder["project/payments.csv"]);
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => TrainStep.Run(project, Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context()));
        Assert.Equal((code, expected), (error.Code.Number, error.Expected));
    }

    [Fact]
    public void Train_NegativeLabels_AreNotForPoisson()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = Project(folder, Yaml.Replace("sum(amount) within", "min(amount) within", StringComparison.Ordinal) + "train: { objective: poisson }\n");
        string payments = folder["project/payments.csv"];
        File.WriteAllText(payments, File.ReadAllText(payments).Replace(",paid,4", ",paid,-4", StringComparison.Ordinal));
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => TrainStep.Run(project, Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context()));
        Assert.Equal((4004, "a finite number, 0 and up"), (error.Code.Number, error.Expected));
    }

    [Fact]
    public void Score_FeatureCalledLikeThePrediction_IsNotCopied()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = Project(folder, Yaml.Replace("failed_{w}d", "value", StringComparison.Ordinal));
        TrainStep.Run(project, Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context());
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => ScoreStep.Run(ScoreInput.Of(project), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]) with { Columns = ["value"] }, SmallData.Context()));
        Assert.Equal(6008, error.Code.Number);
    }

    [Fact]
    public void Train_AnyThreads_SameBytes()
    {
        using var folder = new TemporaryDirectory();
        ProjectConfig project = Project(folder);
        byte[] Bytes(int threads)
        {
            TrainStep.Run(project, Training(folder["m.onnx"]), SmallData.Walk, new StepContext(new JobBudget { Threads = threads }, null, CancellationToken.None));
            return File.ReadAllBytes(folder["m.onnx"]);
        }
        Assert.Equal(Bytes(1), Bytes(4));
    }

    [Fact]
    public void Train_TooShort_NeedsNoSnapshotToCalibrate()
    {
        using var folder = new TemporaryDirectory();
        ChurnConfigException error = Assert.Throws<ChurnConfigException>(() => TrainStep.Run(Project(folder, months: 5), Training(folder["m.onnx"]), SmallData.Walk, SmallData.Context()));
        Assert.Equal("at least 3: one or more to train on, then one each to stop and to test", error.Expected);
    }

    [Fact]
    public void Audit_Target_LooksAtWhatDoesNotAskForTwoClasses()
    {
        using var folder = new TemporaryDirectory();
        LeakageAuditReport report = LeakageAuditStep.Run(Project(folder), new LeakageAuditRequest(), SmallData.Context());
        Assert.True(report.Passed);
        Assert.Equal(["truncation", "arrival", "announcements", "folds", "order"], report.Checks.Select(check => check.Name));
        Assert.All(report.Snapshots, use => Assert.NotNull(use.MeanLabel));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public void TrainTable_Number_MeasuresOnRowsNotSeen(int folds)
    {
        using var folder = new TemporaryDirectory();
        TrainReport report = TableTrainStep.Run(Houses(folder), Training(folder["m.onnx"]), folds, SmallData.Walk, SmallData.Context());
        // Two rows have no price. The noise has a deviation of 4.1.
        Assert.Equal(folds == 0 ? 100 : 498, report.Metrics["rows"]);
        Assert.InRange(report.Metrics["rmse"], 3.5, 9);
        Assert.InRange(report.Metrics["naive_rmse"], 25, 60);
        Assert.Contains(folds == 0 ? "random 20 % hold-out" : "5 random folds over 498 rows", report.Design, StringComparison.Ordinal);
        Assert.Equal(("price", 2), (report.Target, report.Features));
        Assert.Empty(report.FoldAuc);
        ModelMetadata metadata = ModelFile.Load(folder["m.onnx"]).Metadata;
        Assert.Equal((ModelTask.Regression, report.Metrics["r2"]), (metadata.Task, metadata.Metrics[folds == 0 ? "holdout.r2" : "cv.r2"]));

        EvaluationReport evaluated = EvaluateStep.Run(folder["houses.csv"], SmallData.Choice(folder["m.onnx"]), SmallData.Context());
        Assert.InRange(evaluated.Metrics["rmse"], 2, 6);
        Assert.Equal(500, ScoreStep.Run(ScoreInput.OfTable(folder["houses.csv"]), SmallData.Choice(folder["m.onnx"]), SmallData.Scoring(folder["scores"]), SmallData.Context()).Rows);
    }

    [Theory]
    [InlineData("much", "'much'")]
    [InlineData("1e40", "'1E+40'")] // beyond float32
    public void TrainTable_LabelThatIsNoNumber_IsRefused(string price, string shown)
    {
        using var folder = new TemporaryDirectory();
        TableInput table = Houses(folder, price);
        ChurnDataException error = Assert.Throws<ChurnDataException>(() => TableTrainStep.Run(table, Training(folder["m.onnx"]), 5, SmallData.Walk, SmallData.Context()));
        Assert.Equal((3047, shown), (error.Code.Number, error.Actual));
    }

    [Fact]
    public void TrainTable_FewRows_AreRefused()
    {
        using var folder = new TemporaryDirectory();
        var table = new TableInput(folder.Write("few.csv", "id,area,price\na,1,2\nb,2,3\nc,3,5\n"), "id", "price") { Task = ModelTask.Regression };
        Assert.Equal(1111, Assert.Throws<ChurnDataException>(() => TableTrainStep.Run(table, Training(folder["m.onnx"]), 5, SmallData.Walk, SmallData.Context())).Code.Number);
    }

    // 500 houses at 1 for a square metre and 30 for a garden, two of them without a price.
    private static TableInput Houses(TemporaryDirectory folder, string last = "")
    {
        var random = new Random(6);
        var text = new StringBuilder("house,area,garden,price\n");
        for (int house = 0; house < 500; house++)
        {
            int area = random.Next(20, 140);
            string price = house == 0 ? "" : house == 499 ? last : (area + (house % 4 == 0 ? 30 : 0) + 10 * (random.NextDouble() + random.NextDouble() - 1)).ToString("F2", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"h{house},{area},{(house % 4 == 0 ? "yes" : "no")},{price}\n");
        }
        return new TableInput(folder.Write("houses.csv", text.ToString()), "house", "price") { Task = ModelTask.Regression };
    }

    private static TrainRequest Training(string path) => SmallData.Training(path) with { Overrides = new TrainOverrides { Trees = 200, LearningRate = 0.1 } };

    // 200 customers who spend 10, 12, .. 408 a month, in ten payments, give or take.
    private static ProjectConfig Project(TemporaryDirectory folder, string yaml = Yaml, int months = 12)
    {
        var random = new Random(4);
        var start = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var customers = new StringBuilder("customer_id,signup_at\n");
        var payments = new StringBuilder("customer_id,paid_at,status,amount\n");
        for (int customer = 0; customer < 200; customer++)
        {
            customers.Append(CultureInfo.InvariantCulture, $"{customer},2023-12-01\n");
            for (int month = 0; month < months; month++)
            {
                double spent = Math.Max(0, 10 + 2 * customer + 20 * (random.NextDouble() + random.NextDouble() - 1));
                for (int payment = 0; payment < 10; payment++)
                    payments.Append(CultureInfo.InvariantCulture, $"{customer},{start.AddDays(30 * month + 3 * payment):yyyy-MM-dd},paid,{spent / 10:F2}\n");
                payments.Append(CultureInfo.InvariantCulture, $"{customer},{start.AddDays(30 * month + random.Next(30)):yyyy-MM-dd},failed,{random.Next(1000)}\n");
            }
        }
        folder.Write("project/customers.csv", customers.ToString());
        folder.Write("project/payments.csv", payments.ToString());
        return ProjectConfig.Load(folder.Write("project/churn.yaml", yaml));
    }

    private static (float[] Values, float[] Spent) Read(string directory)
    {
        using IngestSession session = SmallData.Context().OpenIngest(IngestSettings.Default, directory);
        var source = new TableSource { Name = "scores", Path = Path.Combine(directory, "part-*.parquet") };
        Assert.Equal(["customer_id", "as_of", "value", "spent_30d"], session.Describe(source).Select(field => field.Name));
        var contract = new TableContract { Columns = [new("customer_id", ColumnType.Int64, NotNull: true), new("value", ColumnType.Float32, NotNull: true), new("spent_30d", ColumnType.Float32, NotNull: true)] };
        List<float> values = [], spent = [];
        foreach (RecordBatch batch in session.Read(source, contract, CancellationToken.None))
        {
            using (batch)
            {
                values.AddRange(batch.Values<float>("value"));
                spent.AddRange(batch.Values<float>("spent_30d"));
            }
        }
        return ([.. values], [.. spent]);
    }
}
