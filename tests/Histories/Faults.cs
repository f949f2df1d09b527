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

    /// <summary>Only the engine is killed; the provider continues until it notices.</summary>
    KillEngine,
}

/// <param name="Step">The step of the run at which it occurs, from 1; a run with fewer steps has no fault.</param>
internal sealed record Fault(FaultKind Kind, int Step)
{
    public static Fault None { get; } = new(FaultKind.None, 0);
}

/// <summary>The fault of one run. It counts the steps of all operations of its providers.</summary>
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

    /// <summary>Ends the providers' process: operations that are still running in this one fail.</summary>
    public void End() => ended = true;

    /// <exception cref="ProcessEndedException">The process has ended.</exception>
    public void RequireAlive()
    {
        if (ended)
        {
            throw new ProcessEndedException();
        }
    }

    /// <summary>Passes a step of an operation, at which the fault may occur.</summary>
    /// <param name="work">Cancelled when the whole run is.</param>
    /// <param name="isDone">True if the operation is done but not reported yet: the only remaining fault is that its result is lost.</param>
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
                // The cancellation comes through the engine.
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

    /// <summary>The same operation, with every step passing through here.</summary>
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

/// <summary>Thrown in a process that counts as ended; no caller sees it.</summary>
internal sealed class ProcessEndedException() : Exception("The provider's process has ended.");
