using System.Runtime.InteropServices;

namespace ChurnEngine.Cli;

/// <summary>Turns Ctrl-C and SIGTERM into a cancellation, so that a verb can leave nothing half-written; a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    // Linux's number for a file larger than `ulimit -f` allows.
    private const PosixSignal FileSizeExceeded = (PosixSignal)25;
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration? _fileSize;
    private int _exitCode = Cli.ExitCode.Interrupted;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Handle(signal, Cli.ExitCode.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Handle(signal, Cli.ExitCode.Terminated));
        // The write fails then, and is cleared up and reported, where the signal would kill.
        if (OperatingSystem.IsLinux())
            _fileSize = PosixSignalRegistration.Create(FileSizeExceeded, signal => signal.Cancel = true);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>130 after Ctrl-C, 143 after SIGTERM.</summary>
    public int ExitCode => _exitCode;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _fileSize?.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext signal, int exitCode)
    {
        if (_source.IsCancellationRequested)
            return;
        _exitCode = exitCode;
        signal.Cancel = true;
        _source.Cancel();
    }
}
