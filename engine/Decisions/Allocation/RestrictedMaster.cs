namespace ChurnEngine.Decisions;

/// <summary>The linear program over the assignments seen so far: the best mixture of them within the limits. Its prices say where to look next.</summary>
/// <remarks>Dantzig and Wolfe's restricted master, solved by the revised simplex method with a dense inverse; it goes on from its last basis when an assignment is added.
/// Of several entering columns the best; after many pivots without progress the first, which ends (Bland). Source: Dantzig and Wolfe 1960; Bland 1977.</remarks>
internal sealed class RestrictedMaster
{
    private const double Epsilon = 1e-11;
    private const int MostPivots = 5_000;

    private readonly int _rows;
    private readonly List<double[]> _columns = [];
    private readonly List<double> _values = [];
    private readonly int[] _basis;
    private readonly double[,] _inverse;
    private readonly double[] _amount;
    private readonly double[] _prices;

    /// <param name="limits">M, the number of limits; each is 1 in its own scale.</param>
    public RestrictedMaster(int limits)
    {
        _rows = limits + 1;
        (_basis, _inverse, _amount, _prices) = (new int[_rows], new double[_rows, _rows], new double[_rows], new double[_rows]);
        Add(0, new double[limits]);
        for (int i = 0; i < _rows; i++)
        {
            // Slacks, and the assignment that contacts nobody: all of the mixture at first.
            _basis[i] = i < limits ? -1 - i : 0;
            (_inverse[i, i], _amount[i]) = (1, 1);
        }
    }

    /// <summary>Adds an assignment.</summary>
    /// <param name="value">What it earns.</param>
    /// <param name="uses">[M] share of each limit that it uses, 0 and up; above 1 it breaks it.</param>
    public void Add(double value, double[] uses)
    {
        _columns.Add([.. uses, 1]);
        _values.Add(value);
    }

    /// <summary>Solves it.</summary>
    /// <param name="prices">[M] receives what one whole limit more would be worth, 0 and up.</param>
    /// <returns>What the best mixture earns.</returns>
    public double Solve(Span<double> prices)
    {
        double[] direction = new double[_rows];
        int idle = 0;
        for (int pivot = 0; pivot < MostPivots; pivot++)
        {
            ComputePrices();
            int entering = Entering(first: idle > 4 * _rows);
            if (entering == int.MinValue)
                break;
            for (int i = 0; i < _rows; i++)
            {
                double sum = 0;
                if (entering < 0)
                    sum = _inverse[i, -1 - entering];
                else
                {
                    for (int k = 0; k < _rows; k++)
                        sum += _inverse[i, k] * _columns[entering][k];
                }
                direction[i] = sum;
            }
            int leaving = Leaving(direction);
            if (leaving < 0)
                break;
            idle = _amount[leaving] / direction[leaving] > Epsilon ? 0 : idle + 1;
            Pivot(leaving, entering, direction);
        }
        ComputePrices();
        double value = 0;
        for (int i = 0; i < _rows; i++)
            value += _basis[i] >= 0 ? _amount[i] * _values[_basis[i]] : 0;
        for (int i = 0; i < _rows - 1; i++)
            prices[i] = Math.Max(0, _prices[i]);
        return value;
    }

    private void ComputePrices()
    {
        for (int k = 0; k < _rows; k++)
        {
            double sum = 0;
            for (int i = 0; i < _rows; i++)
                sum += _basis[i] >= 0 ? _values[_basis[i]] * _inverse[i, k] : 0;
            _prices[k] = sum;
        }
    }

    private int Entering(bool first)
    {
        double scale = Math.Max(1e-300, _values.Max()), most = Epsilon * scale;
        int entering = int.MinValue;
        for (int i = 0; i < _rows - 1; i++)
        {
            if (-_prices[i] > most)
            {
                (most, entering) = (-_prices[i], -1 - i);
                if (first)
                    return entering;
            }
        }
        for (int j = 0; j < _columns.Count; j++)
        {
            double reduced = _values[j];
            for (int k = 0; k < _rows; k++)
                reduced -= _prices[k] * _columns[j][k];
            if (reduced > most)
            {
                (most, entering) = (reduced, j);
                if (first)
                    return entering;
            }
        }
        return entering;
    }

    private int Leaving(double[] direction)
    {
        int leaving = -1;
        double least = double.PositiveInfinity;
        for (int i = 0; i < _rows; i++)
        {
            if (direction[i] <= Epsilon)
                continue;
            double ratio = _amount[i] / direction[i];
            if (ratio < least || (ratio == least && leaving >= 0 && _basis[i] < _basis[leaving]))
                (least, leaving) = (ratio, i);
        }
        return leaving;
    }

    private void Pivot(int leaving, int entering, double[] direction)
    {
        double by = direction[leaving];
        for (int k = 0; k < _rows; k++)
            _inverse[leaving, k] /= by;
        _amount[leaving] /= by;
        for (int i = 0; i < _rows; i++)
        {
            if (i == leaving || direction[i] == 0)
                continue;
            for (int k = 0; k < _rows; k++)
                _inverse[i, k] -= direction[i] * _inverse[leaving, k];
            _amount[i] = Math.Max(0, _amount[i] - direction[i] * _amount[leaving]);
        }
        _basis[leaving] = entering;
    }
}
