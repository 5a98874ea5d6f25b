using System.Numerics.Tensors;

namespace ChurnEngine.Trainer;

/// <summary>Mean log-loss of rows and its derivatives by the coefficients of the standardised columns, intercept first.</summary>
/// <remarks>Rows are cut into a fixed number of strips, which are added in their order. Memory: up to 256 MB for the second derivatives of the strips.</remarks>
internal sealed class LogisticProblem
{
    private const int MostStrips = 64;
    private const long StripBytes = 256 << 20;

    private readonly LabelledRows _rows;
    private readonly DesignMatrix _design;
    private readonly WorkTeam _team;
    private readonly double _weightSum;
    private readonly Strip[] _strips;

    public LogisticProblem(LabelledRows rows, DesignMatrix design, double weightSum, WorkTeam team)
    {
        (_rows, _design, _weightSum, _team) = (rows, design, weightSum, team);
        long fitting = StripBytes / (sizeof(double) * (long)design.Width * design.Width);
        long blocks = (rows.Matrix.RowCount + DesignBlock.Rows - 1) / DesignBlock.Rows;
        _strips = new Strip[Math.Clamp(Math.Min(fitting, blocks), 1, MostStrips)];
        for (int strip = 0; strip < _strips.Length; strip++)
        {
            long first = blocks * strip / _strips.Length * DesignBlock.Rows, end = blocks * (strip + 1) / _strips.Length * DesignBlock.Rows;
            _strips[strip] = new Strip(first, Math.Min(end, rows.Matrix.RowCount), design);
        }
    }

    /// <summary>The loss alone.</summary>
    /// <param name="coefficients">[P + 1].</param>
    public double Loss(ReadOnlySpan<double> coefficients)
    {
        Run(coefficients, Derivatives.None);
        return _strips.Sum(strip => strip.Loss) / _weightSum;
    }

    /// <summary>The loss and its gradient.</summary>
    /// <param name="coefficients">[P + 1].</param>
    /// <param name="gradient">[P + 1], overwritten.</param>
    public double Gradient(ReadOnlySpan<double> coefficients, Span<double> gradient)
    {
        Run(coefficients, Derivatives.First);
        double[] plain = new double[_design.Width];
        foreach (Strip strip in _strips)
            TensorPrimitives.Add(plain, strip.Gradient, plain);
        for (int column = 0; column < gradient.Length; column++)
            gradient[column] = (plain[column] - _design.Shift[column] * plain[0]) / (_design.Scale[column] * _weightSum);
        return _strips.Sum(strip => strip.Loss) / _weightSum;
    }

    /// <summary>The second derivatives.</summary>
    /// <param name="coefficients">[P + 1].</param>
    /// <param name="hessian">[P + 1, P + 1], overwritten; symmetric.</param>
    public void Hessian(ReadOnlySpan<double> coefficients, Span<double> hessian)
    {
        Run(coefficients, Derivatives.Second);
        int width = _design.Width, order = _design.Count + 1;
        double[] plain = new double[width * width];
        foreach (Strip strip in _strips)
            TensorPrimitives.Add(plain, strip.Hessian, plain);
        ReadOnlySpan<double> shift = _design.Shift, scale = _design.Scale;
        for (int later = 0; later < order; later++)
        {
            for (int earlier = 0; earlier <= later; earlier++)
            {
                double sum = plain[later * width + earlier] - shift[later] * plain[earlier * width] - shift[earlier] * plain[later * width] + shift[later] * shift[earlier] * plain[0];
                hessian[later * order + earlier] = hessian[earlier * order + later] = sum / (scale[later] * scale[earlier] * _weightSum);
            }
        }
    }

    private void Run(ReadOnlySpan<double> coefficients, Derivatives wanted)
    {
        double[] plain = new double[_design.Width];
        _design.ToPlain(coefficients, plain);
        long work = _rows.Matrix.RowCount * _design.Features.Count * (wanted == Derivatives.Second ? _design.Features.Count : 2);
        _team.Run(_strips.Length, work, strip => _strips[strip].Run(_rows, plain, wanted));
    }

    private enum Derivatives
    {
        None,
        First,
        Second,
    }

    /// <summary>A run of rows with its sums.</summary>
    private sealed class Strip(long first, long end, DesignMatrix design)
    {
        private readonly double[] _margins = new double[DesignBlock.Rows];
        private readonly double[] _factors = new double[DesignBlock.Rows];
        private DesignBlock? _block;

        public double Loss { get; private set; }

        public double[] Gradient { get; } = new double[design.Width];

        public double[] Hessian { get; private set; } = [];

        public void Run(LabelledRows rows, ReadOnlySpan<double> plain, Derivatives wanted)
        {
            // Only now, so that the thread that fills it has it near.
            _block ??= new DesignBlock(design);
            if (wanted == Derivatives.Second && Hessian.Length == 0)
                Hessian = new double[design.Width * design.Width];
            Array.Clear(wanted == Derivatives.Second ? Hessian : Gradient);
            Loss = 0;
            for (long start = first; start < end; start += DesignBlock.Rows)
                Add(rows, start, (int)Math.Min(DesignBlock.Rows, end - start), plain, wanted);
        }

        private void Add(LabelledRows rows, long start, int count, ReadOnlySpan<double> plain, Derivatives wanted)
        {
            Span<double> margins = _margins.AsSpan(0, count), factors = _factors.AsSpan(0, count);
            ReadOnlySpan<float> labels = rows.Labels.Span.Slice((int)start, count);
            ReadOnlySpan<float> weights = rows.Weights.IsEmpty ? default : rows.Weights.Span.Slice((int)start, count);
            _block!.Read(rows.Matrix, start, count);
            _block.Margins(plain, margins);
            if (wanted != Derivatives.Second)
                Loss += Logistic.Instance.Loss(new LossRows(margins, labels, weights));
            if (wanted == Derivatives.None)
                return;
            TensorPrimitives.Sigmoid(margins, factors);
            for (int row = 0; row < count; row++)
            {
                double probability = factors[row], weight = weights.IsEmpty ? 1 : weights[row];
                factors[row] = weight * (wanted == Derivatives.First ? probability - labels[row] : probability * (1 - probability));
            }
            if (wanted == Derivatives.First)
                _block.AddGradient(factors, Gradient);
            else
                _block.AddHessian(factors, Hessian);
        }
    }
}
