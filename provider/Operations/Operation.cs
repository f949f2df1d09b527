using PgFleet.Progress;

namespace PgFleet.Operations;

/// <summary>A long call, with its deadline, cancellation and progress.</summary>
internal sealed class Operation : IProgress<Step>, IDisposable
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly IDiagnostics diagnostics;
    private readonly CancellationTokenSource deadline;
    private readonly CancellationTokenSource cancel;
    private readonly Pace pace = new(TimeProvider.System);
    private long lastReported;

    /// <param name="run">The run.</param>
    /// <param name="diagnostics">Receives its steps.</param>
    /// <param name="call">Cancelled when the caller no longer waits for the response.</param>
    /// <param name="timeout">The user's timeout; null: none was set.</param>
    /// <param name="urn">The Pulumi URN of the resource.</param>
    /// <param name="goesAlong">True if what the resource lives on is deleted in the same run.</param>
    public Operation(ProviderSession run, IDiagnostics diagnostics, CancellationToken call, TimeSpan? timeout = null, string? urn = null, bool goesAlong = false)
    {
        this.diagnostics = diagnostics;
        Timeout = timeout is { } own ? own < LongestTimeout ? own : LongestTimeout : DefaultTimeout;
        deadline = new(Timeout);
        cancel = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, run.Cancelled, call);
        Work = new(cancel.Token, this, diagnostics.Warn, urn) { GoesAlong = goesAlong };
    }

    public OperationContext Work { get; }

    public TimeSpan Timeout { get; }

    public bool TimedOut => deadline.IsCancellationRequested;

    public string LastStep { get; private set; } = "starting";

    public void Report(Step value)
    {
        var changed = value.Name != LastStep;
        var left = pace.Left(value);
        LastStep = value.Name;
        if (changed || TimeProvider.System.GetElapsedTime(lastReported) > Interval)
        {
            lastReported = TimeProvider.System.GetTimestamp();
            diagnostics.Report(value, left);
        }
    }

    public void Dispose()
    {
        cancel.Dispose();
        deadline.Dispose();
    }
}
