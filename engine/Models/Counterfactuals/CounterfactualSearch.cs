namespace ChurnEngine.Models;

/// <summary>Searches for the smallest change of a row that brings its margin below a limit: fewest features first, then the shortest sum of distances in spreads.</summary>
/// <remarks>
/// A model of trees knows only between which thresholds a value lies, so that one value of each cell is enough. Combinations are searched by branch and bound:
/// a box holds ranges of candidates for some features, its distance is that of its nearest corner, and it is dropped when no leaf combination that it reaches lies below the limit.
/// Boxes are opened nearest first, so the first corner below the limit is the smallest change. All combinations of one feature come before those of two, and so on.
/// After <see cref="MostBoxes"/> boxes the best of a greedy search stands, with the bound that was proved by then.
/// Source: Cui et al. 2015 (optimal action extraction) for the question; Land and Doig 1960 for branch and bound.
/// </remarks>
public static class CounterfactualSearch
{
    /// <summary>Boxes that are opened before a search ends without proof; some seconds.</summary>
    public const long MostBoxes = 200_000;

    /// <summary>Searches.</summary>
    /// <param name="ensemble">The trees.</param>
    /// <param name="row">[F] values now, NaN where missing.</param>
    /// <param name="actions">What can change; a feature comes once.</param>
    /// <param name="isBelow">Whether a margin is low enough; what holds for one holds for every lower one.</param>
    /// <param name="mostBoxes">Boxes, 1 and up.</param>
    /// <param name="cancellation">Stops between boxes.</param>
    /// <remarks>Memory: some hundred bytes a box. Determinism: the same change every time. Errors: ArgumentException when lengths do not fit or an action makes no sense.</remarks>
    public static Counterfactual Find(TreeEnsemble ensemble, ReadOnlySpan<float> row, IReadOnlyList<ActionableFeature> actions, Func<double, bool> isBelow, long mostBoxes = MostBoxes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(actions);
        ArgumentNullException.ThrowIfNull(isBelow);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBoxes, 1);
        if (row.Length != ensemble.FeatureCount)
            throw new ArgumentException($"a row of {row.Length} values for {ensemble.FeatureCount} features", nameof(row));
        foreach (ActionableFeature action in actions)
            action.Validate(ensemble.FeatureCount);
        if (actions.Select(action => action.Feature).Distinct().Count() < actions.Count)
            throw new ArgumentException("a feature comes twice", nameof(actions));
        float[] now = row.ToArray();
        double margin = ensemble.Margin(now);
        if (isBelow(margin))
            return new Counterfactual { IsReached = true, IsExact = true, Margin = margin, LeastChanges = 0, LeastDistance = 0, Boxes = 0 };
        CandidateValues[] candidates = [.. actions.OrderBy(action => action.Feature).Select(action => CandidateValues.Of(ensemble, now[action.Feature], action)).OfType<CandidateValues>()];
        return new Search(ensemble, now, candidates, isBelow).Run(mostBoxes, cancellation);
    }

    /// <summary>Ranges of candidates: of features outside the subset the value now alone.</summary>
    private sealed record Box(int[] Low, int[] High, double Distance);

    private sealed class Search(TreeEnsemble ensemble, float[] now, CandidateValues[] candidates, Func<double, bool> isBelow)
    {
        private readonly CollapsedTrees _trees = new(ensemble, now, candidates);
        private long _boxes;

        public Counterfactual Run(long mostBoxes, CancellationToken cancellation)
        {
            int[] first = new int[candidates.Length], last = [.. candidates.Select(candidate => candidate.Values.Length - 1)];
            if (!isBelow(_trees.LeastMargin(first, last)))
                return Result(null, isExact: true, (candidates.Length + 1, 0));
            int[]? best = Greedy();
            for (int changes = 1; changes <= candidates.Length; changes++)
            {
                var queue = new PriorityQueue<Box, (double, long)>();
                long order = 0;
                foreach (int[] subset in Subsets(candidates.Length, changes))
                {
                    if (++_boxes > mostBoxes)
                        return Result(best, isExact: false, (changes, 0));
                    int[] low = [.. candidates.Select(candidate => candidate.Now)], high = [.. low];
                    foreach (int slot in subset)
                        (low[slot], high[slot]) = (0, last[slot]);
                    Push(low, high);
                }
                while (queue.TryDequeue(out Box? box, out _))
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (best is not null && best.Where((at, slot) => at != candidates[slot].Now).Count() <= changes && box.Distance >= DistanceOf(best))
                        return Result(best, isExact: true, (changes, DistanceOf(best)));
                    if (++_boxes > mostBoxes)
                        return Result(best, isExact: false, (changes, box.Distance));
                    int[] corner = [.. candidates.Select((candidate, slot) => candidate.Nearest(box.Low[slot], box.High[slot]))];
                    if (isBelow(MarginOf(corner)))
                        return Result(corner, isExact: true, (changes, box.Distance));
                    Split(box);
                }

                void Push(int[] low, int[] high)
                {
                    if (isBelow(_trees.LeastMargin(low, high)))
                    {
                        double distance = candidates.Select((candidate, slot) => candidate.Distances[candidate.Nearest(low[slot], high[slot])]).Sum();
                        queue.Enqueue(new Box(low, high, distance), (distance, order++));
                    }
                }

                void Split(Box box)
                {
                    int widest = 0;
                    for (int slot = 1; slot < candidates.Length; slot++)
                        widest = box.High[slot] - box.Low[slot] > box.High[widest] - box.Low[widest] ? slot : widest;
                    if (box.High[widest] == box.Low[widest])
                        return;
                    int middle = (box.Low[widest] + box.High[widest]) / 2;
                    int[] upTo = [.. box.High], from = [.. box.Low];
                    (upTo[widest], from[widest]) = (middle, middle + 1);
                    Push(box.Low, upTo);
                    Push(from, box.High);
                }
            }
            // Every box of every subset was opened and dropped.
            return Result(null, isExact: true, (candidates.Length + 1, 0));
        }

        // What lowers the margin most, one feature after another; then each back as far as it can go.
        private int[]? Greedy()
        {
            int[] at = [.. candidates.Select(candidate => candidate.Now)];
            for (int changed = 0; !isBelow(MarginOf(at)); changed++)
            {
                if (changed == candidates.Length)
                    return null;
                (int Slot, int Value, double Margin) best = (-1, 0, double.PositiveInfinity);
                for (int slot = 0; slot < candidates.Length; slot++)
                {
                    int kept = at[slot];
                    for (int value = 0; kept == candidates[slot].Now && value < candidates[slot].Values.Length; value++)
                    {
                        at[slot] = value;
                        if (value != kept && MarginOf(at) is var margin && margin < best.Margin)
                            best = (slot, value, margin);
                    }
                    at[slot] = kept;
                }
                if (best.Slot < 0)
                    return null;
                at[best.Slot] = best.Value;
            }
            for (int slot = 0; slot < candidates.Length; slot++)
            {
                CandidateValues candidate = candidates[slot];
                int kept = at[slot];
                foreach (int value in Enumerable.Range(0, candidate.Values.Length).Where(value => candidate.Distances[value] < candidate.Distances[kept]).OrderBy(value => candidate.Distances[value]))
                {
                    at[slot] = value;
                    if (isBelow(MarginOf(at)))
                        break;
                    at[slot] = kept;
                }
            }
            return at;
        }

        private double DistanceOf(int[] at) => candidates.Select((candidate, slot) => candidate.Distances[at[slot]]).Sum();

        private double MarginOf(int[] at)
        {
            for (int slot = 0; slot < candidates.Length; slot++)
                now[candidates[slot].Action.Feature] = candidates[slot].Values[at[slot]];
            double margin = ensemble.Margin(now);
            foreach (CandidateValues candidate in candidates)
                now[candidate.Action.Feature] = candidate.Values[candidate.Now];
            return margin;
        }

        private Counterfactual Result(int[]? at, bool isExact, (int Changes, double Distance) least) => new()
        {
            IsReached = at is not null,
            IsExact = isExact,
            Margin = at is null ? ensemble.Margin(now) : MarginOf(at),
            Changes = at is null ? [] : [.. candidates.Select((candidate, slot) => (candidate, at: at[slot])).Where(pair => pair.at != pair.candidate.Now)
                .Select(pair => new FeatureChange(pair.candidate.Action.Feature, pair.candidate.Values[pair.candidate.Now], pair.candidate.Values[pair.at], pair.candidate.Distances[pair.at]))],
            LeastChanges = least.Changes,
            LeastDistance = least.Distance,
            Boxes = _boxes,
        };

        // In ascending order of their members.
        private static IEnumerable<int[]> Subsets(int count, int size)
        {
            int[] members = [.. Enumerable.Range(0, size)];
            while (true)
            {
                yield return [.. members];
                int at = size - 1;
                while (at >= 0 && members[at] == count - size + at)
                    at--;
                if (at < 0)
                    yield break;
                members[at]++;
                for (int next = at + 1; next < size; next++)
                    members[next] = members[next - 1] + 1;
            }
        }
    }
}
