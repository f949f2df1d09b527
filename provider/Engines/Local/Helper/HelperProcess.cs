using System.Globalization;
using PgFleet.Archives;
using PgFleet.Platform;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Helper;

/// <summary>Runs the archive program as the servers' user, and passes on its progress and its result.</summary>
internal sealed class HelperProcess(ServiceAccount account, HelperProgram helper, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Time without output after which the program counts as hung; it reports progress several times a second.</summary>
    private static readonly TimeSpan StallTimeout = TimeSpan.FromMinutes(5);

    /// <param name="report">Receives the current step: immediately, and then regularly, even without new output.</param>
    /// <param name="context">What could not be done if it fails: see <see cref="HelperFailure.After"/>.</param>
    /// <param name="cancel">Kills the program.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <returns>The result that it printed after <c>done</c>.</returns>
    public async Task<string> RunAsync(Action<Step> report, string context, CancellationToken cancel, params string[] arguments)
    {
        helper.Install(); // a server that is already running may still use the copy of an older provider
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var output = new HelperOutput(time);
        var program = account.Process([helper.Path, .. arguments]).RunAsync("", output.Read, null, kill.Token);
        try
        {
            await WatchAsync(program, output, report, context);
        }
        finally
        {
            await kill.CancelAsync();
            await ((Task)program).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        var ended = await program;
        return ended.IsSuccess && output.Result is { } result ? result : throw (output.Failure ?? HelperFailure.Of(ended.StandardError.Trim().Split('\n')[^1])).After(context);
    }

    private async Task WatchAsync(Task program, HelperOutput output, Action<Step> report, string context)
    {
        // At least once, so that a quick run is reported too.
        for (report(output.Step); await Task.WhenAny(program, Task.Delay(Pause, time, CancellationToken.None)) != program; report(output.Step))
        {
            if (time.GetElapsedTime(output.LastOutput) > StallTimeout)
            {
                throw HelperFailure.Of($"It has not moved for {StallTimeout.TotalMinutes:0} minutes at: {output.Step.Name}.").After(context);
            }
        }
    }

    /// <summary>Parses the program's output: <c>progress DONE OF STEP</c>, in bytes, and <c>done RESULT</c> or <c>failed FAILURE</c>.</summary>
    private sealed class HelperOutput(TimeProvider time)
    {
        public Step Step { get; private set; } = new("starting");

        public string? Result { get; private set; }

        public HelperFailure? Failure { get; private set; }

        public long LastOutput { get; private set; } = time.GetTimestamp();

        public void Read(string line)
        {
            LastOutput = time.GetTimestamp();
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
