using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ChurnEngine.Bench;

/// <summary>Asks over loopback as fast as it is answered, or at a rate: one socket a connection, requests made before the clock starts, answers read to their last byte.</summary>
internal sealed class HttpLoader(Uri address, IReadOnlyList<byte[]> requests)
{
    private const int Window = 1 << 16;

    /// <summary>What came of a run.</summary>
    /// <param name="Micros">Time of each request, microseconds; unsorted.</param>
    /// <param name="Failed">Answers that were not 200.</param>
    /// <param name="Seconds">Of the run.</param>
    public sealed record Outcome(double[] Micros, long Failed, double Seconds);

    /// <summary>The bytes of a POST.</summary>
    public static byte[] Post(string path, string json)
    {
        byte[] body = Encoding.UTF8.GetBytes(json);
        byte[] head = Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. head, .. body];
    }

    /// <summary>Runs.</summary>
    /// <param name="connections">At once.</param>
    /// <param name="length">How long.</param>
    /// <param name="perSecond">Requests a second over all connections; 0: as many as there are answers. At a rate the clock of a request starts when it was due, so that a stall counts for all that waited.</param>
    /// <param name="cancellation">Stops.</param>
    public Outcome Run(int connections, TimeSpan length, double perSecond, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        var lists = new List<double>[connections];
        long failed = 0;
        Thread[] threads = [.. Enumerable.Range(0, connections).Select(connection => new Thread(() =>
        {
            lists[connection] = [];
            Interlocked.Add(ref failed, Ask(connection, connections, lists[connection], (began, length, perSecond), cancellation));
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        cancellation.ThrowIfCancellationRequested();
        return new Outcome([.. lists.SelectMany(list => list)], failed, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private long Ask(int connection, int connections, List<double> micros, (long Began, TimeSpan Length, double PerSecond) run, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(address.Host, address.Port);
        byte[] buffer = new byte[Window];
        long failed = 0;
        for (long number = connection; !cancellation.IsCancellationRequested; number += connections)
        {
            long started = run.PerSecond > 0 ? Due(run.Began, number / run.PerSecond) : Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(run.Began, started) >= run.Length)
                break;
            socket.Send(requests[(int)(number % requests.Count)]);
            failed += Read(socket, buffer) ? 0 : 1;
            micros.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }
        return failed;
    }

    private static long Due(long began, double seconds)
    {
        long due = began + (long)(seconds * Stopwatch.Frequency);
        double wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due).TotalMilliseconds;
        if (wait > 0)
            Thread.Sleep(TimeSpan.FromMilliseconds(wait));
        // A sleep ends on a whole millisecond, which may be before the request was due.
        return Math.Min(due, Stopwatch.GetTimestamp());
    }

    // True of a 200. The service says how long its answers are.
    private static bool Read(Socket socket, byte[] buffer)
    {
        int have = 0, head;
        while ((head = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8)) < 0)
            have += Some(socket, buffer, have);
        string text = Encoding.ASCII.GetString(buffer, 0, head);
        int at = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase) + 16;
        int end = text.IndexOf('\r', at);
        int whole = head + 4 + int.Parse(end < 0 ? text[at..] : text[at..end], CultureInfo.InvariantCulture);
        while (have < whole)
            have += Some(socket, buffer, have);
        return text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
    }

    private static int Some(Socket socket, byte[] buffer, int have)
    {
        int read = socket.Receive(buffer, have, buffer.Length - have, SocketFlags.None);
        return read > 0 ? read : throw new BenchException("the service closed a connection", "look at its log");
    }
}
