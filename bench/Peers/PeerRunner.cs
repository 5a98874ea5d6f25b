using System.Diagnostics;

namespace ChurnEngine.Bench.Peers;

/// <summary>What came of a case.</summary>
internal sealed record PeerOutcome(IPeerEntry Entry, PeerCase Case, IReadOnlyList<ContestantRuns> Runs, IReadOnlyList<Verdict> Verdicts);

/// <summary>Runs cases: each contestant in a fresh process, once a round, in an order that alternates.</summary>
internal sealed class PeerRunner(PeerRequest request, Action<string> say, CancellationToken cancellation)
{
    /// <summary>About how long the cases take, seconds.</summary>
    public double Estimate(IEnumerable<PeerCase> cases) => cases.Sum(one => one.SecondsPerRound * one.Rounds(request.Rounds));

    /// <summary>Runs one case.</summary>
    /// <remarks>Errors: <see cref="BenchException"/> when a contestant fails.</remarks>
    public PeerOutcome Run(IPeerEntry entry, PeerCase one)
    {
        one.Prepare(text => say($"  {text}"));
        int rounds = one.Rounds(request.Rounds), round = 0;
        List<PeerMeasures>[] measured = [.. one.Contestants.Select(_ => new List<PeerMeasures>())];
        Func<double>[] sides = [.. one.Contestants.Select<Contestant, Func<double>>((contestant, index) => () =>
        {
            round = measured.Max(list => list.Count) + (measured[index].Count == measured.Max(list => list.Count) ? 1 : 0);
            long start = Stopwatch.GetTimestamp();
            measured[index].Add(RunOnce(entry, one, contestant));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            say($"  round {round}/{rounds}  {contestant.Name}: {seconds:N1} s with start and reading");
            return seconds;
        })];
        InterleavedRounds.Run(rounds, cancellation, sides);
        ContestantRuns[] runs = [.. one.Contestants.Select((contestant, index) => new ContestantRuns(contestant, measured[index]))];
        return new PeerOutcome(entry, one, runs, [.. one.Judge(runs)]);
    }

    private PeerMeasures RunOnce(IPeerEntry entry, PeerCase one, Contestant contestant)
    {
        try
        {
            PeerMeasures measures = PeerProcess.Run(entry.Name, contestant, cancellation);
            one.Complete(contestant, measures);
            return measures;
        }
        catch (Exception fault) when (fault is InvalidOperationException or InvalidDataException or IOException)
        {
            throw new BenchException($"{entry.Name}, {one.Name}: {fault.Message.TrimEnd('.')}", "run this case alone with --only and --match to see more");
        }
    }
}
