using System.Globalization;

namespace PgFleet.Engines.Local.Archive;

/// <summary>Prints the latest progress four times a second; nothing any more once it is disposed of.</summary>
internal sealed class ProgressLines : IProgress<BackupProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ITimer timer;
    private volatile BackupProgress latest = new(0, 0);

    public ProgressLines(TextWriter output, TimeProvider clock) =>
        timer = clock.CreateTimer(
            _ => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"progress {latest.Done} {latest.Of}")), null, Interval, Interval);

    public void Report(BackupProgress value) => latest = value;

    public ValueTask DisposeAsync() => timer.DisposeAsync();
}
