using System.Globalization;
using PgFleet.Archives;
using PgFleet.Platform;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Helper;

/// <summary>Runs the archive's own program as the servers' user, which tells how it gets on and at last what came of it.</summary>
internal sealed class HelperProcess(ServiceAccount account, HelperProgram helper, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The program tells of its progress several times a second; after this much silence it hangs.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    /// <param name="report">Told of the step that the program is at; called at once and then now and then, also when nothing was heard.</param>
    /// <param name="arguments">Of the program.</param>
    /// <param name="context">What could not be done if it fails: see <see cref="HelperFailure.After"/>.</param>
    /// <returns>What it said in the end, after <c>done</c>.</returns>
    public async Task<string> RunAsync(Action<Step> report, string context, CancellationToken cancel, params string[] arguments)
    {
        helper.Install(); // a server that was found running may still use the one of an older provider
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var heard = new Heard(time);
        var program = account.Process([helper.Path, .. arguments]).RunAsync("", heard.Read, null, kill.Token);
        try
        {
            await WatchAsync(program, heard, report, context);
        }
        finally
        {
            await kill.CancelAsync();
            await ((Task)program).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        var ended = await program;
        return ended.IsSuccess && heard.Result is { } result ? result : throw (heard.Failure ?? HelperFailure.Of(ended.StandardError.Trim().Split('\n')[^1])).After(context);
    }

    private async Task WatchAsync(Task program, Heard heard, Action<Step> report, string context)
    {
        // Once in any case: what is quick is a step too.
        for (report(heard.Step); await Task.WhenAny(program, Task.Delay(Pause, time, CancellationToken.None)) != program; report(heard.Step))
        {
            if (time.GetElapsedTime(heard.LastHeard) > Silence)
            {
                throw HelperFailure.Of($"It has not moved for {Silence.TotalMinutes:0} minutes at: {heard.Step.Name}.").After(context);
            }
        }
    }

    /// <summary>The program's lines: <c>progress DONE OF STEP</c>, in bytes, and <c>done RESULT</c> or <c>failed FAILURE</c>.</summary>
    private sealed class Heard(TimeProvider time)
    {
        public Step Step { get; private set; } = new("starting");

        public string? Result { get; private set; }

        public HelperFailure? Failure { get; private set; }

        public long LastHeard { get; private set; } = time.GetTimestamp();

        public void Read(string line)
        {
            LastHeard = time.GetTimestamp();
            switch (line.Split(' ', 4))
            {
                case ["progress", var done, var of, var step]:
                    Step = new(step, Bytes(done), Bytes(of));
                    break;
                case ["failed", ..]:
                    Failure = HelperFailure.Parse(line["failed ".Length..]);
                    break;
                case ["done", ..]:
                    Result = line["done ".Length..];
                    break;
            }
        }

        private static long Bytes(string digits) => long.TryParse(digits, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
    }
}
