using System.Diagnostics;
using PgFleet.Failures;

namespace PgFleet.Platform;

internal sealed record ServiceResult(int ExitCode, string StandardOutput, string StandardError)
{
    public bool IsSuccess => ExitCode == 0;
}

/// <summary>
/// A process of the servers' user, which others of that user can take over while it runs. So it has a session and a group of its own, whose
/// number is its own; no terminal, no descriptor and no variable of the provider's; what it says is bounded, and so is how long it may take.
/// </summary>
/// <param name="start">Of a command that begins with setsid(1).</param>
/// <param name="what">The command, as failures name it.</param>
internal sealed class ServiceProcess(ProcessStartInfo start, string what)
{
    /// <summary>What a process said is there when it has ended, unless somebody else holds its streams open.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    /// <param name="input">What it reads.</param>
    /// <param name="heard">Told of each line that it writes, which is then no part of the result.</param>
    /// <param name="limit">Null: somebody else watches it.</param>
    /// <exception cref="ResourceFailure">It does not end, or says too much.</exception>
    public async Task<ServiceResult> RunAsync(string input, Action<string>? heard, TimeSpan? limit, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(limit ?? Timeout.InfiniteTimeSpan);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        Posix.CloseInheritedOnExec();
        using var process = Process.Start(start)!;
        var group = process.Id;
        void End()
        {
            process.Kill(); // setsid(1) may not have made its group yet
            Posix.KillGroup(group);
        }
        using var streams = new CancellationTokenSource();
        var output = new BoundedText(process.StandardOutput.BaseStream, heard, End, streams.Token);
        var error = new BoundedText(process.StandardError.BaseStream, null, End, streams.Token);
        var written = WriteAsync(process, input, streams.Token);
        try
        {
            await EndedAsync(process, End, stop.Token);
            await Task.WhenAll(output.Ended, error.Ended, written).WaitAsync(LastWords, stop.Token);
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

    /// <summary>However it ends, nothing of its group stays.</summary>
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
            // Whether it had need of it shows in how it ends.
        }
    }

    private ResourceFailure Failure(string how) =>
        new(FailureKind.TimedOut, $"{what} {how}.", "See what the processes of that user do, and what lies in its folders, then run this again.");
}
