using System.Globalization;
using CliWrap;
using PgFleet.Failures;

namespace PgFleet.Engines.Local;

/// <summary>Takes a base backup by the archive's own program, which does it as the servers' user, and waits for it.</summary>
internal sealed class FirstBackup(Home home, ServiceAccount account, HelperProgram helper, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The program tells of its progress several times a second; after this much silence it hangs.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    public async Task TakeAsync(ServerRecord record, Work work)
    {
        helper.Install(); // a server that was found running may still use the one of an older provider
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(work.Cancel);
        var progress = new Progress(time);
        var error = "";
        var program = account.Command(helper.Path, "base-backup", home.Of(record.Name).ArchiveConfig)
            .WithStandardOutputPipe(PipeTarget.ToDelegate(progress.Read))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line => error = line))
            .ExecuteAsync(kill.Token).Task;
        try
        {
            await WatchAsync(record.Name, program, progress, work);
        }
        finally
        {
            await kill.CancelAsync();
            await ((Task)program).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (!(await program).IsSuccess)
        {
            throw new ResourceFailure(FailureKind.Unavailable, $"Instance \"{record.Name}\" runs, but its first base backup came to nothing: {error}.", "Correct what it names, then run this again: it goes on from here.");
        }
    }

    private async Task WatchAsync(string name, Task program, Progress progress, Work work)
    {
        while (await Task.WhenAny(program, Task.Delay(Pause, time, CancellationToken.None)) != program)
        {
            work.Step("taking the first base backup", progress.Done, progress.Of);
            if (time.GetElapsedTime(progress.LastHeard) > Silence)
            {
                throw new ResourceFailure(FailureKind.TimedOut, $"The first base backup of \"{name}\" has not moved for {Silence.TotalMinutes:0} minutes.", "See the instance's log, then run this again: it goes on from here.");
            }
        }
    }

    /// <summary>The program's lines: <c>progress DONE OF</c>, in bytes.</summary>
    private sealed class Progress(TimeProvider time)
    {
        public long? Done { get; private set; }

        public long? Of { get; private set; }

        public long LastHeard { get; private set; } = time.GetTimestamp();

        public void Read(string line)
        {
            LastHeard = time.GetTimestamp();
            if (line.Split(' ') is ["progress", var done, var of])
            {
                (Done, Of) = (long.Parse(done, CultureInfo.InvariantCulture), long.Parse(of, CultureInfo.InvariantCulture));
            }
        }
    }
}
