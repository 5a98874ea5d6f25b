using ChurnEngine.ModelSamples;

namespace ChurnEngine.Models.Tests;

public class CalibrationTests
{
    public static TheoryData<string> Kinds => [.. SampleCalibrations.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Probability_RisingMargins_RiseAndStayInside(string kind)
    {
        Calibration calibration = SampleCalibrations.All[kind];
        double last = 0;
        for (double margin = -12; margin <= 12; margin += 0.01)
        {
            double probability = calibration.Probability(margin);
            Assert.True(probability > last && probability < 1, $"{kind} at {margin}: {probability} after {last}");
            last = probability;
        }
        Assert.True(double.IsNaN(calibration.Probability(double.NaN)));
        Assert.Equal(kind.Split(',')[0], calibration.Method);
    }

    [Fact]
    public void Beta_EqualSteepness_IsPlatt()
    {
        var beta = new BetaCalibration(1.3, 1.3, -0.5);
        var platt = new SigmoidCalibration(1.3, -0.5);
        foreach (double margin in (double[])[-700, -40, -3, -1e-9, 0, 0.1, 2, 36, 700])
            Assert.Equal(platt.LogOdds(margin), beta.LogOdds(margin), 1e-9 * (1 + Math.Abs(margin)));
    }

    [Fact]
    public void Isotonic_AtBetweenAndBeyondKnots_IsStraight()
    {
        var isotonic = new IsotonicCalibration([-1, 1, 2], [-2, -1, 3], 0.5);
        (double Margin, double LogOdds)[] expected = [(-3, -3), (-1, -2), (0, -1.5), (1, -1), (1.25, 0), (2, 3), (4, 4)];
        Assert.All(expected, point => Assert.Equal(point.LogOdds, isotonic.LogOdds(point.Margin), 12));
        Assert.Equal(isotonic, new IsotonicCalibration([-1, 1, 2], [-2, -1, 3], 0.5));
        Assert.NotEqual(isotonic, new IsotonicCalibration([-1, 1, 2], [-2, -1, 3], 0.6));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Encode_EveryCalibration_ComesBackInBothProfiles(string kind)
    {
        ChurnModel model = SampleCalibrations.With(RandomModels.Create(3, new ModelShape()), SampleCalibrations.All[kind]);
        foreach (OnnxProfile profile in Enum.GetValues<OnnxProfile>())
        {
            ChurnModel saved = ModelFile.Encode(model, RandomModels.Rows(4, model, 200), profile), read = ModelFile.Decode(saved.OnnxBytes);
            Assert.Equal(model.Calibration, read.Calibration);
            ModelProof.Check(saved, new WalkBackend(read));
            Assert.Equal(saved.OnnxBytes.ToArray(), ModelFile.Encode(model, RandomModels.Rows(4, model, 200), profile).OnnxBytes.ToArray());
        }
    }

    [Fact]
    public void Encode_CalibrationThatDoesNotRise_IsRefused()
    {
        ChurnModel model = RandomModels.Create(3, new ModelShape());
        Calibration[] bad =
        [
            new SigmoidCalibration(double.NaN, 0), new BetaCalibration(0, 1, 0), new BetaCalibration(1, 1, double.PositiveInfinity), new IsotonicCalibration([0], [0], 0),
            new IsotonicCalibration([0, 0], [0, 1], 1), new IsotonicCalibration([0, 1], [0, 0], 1), new IsotonicCalibration([1, 1 + 1e-12], [0, 1], 1), new IsotonicCalibration([double.NaN], [0], 1),
            new IsotonicCalibration([.. Enumerable.Range(0, 257).Select(i => (double)i)], [.. Enumerable.Range(0, 257).Select(i => (double)i)], 1),
        ];
        Assert.All(bad, calibration => Assert.Throws<ArgumentException>(() => ModelFile.Encode(SampleCalibrations.With(model, calibration), ReadOnlySpan<float>.Empty)));
        Assert.Throws<ArgumentException>(() => new IsotonicCalibration([], [], 1));
    }

    [Fact]
    public void Decode_RecordsOfCalibrationThresholdAndCurve_ComeBack()
    {
        ChurnModel plain = RandomModels.Create(3, new ModelShape());
        var quality = new ProbabilityQuality(0.5, 0.2, 0.01, [new(0.1, 0.2, 3)]);
        ModelMetadata metadata = plain.Metadata with
        {
            Calibration = new CalibrationRecord { Method = "platt", Asked = "auto", Reason = "why", Rows = 5, Positives = 2, Folds = 5, LogLoss = new Dictionary<string, double> { ["platt"] = 0.4 }, Before = quality, After = quality },
            ThresholdRule = new ThresholdRecord { Rule = "r", Reason = "x", IsKept = true, Feature = "feature_1", Segments = [new("kind é 2", 0.25, 100, true, "y")] },
            LearningCurve = new LearningCurve("loss", [1, 2], [0.6, 0.5], [], 2),
        };
        ChurnModel read = ModelFile.Decode(ModelFile.Encode(new ChurnModel { Predictor = plain.Predictor, Metadata = metadata }, ReadOnlySpan<float>.Empty).OnnxBytes);
        Assert.Equal(0.4, read.Metadata.Calibration!.LogLoss["platt"]);
        Assert.Equal(new ReliabilityPoint(0.1, 0.2, 3), Assert.Single(read.Metadata.Calibration.After.Reliability));
        Assert.Equal([0.6, 0.5], read.Metadata.LearningCurve!.Train);
        var rule = new FlagRule(read.Metadata);
        float[] row = new float[8];
        foreach ((float code, float expected) in (ReadOnlySpan<(float, float)>)[(2, 0.25f), (1, 0.5f), (float.NaN, 0.5f), (-1, 0.5f), (99, 0.5f)])
        {
            row[1] = code;
            Assert.Equal(expected, rule.Of(row));
        }
    }

    [Fact]
    public void Format_OldReaders_SeeWhatTheyKnowOnly()
    {
        ChurnModel model = RandomModels.Create(3, new ModelShape());
        Assert.Contains("churn.format\u0012\u00011", Text(model), StringComparison.Ordinal);
        Assert.Contains("churn.format\u0012\u00012", Text(SampleCalibrations.With(model, SampleCalibrations.All["beta"])), StringComparison.Ordinal);

        static string Text(ChurnModel model) => System.Text.Encoding.Latin1.GetString(ModelFile.Encode(model, ReadOnlySpan<float>.Empty).OnnxBytes.Span);
    }
}
