using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Etlx;
using Microsoft.Diagnostics.Tracing.EventPipe;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace ChurnEngine.Bench;

/// <summary>The runtime's own sampling through EventPipe: needs nothing but .NET.</summary>
internal sealed class EventSampler : IStackSampler
{
    private const string Profiler = "Microsoft-DotNETCore-SampleProfiler", Runtime = "Microsoft-Windows-DotNETRuntime";
    private const string Poll = "System.Threading.Thread.PollGC";
    private const int BufferMegabytes = 256;
    private static readonly string[] s_waits = [".Wait", "SpinWait", "WorkerThreadStart", "Sleep"];

    public string Name => "events";

    public string Sees => "the runtime's sampling, managed frames alone; a thread is stopped where it safely can be, so a loop without calls may be booked on its caller; native code shows as [native]";

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public string? Missing() => null;

    public StackProfile Sample(int processId, Action work)
    {
        string trace = Path.Combine(Path.GetTempPath(), $"bench-{processId}.nettrace");
        try
        {
            EventPipeProvider[] providers = [new(Profiler, EventLevel.Informational), new(Runtime, EventLevel.Informational, (long)ClrTraceEventParser.Keywords.Default)];
            using (EventPipeSession session = new DiagnosticsClient(processId).StartEventPipeSession(providers, requestRundown: true, BufferMegabytes))
            {
                using FileStream file = File.Create(trace);
                Task copy = session.EventStream.CopyToAsync(file);
                work();
                session.Stop();
                copy.Wait();
            }
            return Read(trace);
        }
        finally
        {
            File.Delete(trace);
            File.Delete(Path.ChangeExtension(trace, ".etlx"));
        }
    }

    private static StackProfile Read(string trace)
    {
        var profile = new StackProfile(FrameName.Harness);
        using var log = new TraceLog(TraceLog.CreateFromEventPipeDataFile(trace, Path.ChangeExtension(trace, ".etlx")));
        foreach (TraceEvent one in log.Events)
        {
            if (one is not ClrThreadSampleTraceData sample || one.CallStack() is not { } leaf)
                continue;
            List<string> frames = [];
            for (TraceCallStack? frame = leaf; frame is not null; frame = frame.Caller)
                frames.Add(FrameName.OfRuntime(frame.CodeAddress.FullMethodName));
            // Where a loop asks whether it should stop for a sample: the loop is what was seen.
            while (frames.Count > 1 && frames[0].StartsWith(Poll, StringComparison.Ordinal))
                frames.RemoveAt(0);
            if (IsWaiting(frames[0], inNative: sample.Type == ClrThreadSampleType.External))
                continue;
            if (sample.Type == ClrThreadSampleType.External)
                frames.Insert(0, "[native]");
            profile.Add(frames.AsEnumerable().Reverse().Where(frame => frame.Length > 0));
        }
        return profile;
    }

    // A thread outside managed code waits, when the class library sent it there, or works in a native library, which our own bindings called.
    // One inside it waits when it spins for the pool's next item.
    private static bool IsWaiting(string leaf, bool inNative) =>
        inNative ? leaf.Length == 0 || leaf.StartsWith("System.", StringComparison.Ordinal) || leaf.StartsWith("Interop.", StringComparison.Ordinal)
        : leaf.StartsWith("System.Threading.", StringComparison.Ordinal) && s_waits.Any(wait => leaf.Contains(wait, StringComparison.Ordinal));
}
