namespace MiniEngine.Deployments;

/// <summary>Settles who has a resource when the program registers it while a replacement wants to delete it first.</summary>
internal sealed class Claims
{
    private readonly Lock gate = new();
    private readonly HashSet<Urn> registered = [];
    private readonly Dictionary<Urn, TaskCompletionSource> deletions = [];

    /// <summary>What the program has registered in this run.</summary>
    public bool IsRegistered(Urn urn)
    {
        lock (gate)
            return registered.Contains(urn);
    }

    /// <summary>Waits for a deletion that came first.</summary>
    public Task RegisterAsync(Urn urn)
    {
        lock (gate)
        {
            registered.Add(urn);
            return deletions.TryGetValue(urn, out var deletion) ? deletion.Task : Task.CompletedTask;
        }
    }

    /// <summary>False: the program has the resource already, or someone else deletes it.</summary>
    public bool TryBeginDeletion(Urn urn)
    {
        lock (gate)
            return !registered.Contains(urn) && deletions.TryAdd(urn, new(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    public void EndDeletion(Urn urn)
    {
        lock (gate)
            deletions[urn].TrySetResult();
    }
}
