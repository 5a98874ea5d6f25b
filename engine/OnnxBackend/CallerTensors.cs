using ChurnEngine.Columns;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ChurnEngine.OnnxBackend;

/// <summary>The input and output tensors of one caller: unmanaged memory that is bound to the session once and used by call after call.</summary>
/// <remarks>Memory: rows times features and outputs, of the largest block so far. A call with as many rows as one of the two before makes no object; another number of rows
/// makes the tensors of that shape anew, over the same memory. Not thread-safe: a caller has its own.</remarks>
internal sealed class CallerTensors(OnnxSession session) : IDisposable
{
    // A request of many rows is blocks of one size and a rest.
    private const int Shapes = 2;

    private readonly Binding?[] _bindings = new Binding?[Shapes];
    private NativeBuffer<float>? _input;
    private NativeBuffer<float>[] _outputs = [];
    private int _capacity;
    private int _latest;

    /// <summary>Runs a block.</summary>
    /// <param name="rows">[N * F] values.</param>
    /// <param name="predicted">[N] output.</param>
    /// <param name="margin">[N] output.</param>
    /// <remarks>Errors: <see cref="OnnxRuntimeException"/>.</remarks>
    public void Run(ReadOnlySpan<float> rows, Span<float> predicted, Span<float> margin)
    {
        int count = predicted.Length;
        if (count > _capacity)
            Grow(count);
        rows.CopyTo(_input!.Span);
        session.Run(BindingOf(count));
        _outputs[0].Span[..count].CopyTo(predicted);
        // A value stands for its margin too.
        _outputs[^1].Span[..count].CopyTo(margin);
    }

    /// <summary>Frees the tensors and their memory.</summary>
    public void Dispose()
    {
        foreach (Binding? binding in _bindings)
            binding?.Dispose();
        Array.Clear(_bindings);
        _input?.Dispose();
        foreach (NativeBuffer<float> output in _outputs)
            output.Dispose();
        (_input, _outputs, _capacity) = (null, [], 0);
    }

    private void Grow(int rows)
    {
        Dispose();
        _input = NativeBuffer<float>.Allocate((long)rows * session.FeatureCount);
        _outputs = [.. session.OutputNames.Select(_ => NativeBuffer<float>.Allocate(rows))];
        _capacity = rows;
    }

    private Binding BindingOf(int rows)
    {
        for (int i = 0; i < Shapes; i++)
        {
            if (_bindings[i]?.Rows == rows)
            {
                _latest = i;
                return _bindings[i]!;
            }
        }
        int older = (_latest + 1) % Shapes;
        _bindings[older]?.Dispose();
        _bindings[older] = null;
        Binding binding = session.Bind(rows, _input!, _outputs);
        (_bindings[older], _latest) = (binding, older);
        return binding;
    }
}

/// <summary>Tensors of one shape, bound to the inputs and outputs of a session.</summary>
/// <param name="Rows">N.</param>
/// <param name="Io">The runtime's list of what is bound.</param>
/// <param name="Input">[N, F] tensor.</param>
/// <param name="Outputs">[N, 1] tensors.</param>
internal sealed record Binding(int Rows, OrtIoBinding Io, OrtValue Input, OrtValue[] Outputs) : IDisposable
{
    public void Dispose()
    {
        Io.Dispose();
        Input.Dispose();
        foreach (OrtValue output in Outputs)
            output.Dispose();
    }

    /// <summary>A tensor over memory that somebody else owns.</summary>
    /// <param name="memory">Room for at least <paramref name="rows"/> * <paramref name="columns"/> values.</param>
    /// <param name="rows">N.</param>
    /// <param name="columns">1 and up.</param>
    public static unsafe OrtValue Tensor(NativeBuffer<float> memory, int rows, int columns) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [rows, columns], (IntPtr)memory.Pointer, (long)rows * columns * sizeof(float));
}
