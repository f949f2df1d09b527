using Grpc.Core;
using PgFleet.Engines;

namespace PgFleet.Protocols.Pulumi;

/// <summary>One long call: its deadline, its cancellation and its progress line.</summary>
internal sealed class Operation : IProgress<Step>, IDisposable
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Session session;
    private readonly string urn;
    private readonly CancellationTokenSource deadline;
    private readonly CancellationTokenSource cancel;
    private readonly Pace pace = new(TimeProvider.System);
    private long lastShown;

    /// <param name="seconds">The user's customTimeouts; 0: none was set.</param>
    public Operation(Session session, ServerCallContext call, string urn, double seconds)
    {
        (this.session, this.urn) = (session, urn);
        Timeout = seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(30).TotalSeconds)) : DefaultTimeout;
        deadline = new(Timeout);
        cancel = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, session.Cancelled, call.CancellationToken);
        Work = new(cancel.Token, this, session.Foresees, session.FreedBy(urn), text => _ = session.Log.WarnAsync(urn, text));
    }

    public Work Work { get; }

    public TimeSpan Timeout { get; }

    public bool TimedOut => deadline.IsCancellationRequested;

    public string LastStep { get; private set; } = "starting";

    public void Report(Step value)
    {
        var changed = value.Name != LastStep;
        var left = pace.Left(value);
        LastStep = value.Name;
        if (changed || TimeProvider.System.GetElapsedTime(lastShown) > Interval)
        {
            lastShown = TimeProvider.System.GetTimestamp();
            _ = session.Log.ShowAsync(urn, value, left);
        }
    }

    public void Dispose()
    {
        cancel.Dispose();
        deadline.Dispose();
    }
}
