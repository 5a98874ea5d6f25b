namespace ChurnEngine.Decisions;

/// <summary>The customers whom some offer earns of, by group; and what was decided about the others on the way.</summary>
internal sealed class Candidates
{
    // A chunk is the unit of parallel work; a block of it fits beside its results into the first cache.
    private const int Chunk = 1 << 16, Block = 1024;

    private readonly DecisionInput _input;
    private readonly IReadOnlyList<Offer> _offers;
    private readonly double _value;
    private readonly int _threads;

    private Candidates(DecisionInput input, DecisionOptions options, int threads) =>
        (_input, _offers, _value, _threads, Decisions) = (input, options.Choices, options.Value, threads, new Decision[input.Rows]);

    /// <summary>[N] decided so far: <see cref="Decision.Capacity"/> stands for candidates that no contact was given yet, <see cref="Decision.Control"/> for all of the control group.</summary>
    public Decision[] Decisions { get; }

    /// <summary>Customers that may be contacted, by group.</summary>
    public IReadOnlyList<CustomerGroup> Open { get; private set; } = [];

    /// <summary>Those of the control group, by group.</summary>
    public IReadOnlyList<CustomerGroup> Control { get; private set; } = [];

    /// <summary>What contacting everybody who may be contacted comes to, each with the best offer, worth it or not.</summary>
    public PlanTotals Everyone { get; private set; } = null!;

    /// <summary>Looks at every customer.</summary>
    /// <remarks>Errors: ChurnDataException CE7004 (probability), CE7005 (infinite value).</remarks>
    public static Candidates Find(DecisionInput input, DecisionOptions options, int threads)
    {
        var candidates = new Candidates(input, options, threads);
        candidates.Check();
        candidates.Judge();
        return candidates;
    }

    /// <summary>What is expected to be lost of a customer: probability x value; NaN where the value is unknown.</summary>
    public double LossOf(int row) => (double)_input.Probability[row] * (_input.Value.Length == 0 ? _value : _input.Value[row]);

    private void Check()
    {
        float[] probability = _input.Probability;
        for (int row = 0; row < probability.Length; row++)
        {
            if (!(probability[row] >= 0 && probability[row] <= 1))
                throw DecisionsErrors.BadProbability(row, probability[row]);
        }
        double[] value = _input.Value;
        for (int row = 0; row < value.Length; row++)
        {
            if (double.IsInfinity(value[row]))
                throw DecisionsErrors.BadValue(row, value[row]);
        }
    }

    private void Judge()
    {
        IReadOnlyList<double[]> rates = _input.RatesOf(_offers);
        (int[] order, int[] starts) = OrderByGroup(rates.Count);
        List<CustomerGroup> open = [], control = [];
        double gain = 0, saves = 0;
        decimal spend = 0;
        long contacts = 0;
        for (int g = 0; g < rates.Count; g++)
        {
            int[] offers = [.. Enumerable.Range(0, _offers.Count).Where(j => !double.IsNaN(rates[g][j])).OrderByDescending(j => rates[g][j]).ThenBy(j => _offers[j].Cost).ThenBy(j => j)];
            var shape = new Shape(offers, [.. offers.Select(j => rates[g][j])], [.. offers.Select(j => _offers[j].Cost)]);
            int start = starts[g], count = starts[g + 1] - start;
            var chunks = new ChunkSums[(count + Chunk - 1) / Chunk];
            ReadOnlyMemory<int> rows = order.AsMemory(start, count);
            Parallel.For(0, chunks.Length, new ParallelOptions { MaxDegreeOfParallelism = _threads }, chunk =>
                chunks[chunk] = JudgeChunk(shape, rows.Span.Slice(chunk * Chunk, Math.Min(Chunk, count - chunk * Chunk))));
            foreach (ChunkSums sums in chunks)
            {
                (gain, saves, contacts) = (gain + sums.Gain, saves + sums.Saves, contacts + sums.Contacts.Sum());
                for (int slot = 0; slot < offers.Length; slot++)
                    spend += sums.Contacts[slot] * (decimal)shape.Costs[slot];
            }
            Keep(shape, rows.Span, Decision.Capacity, open);
            Keep(shape, rows.Span, Decision.HoldOut, control);
        }
        (Open, Control) = (open, control);
        Everyone = new PlanTotals("contact everyone", contacts, gain, (double)spend, saves);
    }

    private sealed record Shape(int[] Offers, double[] Rates, double[] Costs);

    private readonly record struct ChunkSums(double Gain, double Saves, long[] Contacts);

    private ChunkSums JudgeChunk(Shape shape, ReadOnlySpan<int> rows)
    {
        Span<double> loss = stackalloc double[Block], best = stackalloc double[Block];
        Span<long> slot = stackalloc long[Block];
        double gain = 0, saves = 0;
        long[] contacts = new long[shape.Offers.Length];
        for (int start = 0; start < rows.Length; start += Block)
        {
            ReadOnlySpan<int> block = rows.Slice(start, Math.Min(Block, rows.Length - start));
            for (int i = 0; i < block.Length; i++)
                loss[i] = LossOf(block[i]);
            ExpectedValueKernel.Run(loss[..block.Length], shape.Rates, shape.Costs, best[..block.Length], slot[..block.Length]);
            for (int i = 0; i < block.Length; i++)
            {
                int row = block[i];
                Standing standing = _input.StandingOf(row);
                Decisions[row] = double.IsNaN(loss[i]) ? Decision.NoValue
                    : shape.Offers.Length == 0 ? Decision.NotEligible
                    : standing == Standing.Control ? (best[i] > 0 ? Decision.HoldOut : Decision.Control)
                    : !(best[i] > 0) ? Decision.NotWorthIt
                    : standing == Standing.Fatigued ? Decision.Fatigue
                    : Decision.Capacity;
                if (standing != Standing.Open || slot[i] < 0)
                    continue;
                gain += best[i];
                saves += _input.Probability[row] * shape.Rates[slot[i]];
                contacts[slot[i]]++;
            }
        }
        return new ChunkSums(gain, saves, contacts);
    }

    private void Keep(Shape shape, ReadOnlySpan<int> rows, Decision wanted, List<CustomerGroup> groups)
    {
        int count = 0;
        foreach (int row in rows)
            count += Decisions[row] == wanted ? 1 : 0;
        if (count == 0)
            return;
        (int[] kept, double[] loss, int at) = (new int[count], new double[count], 0);
        foreach (int row in rows)
        {
            if (Decisions[row] == wanted)
                (kept[at], loss[at++]) = (row, LossOf(row));
        }
        LossOrder.Sort(loss, kept);
        groups.Add(new CustomerGroup(shape.Offers, shape.Rates, shape.Costs, kept, loss));
    }

    // Rows of each group together, in their order.
    private (int[] Order, int[] Starts) OrderByGroup(int groups)
    {
        int[] order = new int[_input.Rows], starts = new int[groups + 1];
        for (int row = 0; row < order.Length; row++)
            starts[_input.GroupOf(row) + 1]++;
        for (int g = 0; g < groups; g++)
            starts[g + 1] += starts[g];
        int[] next = starts[..groups];
        for (int row = 0; row < order.Length; row++)
            order[next[_input.GroupOf(row)]++] = row;
        return (order, starts);
    }
}
