using System.Numerics.Tensors;

namespace ChurnEngine.Decisions;

/// <summary>What contacting a customer is expected to earn: probability x value x save rate - cost.</summary>
/// <remarks>Shape: [n] probabilities, [n] values (or none, and one constant) -> [n] amounts, in double. Equality with the scalar form: exact.</remarks>
internal static class ExpectedValueKernel
{
    public static void Run(ReadOnlySpan<float> probability, ReadOnlySpan<double> value, DecisionOptions options, Span<double> expectedValue)
    {
        TensorPrimitives.ConvertChecked(probability, expectedValue);
        if (value.IsEmpty)
            TensorPrimitives.Multiply(expectedValue, options.Value, expectedValue);
        else
            TensorPrimitives.Multiply(expectedValue, value, expectedValue);
        TensorPrimitives.Multiply(expectedValue, options.SaveRate, expectedValue);
        TensorPrimitives.Subtract(expectedValue, options.Cost, expectedValue);
    }

    public static double Scalar(double probability, double value, DecisionOptions options) => probability * value * options.SaveRate - options.Cost;
}
