using ChurnEngine.Models.Onnx;

namespace ChurnEngine.Models;

/// <summary>Writes a <see cref="Calibration"/> into the graph, in operators that every runtime has in double and in float.</summary>
/// <remarks>
/// <code>
///   platt     margin -> * slope -> + intercept -> Sigmoid
///   beta      near = Log(Sigmoid(Abs margin));  b * (Max(margin, 0) - near) + a * (near - Max(-margin, 0)) + c -> Sigmoid
///   isotonic  at = ReduceSum(margin >= knots)  [N,1];  (margin - starts[at]) * slopes[at] + log odds[at] -> Sigmoid
/// </code>
/// Softplus would be shorter, but runtimes have it in float alone. A sum of bends (Relu) would need no look-up, and loses digits where steep and flat pieces take turns.
/// </remarks>
internal static class CalibrationGraph
{
    private const string Zero = "calibration_zero", A = "calibration_a", B = "calibration_b", C = "calibration_c";
    private const string Knots = "calibration_knots", Starts = "calibration_starts", LogOdds = "calibration_log_odds", Slopes = "calibration_slopes", Axis = "calibration_axis";

    /// <summary>Adds the constants that <see cref="AddNodes"/> names.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="calibration">What.</param>
    /// <param name="convert">To the type of the profile.</param>
    public static void AddConstants<T>(GraphProto graph, Calibration calibration, Func<double, T> convert) where T : unmanaged
    {
        switch (calibration)
        {
            case SigmoidCalibration sigmoid:
                Add("calibration_slope", sigmoid.Slope);
                Add("calibration_intercept", sigmoid.Intercept);
                break;
            case BetaCalibration beta:
                Add(Zero, 0);
                Add(A, beta.A);
                Add(B, beta.B);
                Add(C, beta.C);
                break;
            case IsotonicCalibration isotonic:
                ReadOnlySpan<double> margins = isotonic.Margins, logOdds = isotonic.KnotLogOdds;
                Add(Knots, margins.ToArray());
                // Piece i starts at knot i - 1; the one before the first knot starts at it too, and goes down.
                Add(Starts, [margins[0], .. margins]);
                Add(LogOdds, [logOdds[0], .. logOdds]);
                Add(Slopes, isotonic.Slopes);
                graph.Initializer.Add(OnnxValues.Vector<long>(Axis, [1]));
                break;
            default:
                throw new ArgumentException($"{calibration.GetType().Name} has no operators", nameof(calibration));
        }

        void Add(string name, params double[] values) => graph.Initializer.Add(OnnxValues.Vector<T>(name, Array.ConvertAll(values, value => convert(value))));
    }

    /// <summary>Adds the nodes.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="calibration">What.</param>
    /// <param name="margin">[N, 1] margins.</param>
    /// <param name="probability">What to call the [N, 1] probabilities.</param>
    public static void AddNodes(GraphProto graph, Calibration calibration, string margin, string probability)
    {
        Action<GraphProto, string> add = calibration switch
        {
            BetaCalibration => AddBeta,
            IsotonicCalibration => AddIsotonic,
            _ => AddSigmoid,
        };
        add(graph, margin);
        Add(graph, "Sigmoid", probability, "calibrated_margin");
    }

    private static void AddSigmoid(GraphProto graph, string margin)
    {
        Add(graph, "Mul", "scaled_margin", margin, "calibration_slope");
        Add(graph, "Add", "calibrated_margin", "scaled_margin", "calibration_intercept");
    }

    private static void AddBeta(GraphProto graph, string margin)
    {
        Add(graph, "Abs", "margin_size", margin);
        Add(graph, "Sigmoid", "near_probability", "margin_size");
        Add(graph, "Log", "near", "near_probability");
        Add(graph, "Neg", "minus_margin", margin);
        Add(graph, "Max", "margin_below", "minus_margin", Zero);
        Add(graph, "Max", "margin_above", margin, Zero);
        Add(graph, "Sub", "log_p", "near", "margin_below");
        Add(graph, "Sub", "minus_log_q", "margin_above", "near");
        Add(graph, "Mul", "weighted_log_p", "log_p", A);
        Add(graph, "Mul", "weighted_minus_log_q", "minus_log_q", B);
        Add(graph, "Add", "weighted_logs", "weighted_log_p", "weighted_minus_log_q");
        Add(graph, "Add", "calibrated_margin", "weighted_logs", C);
    }

    private static void AddIsotonic(GraphProto graph, string margin)
    {
        Add(graph, "GreaterOrEqual", "knot_is_reached", margin, Knots);
        graph.Node.Add(OnnxGraph.Cast("knot_is_reached", "knot_counts", TensorProto.Types.DataType.Int32));
        Add(graph, "ReduceSum", "piece", "knot_counts", Axis);
        Add(graph, "Gather", "piece_start", Starts, "piece");
        Add(graph, "Gather", "piece_log_odds", LogOdds, "piece");
        Add(graph, "Gather", "piece_slope", Slopes, "piece");
        Add(graph, "Sub", "beyond_start", margin, "piece_start");
        Add(graph, "Mul", "rise", "beyond_start", "piece_slope");
        Add(graph, "Add", "calibrated_margin", "rise", "piece_log_odds");
    }

    private static void Add(GraphProto graph, string opType, string output, params string[] inputs) => graph.Node.Add(OnnxGraph.Node(opType, output, inputs));
}
