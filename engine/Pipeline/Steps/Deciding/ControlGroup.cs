using ChurnEngine.Columns;
using ChurnEngine.Decisions;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>Who is left alone at random: the same customers for the same seed, in any order, file form or number of threads, and from one plan to the next.</summary>
internal static class ControlGroup
{
    /// <summary>Marks them.</summary>
    /// <param name="table">The scores.</param>
    /// <param name="share">0..1.</param>
    /// <param name="seed">Salt of the hash.</param>
    /// <param name="standing">[N] of whom those that are open are marked.</param>
    public static void Mark(ScoreTable table, double share, ulong seed, Standing[] standing)
    {
        ulong salt = PartitionHash.OfInt64((long)seed);
        for (int b = 0; b < table.Batches.Count; b++)
        {
            Column keys = table.Batches[b].Columns[0];
            for (int i = 0; i < keys.Length; i++)
            {
                int row = table.FirstRow(b) + i;
                // 53 bits of the salted hash, as a number from 0 and below 1. The partitions' hash is another, so that no partition is all control.
                if (standing[row] == Standing.Open && (PartitionHash.OfInt64((long)(ScoreTable.HashOf(keys, i) ^ salt)) >> 11) * (1.0 / (1L << 53)) < share)
                    standing[row] = Standing.Control;
            }
        }
    }
}
