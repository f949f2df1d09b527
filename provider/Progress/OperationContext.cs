using PgFleet.Failures;

namespace PgFleet.Progress;

/// <summary>One named step of a long operation: a progress line, a cancellation point, and a place where tests kill the process.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Done">Bytes done of <paramref name="Of"/>; null when there is nothing to measure.</param>
/// <param name="Of">Total bytes.</param>
/// <param name="At">The position in the WAL, for people.</param>
internal sealed record Step(string Name, long? Done = null, long? Of = null, string? At = null);

/// <summary>What an operation gets from its caller: cancellation, progress, warnings, and what the current run has planned.</summary>
/// <param name="cancel">Combines the request's cancellation, the provider's stop and the operation's deadline.</param>
/// <param name="progress">Receives each step.</param>
/// <param name="warn">Receives warnings of operations that succeed.</param>
/// <param name="urn">The Pulumi URN of the resource; null outside a resource, and for Terraform, which has no such name.</param>
internal class OperationContext(
    CancellationToken cancel, IProgress<Step>? progress = null, Action<Message>? warn = null, string? urn = null)
{
    public CancellationToken Cancel => cancel;

    public string? Urn => urn;

    /// <summary>True if what the resource lives on is deleted in the same run and takes it along: it is enough that it can be deleted.</summary>
    public bool GoesAlong { get; init; }

    /// <exception cref="OperationCanceledException">The operation was cancelled, or its deadline passed.</exception>
    public void Step(string name, long? done = null, long? of = null, string? at = null)
    {
        progress?.Report(new(name, done, of, at));
        cancel.ThrowIfCancellationRequested();
    }

    /// <summary>Reports a step past the point of no return: unlike <see cref="Step"/>, it does not observe cancellation.</summary>
    public void Report(string name) => progress?.Report(new(name));

    public void Warn(Message text) => warn?.Invoke(text);

    /// <summary>The same operation, for a part that saves a partial state of its own.</summary>
    public OperationContext<T> For<T>()
        where T : class =>
        new(cancel, progress, warn, urn);
}

/// <summary>The context of an operation that may leave a partial <typeparamref name="TState"/> behind.</summary>
internal sealed class OperationContext<TState>(
    CancellationToken cancel, IProgress<Step>? progress = null, Action<Message>? warn = null, string? urn = null)
    : OperationContext(cancel, progress, warn, urn)
    where TState : class
{
    public TState? Partial { get; private set; }

    /// <summary>Records that the resource now exists, even if the operation fails later.</summary>
    public void SavePartial(TState soFar) => Partial = soFar;
}
