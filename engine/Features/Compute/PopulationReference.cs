using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ChurnEngine.Features;

/// <summary>The population of one instant, as the features of a plan that look at it need it; made by <see cref="Featurizer.ReferenceAt"/>.</summary>
public sealed class PopulationReference
{
    private const int Absent = -1;
    private static ReadOnlySpan<byte> Magic => "CHURNPOP1\n"u8;
    private readonly string _planHash;
    private readonly PopulationValues _values;

    internal PopulationReference(string planHash, PopulationValues values) => (_planHash, _values) = (planHash, values);

    /// <summary>The values, for a plan of the same hash.</summary>
    internal PopulationValues For(FeaturePlan plan) => plan.Hash == _planHash ? _values : throw FeaturesErrors.PlanMismatch(_planHash, plan.Hash);

    /// <summary>Writes it, so that <see cref="TryRead"/> gives the same bits.</summary>
    /// <param name="stream">Gets the bytes; stays the caller's.</param>
    /// <remarks>Magic, hash of the plan (length, UTF-8), features (int32), of each its count (-1: needs none) and its doubles, ascending; little-endian. The last 32 bytes are the SHA-256 of all before.</remarks>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
        }
        Put(Magic);
        byte[] plan = Encoding.UTF8.GetBytes(_planHash);
        Put(BitConverter.GetBytes(plan.Length));
        Put(plan);
        Put(BitConverter.GetBytes(_values.Sorted.Count));
        foreach (double[]? values in _values.Sorted)
        {
            Put(BitConverter.GetBytes(values?.Length ?? Absent));
            Put(MemoryMarshal.AsBytes(values.AsSpan()));
        }
        stream.Write(hash.GetHashAndReset());
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="bytes">The whole of it.</param>
    /// <param name="plan">The plan that it must be of.</param>
    /// <returns>Null for bytes that are damaged, or of another plan or version.</returns>
    public static PopulationReference? TryRead(ReadOnlySpan<byte> bytes, FeaturePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        int end = bytes.Length - SHA256.HashSizeInBytes;
        if (end < Magic.Length || !bytes.StartsWith(Magic) || !SHA256.HashData(bytes[..end]).AsSpan().SequenceEqual(bytes[end..]))
            return null;
        // The hash holds: what follows is as it was written.
        ReadOnlySpan<byte> rest = bytes[Magic.Length..end];
        if (Encoding.UTF8.GetString(Take(ref rest, Int(ref rest))) != plan.Hash)
            return null;
        double[]?[] sorted = new double[]?[Int(ref rest)];
        for (int feature = 0; feature < sorted.Length; feature++)
        {
            int count = Int(ref rest);
            sorted[feature] = count == Absent ? null : MemoryMarshal.Cast<byte, double>(Take(ref rest, checked(count * sizeof(double)))).ToArray();
        }
        return new PopulationReference(plan.Hash, new PopulationValues(plan.Definitions, sorted));
    }

    private static int Int(ref ReadOnlySpan<byte> rest) => BitConverter.ToInt32(Take(ref rest, sizeof(int)));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int count)
    {
        ReadOnlySpan<byte> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
