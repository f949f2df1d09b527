using System.CommandLine;
using System.Runtime.InteropServices;
using MiniEngine;
using MiniEngine.Verbs;

// The first Ctrl-C asks the providers to stop; the second ends this program.
using var cancel = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    signal.Cancel = !cancel.IsCancellationRequested;
    cancel.Cancel();
});
try
{
    return await new CommandLine().Build().Parse(args)
        .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancel.Token);
}
catch (UserException error)
{
    await Console.Error.WriteLineAsync($"error: {error.Message}");
    return 1;
}
