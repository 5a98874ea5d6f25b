namespace ChurnEngine.Bench;

/// <summary>A frame of a flame graph: what was seen of it on one path from the root.</summary>
internal sealed class FlameNode(string name)
{
    public string Name { get; } = name;

    /// <summary>Samples in which it was on the stack here.</summary>
    public long Total { get; set; }

    /// <summary>Samples in which it was the innermost frame.</summary>
    public long Self { get; set; }

    public SortedDictionary<string, FlameNode> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>Frames on the longest path from here down, this one counted.</summary>
    public int Depth => 1 + Children.Values.Select(child => child.Depth).DefaultIfEmpty().Max();
}

/// <summary>Sampled stacks, folded: equal paths become one.</summary>
/// <param name="above">A frame of the harness: it and what lies outside it are left out of every stack that has it.</param>
internal sealed class StackProfile(string? above = null)
{
    public FlameNode Root { get; } = new("all");

    public long Samples => Root.Total;

    /// <summary>Adds a sample.</summary>
    /// <param name="frames">Outermost first. A frame that calls itself at once counts as one, so that recursion does not grow a tower.</param>
    /// <param name="count">How often it was seen.</param>
    public void Add(IEnumerable<string> frames, long count = 1)
    {
        string[] all = [.. frames];
        FlameNode node = Root;
        node.Total += count;
        foreach (string frame in all.Skip(Array.LastIndexOf(all, above) + 1))
        {
            if (frame == node.Name)
                continue;
            if (!node.Children.TryGetValue(frame, out FlameNode? child))
                node.Children.Add(frame, child = new FlameNode(frame));
            child.Total += count;
            node = child;
        }
        node.Self += count;
    }

    /// <summary>Frames by the samples in which they were innermost, most first; with the samples in which they were on the stack at all.</summary>
    public IReadOnlyList<(string Frame, long Self, long Total)> Top(int most)
    {
        var sums = new Dictionary<string, (long Self, long Total)>(StringComparer.Ordinal);
        Visit(Root, []);
        return [.. sums.Select(pair => (pair.Key, pair.Value.Self, pair.Value.Total)).OrderByDescending(frame => frame.Self).ThenBy(frame => frame.Key, StringComparer.Ordinal).Take(most)];

        void Visit(FlameNode node, HashSet<string> above)
        {
            // A frame that is on the stack twice was in that sample once.
            bool first = node != Root && above.Add(node.Name);
            if (node != Root)
            {
                (long self, long total) = sums.GetValueOrDefault(node.Name);
                sums[node.Name] = (self + node.Self, total + (first ? node.Total : 0));
            }
            foreach (FlameNode child in node.Children.Values)
                Visit(child, above);
            if (first)
                above.Remove(node.Name);
        }
    }

    /// <summary>One line a path, "outer;inner count": what other flame graph tools read.</summary>
    public IEnumerable<string> Folded()
    {
        return Lines(Root, []);

        static IEnumerable<string> Lines(FlameNode node, IReadOnlyList<string> path)
        {
            if (node.Self > 0)
                yield return $"{string.Join(';', path.Select(frame => frame.Replace(';', ',')))} {node.Self}";
            foreach (FlameNode child in node.Children.Values)
                foreach (string line in Lines(child, [.. path, child.Name]))
                    yield return line;
        }
    }
}
