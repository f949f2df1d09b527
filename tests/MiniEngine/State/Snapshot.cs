namespace MiniEngine.State;

/// <summary>The state during a run; each edit is written to the file, if there is one, before the next.</summary>
/// <param name="file">The file; null in a preview, which records nothing.</param>
/// <param name="kill">Once set, nothing is recorded any more.</param>
internal sealed class Snapshot(StackState initial, StateFile? file, CancellationToken kill = default) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private volatile StackState current = initial;

    public StackState Current => current;

    public async Task EditAsync(Func<StackState, StackState> edit)
    {
        await turn.WaitAsync();
        try
        {
            if (kill.IsCancellationRequested)
                throw new KilledException();
            current = edit(current);
            file?.Save(current);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}

/// <summary>Thrown once the engine counts as killed.</summary>
internal sealed class KilledException() : Exception("The engine was killed.");
