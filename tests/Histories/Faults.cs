using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Histories;

internal enum FaultKind
{
    None,

    /// <summary>A step fails: a disk is full, a connection breaks.</summary>
    Fail,

    /// <summary>Ctrl-C.</summary>
    Cancel,

    /// <summary>Engine and provider end as by <c>kill -9</c>.</summary>
    Kill,

    /// <summary>The engine alone ends; the provider goes on until it finds out.</summary>
    KillEngine,
}

/// <param name="Step">Which step of the run it comes at, from 1; a run that has fewer is spared.</param>
internal sealed record Fault(FaultKind Kind, int Step)
{
    public static Fault None { get; } = new(FaultKind.None, 0);
}

/// <summary>What goes wrong in one run. It counts the steps of all work that its providers do.</summary>
internal sealed class Faults(Fault fault) : IDisposable
{
    private readonly CancellationTokenSource cancel = new();
    private readonly CancellationTokenSource kill = new();
    private int steps;
    private volatile bool ended;

    public CancellationToken Cancel => cancel.Token;

    public CancellationToken Kill => kill.Token;

    public bool Struck { get; private set; }

    public bool Killed => kill.IsCancellationRequested;

    /// <summary>The providers' process is gone: what is still under way in this one comes to nothing.</summary>
    public void End() => ended = true;

    /// <exception cref="ProcessEndedException">It is.</exception>
    public void RequireAlive()
    {
        if (ended)
        {
            throw new ProcessEndedException();
        }
    }

    /// <summary>A step of some work.</summary>
    /// <param name="work">Is cancelled when the whole run is.</param>
    /// <param name="isDone">The work is done and nobody has heard of it: what can still go wrong is that nobody ever will.</param>
    public void Pass(CancellationToken work, bool isDone = false)
    {
        RequireAlive();
        if ((isDone && fault.Kind is FaultKind.Fail or FaultKind.Cancel) || Interlocked.Increment(ref steps) != fault.Step)
        {
            return;
        }
        Struck = true;
        switch (fault.Kind)
        {
            case FaultKind.Fail:
                throw new ResourceFailure(FailureKind.Unavailable, $"The world failed at step {fault.Step}.", "Run again.");
            case FaultKind.Cancel:
                cancel.Cancel();
                // It comes by way of the engine.
                _ = work.CanBeCanceled && work.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));
                break;
            case FaultKind.Kill:
                End();
                kill.Cancel();
                throw new ProcessEndedException();
            case FaultKind.KillEngine:
                kill.Cancel();
                break;
            default:
                Struck = false;
                break;
        }
    }

    /// <summary>The same work, whose every step is one of these.</summary>
    public OperationContext Through(OperationContext work) =>
        new(work.Cancel, new Steps(this, work.Cancel), work.Warn, work.Urn) { GoesAlong = work.GoesAlong };

    public OperationContext<T> Through<T>(OperationContext<T> work)
        where T : class => new(work.Cancel, new Steps(this, work.Cancel), work.Warn, work.Urn);

    public void Dispose()
    {
        cancel.Dispose();
        kill.Dispose();
    }

    private sealed class Steps(Faults faults, CancellationToken work) : IProgress<Step>
    {
        public void Report(Step value) => faults.Pass(work);
    }
}

/// <summary>Nobody hears of it.</summary>
internal sealed class ProcessEndedException() : Exception("The provider's process has ended.");
