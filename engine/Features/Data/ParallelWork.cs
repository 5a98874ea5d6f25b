using System.Runtime.ExceptionServices;

namespace ChurnEngine.Features;

/// <summary>Runs numbered pieces of work in parallel; a failure leaves as itself, not wrapped.</summary>
internal static class ParallelWork
{
    public static void For(int count, ParallelOptions parallel, Action<int> piece)
    {
        try
        {
            Parallel.For(0, count, parallel, piece);
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }
}
