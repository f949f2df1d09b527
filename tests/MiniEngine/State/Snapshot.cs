namespace MiniEngine.State;

/// <summary>The state during a run; each edit reaches the file, if there is one, before the next begins.</summary>
/// <param name="file">Null in a preview, which leaves nothing behind.</param>
internal sealed class Snapshot(StackState initial, StateFile? file) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private volatile StackState current = initial;

    public StackState Current => current;

    public async Task EditAsync(Func<StackState, StackState> edit)
    {
        await turn.WaitAsync();
        try
        {
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
