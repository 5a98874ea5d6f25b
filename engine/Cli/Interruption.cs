using System.Runtime.InteropServices;

namespace ChurnEngine.Cli;

/// <summary>Turns Ctrl-C and SIGTERM into a cancellation, so that a verb can leave nothing half-written; a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _exitCode = Cli.ExitCode.Interrupted;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Handle(signal, Cli.ExitCode.Interrupted));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Handle(signal, Cli.ExitCode.Terminated));
    }

    public CancellationToken Token => _source.Token;

    /// <summary>130 after Ctrl-C, 143 after SIGTERM.</summary>
    public int ExitCode => _exitCode;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
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
