using System.Numerics;
using ChurnEngine.Columns;
using CommunityToolkit.HighPerformance.Buffers;

namespace ChurnEngine.DataGen.MusicLog;

/// <summary>A music service that keeps nothing but the log of its web pages.</summary>
internal sealed class MusicModel(WorldOptions options) : IWorld
{
    private const double DuplicateShare = 0.002;

    private readonly record struct LineRow(int User, LogLine Line);

    private readonly WorldClock _clock = new(options.Months);
    private readonly MusicDrifts _drifts = new(options);
    private readonly ListenerSource _source = new(options.Customers, options.Seed, new WorldClock(options.Months));

    public IReadOnlyList<WorldFile> Files { get; } = MusicTables.FilesOf(options);

    // A user has a thousand lines and more, of 400 bytes.
    public int CustomersPerChunk => 8;

    public string ProjectText() => MusicProject.Text(_clock);

    public WorldChunk Generate(int first, int end)
    {
        using var lines = new GrowingBuffer<LineRow>((end - first) * 1024);
        var writers = new LineWriter[end - first];
        var truth = new TruthRows(end - first);
        var life = new MusicLife(_drifts);
        var dice = new ChurnDice(_clock, options.TreatmentShare);
        var snapshots = new List<Snapshot>(64);
        long duplicates = 0;
        for (int i = 0; i < writers.Length; i++)
        {
            Listener listener = _source.Draw(first + i);
            life.Start(listener);
            Lifetime.Run(life, (listener.Key, listener.RegisteredAt), _clock, dice, snapshots);
            duplicates += Append(lines, i, listener.Key, life.Lines);
            writers[i] = new LineWriter(listener, options.Customers);
            truth.Add(listener.Id, snapshots);
        }
        var text = new ArrayPoolBufferWriter<byte>(checked((int)lines.Length * 480 + 4096));
        foreach (int row in InOrder(lines))
            writers[lines[row].User].Write(lines[row].Line, text);
        WorldReport counts = truth.Counts with { Events = lines.Length, DuplicateEvents = duplicates };
        return new WorldChunk([ChunkPart.Lines(text, lines.Length), .. truth.Build(options)], counts);
    }

    // Two lines in a thousand are shipped twice, right after another. A cancellation is written once.
    private static int Append(GrowingBuffer<LineRow> rows, int user, ulong key, List<LogLine> lines)
    {
        var draw = new CounterRandom(key, DrawPurpose.Duplicates);
        int duplicates = 0;
        foreach (LogLine line in lines)
        {
            rows.Append(new LineRow(user, line));
            if (!draw.NextBool(DuplicateShare) || line.Page is Page.Cancel or Page.CancellationConfirmation)
                continue;
            rows.Append(new LineRow(user, line));
            duplicates++;
        }
        return duplicates;
    }

    // By instant, users mixed; one line in fifty is shipped up to ten minutes late, and so out of order.
    private static int[] InOrder(GrowingBuffer<LineRow> rows)
    {
        int count = checked((int)rows.Length);
        int bits = BitOperations.Log2((uint)count) + 1;
        long[] keys = new long[count];
        for (int row = 0; row < count; row++)
        {
            long at = rows[row].Line.AtMillis;
            ulong mix = new CounterRandom((ulong)at, DrawPurpose.Duplicates, rows[row].User).NextBits();
            long delay = mix % 50 == 0 ? (long)(mix >>> 32) % 600_000 : 0;
            // The row breaks ties, so that the order is one of a kind. 278 years of milliseconds leave it 20 bits and more.
            keys[row] = (at + delay - WorldClock.EarliestInstant * 1_000) << bits | (uint)row;
        }
        Array.Sort(keys);
        return Array.ConvertAll(keys, key => (int)(key & ((1L << bits) - 1)));
    }
}
