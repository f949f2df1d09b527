using System.Diagnostics;
using PgFleet.Failures;

namespace PgFleet.Platform;

internal sealed record ServiceResult(int ExitCode, string StandardOutput, string StandardError)
{
    public bool IsSuccess => ExitCode == 0;
}

/// <summary>
/// A process of the servers' user. Other processes of that user could take it over while it runs, so it gets its own session and process
/// group, no terminal, and none of the provider's descriptors or environment variables; its output and its running time are bounded.
/// </summary>
/// <param name="start">A command that begins with setsid(1), so that the group's id is the process's id.</param>
/// <param name="what">The command's name in failures.</param>
internal sealed class ServiceProcess(ProcessStartInfo start, string what)
{
    /// <summary>Time limit for reading the streams to their end after the process has ended; another process may hold them open.</summary>
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromSeconds(10);

    /// <param name="input">Written to stdin.</param>
    /// <param name="onLine">Receives each line of stdout, which is then not part of the result.</param>
    /// <param name="limit">Time limit; null: the caller watches the process.</param>
    /// <param name="cancel">Kills the process group.</param>
    /// <exception cref="ResourceFailure">The process exceeds its time limit or its output limit.</exception>
    public async Task<ServiceResult> RunAsync(string input, Action<string>? onLine, TimeSpan? limit, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(limit ?? Timeout.InfiniteTimeSpan);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        Posix.CloseInheritedOnExec();
        using var process = Process.Start(start)!;
        var group = process.Id;
        void End()
        {
            process.Kill(); // the process may not have reached setsid(1) yet
            Posix.KillGroup(group);
        }
        using var streams = new CancellationTokenSource();
        var output = new BoundedText(process.StandardOutput.BaseStream, onLine, End, streams.Token);
        var error = new BoundedText(process.StandardError.BaseStream, null, End, streams.Token);
        var written = WriteAsync(process, input, streams.Token);
        try
        {
            await EndedAsync(process, End, stop.Token);
            await Task.WhenAll(output.Ended, error.Ended, written).WaitAsync(OutputTimeout, stop.Token);
            return output.IsCut || error.IsCut ? throw Failure($"says more than {BoundedText.Most >> 20} MiB") : new(process.ExitCode, $"{output}", $"{error}");
        }
        catch (TimeoutException)
        {
            throw Failure("has ended, but its streams are held open");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Failure($"has not ended after {limit!.Value.TotalSeconds:0} s");
        }
        finally
        {
            await streams.CancelAsync();
            process.StandardOutput.Dispose();
            process.StandardError.Dispose();
        }
    }

    /// <summary>Waits for the end, and kills what is left of the group in any case.</summary>
    private static async Task EndedAsync(Process process, Action end, CancellationToken cancel)
    {
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        finally
        {
            end();
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
            process.StandardInput.Close();
        }
        catch (Exception unread) when (unread is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // If the process needed its input, its exit code shows it.
        }
    }

    private ResourceFailure Failure(string how) =>
        new(FailureKind.TimedOut, $"{what} {how}.", "See what the processes of that user do, and what lies in its folders, then run this again.");
}
