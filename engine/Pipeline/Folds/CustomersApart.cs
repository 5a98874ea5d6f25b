using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Pipeline;

/// <summary>Which customers of a fold do not train it, so that none of them is known to the model that is measured on them.</summary>
internal static class CustomersApart
{
    private const ulong Salt = 0x43555354415041;

    /// <summary>Chooses by a salted hash of the key: the same customers in every snapshot, fold and run.</summary>
    /// <param name="set">Rows.</param>
    /// <param name="share">Share of the customers that is kept apart, 0..1.</param>
    /// <param name="seed">Key of the choice.</param>
    /// <returns>[N] true where the row's customer is kept apart.</returns>
    public static bool[] Of(TrainingSet set, double share, long seed)
    {
        ulong salt = PartitionHash.OfInt64(seed ^ (long)Salt);
        bool[] apart = new bool[set.Keys.Length];
        for (int row = 0; row < apart.Length; row++)
        {
            ulong key = set.Keys is PrimitiveColumn<long> numbers ? PartitionHash.OfInt64(numbers.Values[row]) : PartitionHash.OfUtf8(((Utf8Column)set.Keys).GetBytes(row));
            apart[row] = (PartitionHash.OfInt64((long)(key ^ salt)) >> 11) * (1.0 / (1UL << 53)) < share;
        }
        return apart;
    }
}
