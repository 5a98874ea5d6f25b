using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChurnEngine.Decisions;

/// <summary>What the best of some offers is expected to earn of each customer: the most of expected loss x save rate - charge, and which offer that is.</summary>
/// <remarks>Shape: [n] expected losses (probability x value), [S] save rates and charges -> [n] amounts and [n] positions 0..S-1, in double. Of equal offers the first counts.
/// A NaN loss earns -infinity at position -1, as does no offer at all. Equality with the scalar form: exact.</remarks>
internal static class ExpectedValueKernel
{
    public static void Run(ReadOnlySpan<double> loss, ReadOnlySpan<double> rates, ReadOnlySpan<double> charges, Span<double> best, Span<long> offer)
    {
        int done = 0;
        ref double from = ref MemoryMarshal.GetReference(loss);
        ref double earns = ref MemoryMarshal.GetReference(best);
        ref long which = ref MemoryMarshal.GetReference(offer);
        if (Vector512.IsHardwareAccelerated)
        {
            for (; done <= loss.Length - Vector512<double>.Count; done += Vector512<double>.Count)
            {
                Vector512<double> x = Vector512.LoadUnsafe(ref from, (nuint)done), most = Vector512.Create(double.NegativeInfinity);
                Vector512<long> at = Vector512.Create(-1L);
                for (int s = 0; s < rates.Length; s++)
                {
                    Vector512<double> value = x * Vector512.Create(rates[s]) - Vector512.Create(charges[s]), more = Vector512.GreaterThan(value, most);
                    most = Vector512.ConditionalSelect(more, value, most);
                    at = Vector512.ConditionalSelect(more.AsInt64(), Vector512.Create((long)s), at);
                }
                most.StoreUnsafe(ref earns, (nuint)done);
                at.StoreUnsafe(ref which, (nuint)done);
            }
        }
        if (Vector256.IsHardwareAccelerated)
        {
            for (; done <= loss.Length - Vector256<double>.Count; done += Vector256<double>.Count)
            {
                Vector256<double> x = Vector256.LoadUnsafe(ref from, (nuint)done), most = Vector256.Create(double.NegativeInfinity);
                Vector256<long> at = Vector256.Create(-1L);
                for (int s = 0; s < rates.Length; s++)
                {
                    Vector256<double> value = x * Vector256.Create(rates[s]) - Vector256.Create(charges[s]), more = Vector256.GreaterThan(value, most);
                    most = Vector256.ConditionalSelect(more, value, most);
                    at = Vector256.ConditionalSelect(more.AsInt64(), Vector256.Create((long)s), at);
                }
                most.StoreUnsafe(ref earns, (nuint)done);
                at.StoreUnsafe(ref which, (nuint)done);
            }
        }
        Scalar(loss[done..], rates, charges, best[done..], offer[done..]);
    }

    public static void Scalar(ReadOnlySpan<double> loss, ReadOnlySpan<double> rates, ReadOnlySpan<double> charges, Span<double> best, Span<long> offer)
    {
        for (int i = 0; i < loss.Length; i++)
        {
            (double most, long at) = (double.NegativeInfinity, -1);
            for (int s = 0; s < rates.Length; s++)
            {
                double value = loss[i] * rates[s] - charges[s];
                if (value > most)
                    (most, at) = (value, s);
            }
            (best[i], offer[i]) = (most, at);
        }
    }
}
