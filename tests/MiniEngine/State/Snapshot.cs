namespace MiniEngine.State;

/// <summary>The state during a run; each edit reaches the file, if there is one, before the next begins.</summary>
/// <param name="file">Null in a preview, which leaves nothing behind.</param>
/// <param name="kill">Nothing is recorded any more.</param>
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

/// <summary>The engine was killed; nobody is left to say so.</summary>
internal sealed class KilledException() : Exception("The engine was killed.");
