using System.Globalization;
using PgFleet.Platform;

namespace PgFleet.Archives.Helper;

/// <summary>Prints the latest progress four times a second, as <c>progress DONE OF STEP</c>; prints nothing after disposal.</summary>
internal sealed class ProgressLines : IProgress<ByteProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ITimer timer;
    private volatile ByteProgress latest = new("starting", 0, 0);

    public ProgressLines(TextWriter output, TimeProvider clock) =>
        timer = clock.CreateTimer(
            _ => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"progress {latest.Done} {latest.Of} {latest.Step}")), null, Interval, Interval);

    public void Report(ByteProgress value) => latest = value;

    public ValueTask DisposeAsync() => timer.DisposeAsync();
}
