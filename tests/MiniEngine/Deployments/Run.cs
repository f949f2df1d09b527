using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.State;

namespace MiniEngine.Deployments;

/// <summary>One run of the engine: what all of its parts share.</summary>
internal sealed record Run(Project Project, StackConfig Config, StackOptions Options, Snapshot Snapshot, RunLog Log, bool Preview, CancellationToken Cancel) : IDisposable
{
    private readonly SemaphoreSlim turns = new(Options.Parallel);

    /// <summary>Nothing new is begun: the run was cancelled, or something failed. A preview goes on, to show every problem (protocol 4.2.2).</summary>
    public bool Stopped => Cancel.IsCancellationRequested || (Log.Failed && !Preview);

    public Urn Urn(string type, string name) => new(Options.Stack, Project.Name, type, name);

    /// <summary>Does work on a resource when its turn comes.</summary>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> work)
    {
        await turns.WaitAsync();
        try
        {
            return Stopped ? throw new AbandonedException() : await work();
        }
        finally
        {
            turns.Release();
        }
    }

    /// <summary>Carries out one step and records how it ended.</summary>
    /// <param name="pending">What a killed run leaves behind in the state (protocol 4.5).</param>
    /// <param name="work">Gives what the step is for, and what it changes in the state.</param>
    /// <param name="half">What is recorded when the resource exists, unfinished (protocol 2.6).</param>
    public async Task<T> StepAsync<T>(Step step, string pending, Func<Task<(T Result, Func<StackState, StackState> Change)>> work, Func<StackState, PartialFailureException, StackState>? half = null)
    {
        var operation = new PendingOperation(step.Urn, pending);
        Log.Started(step.Urn, step.Op);
        try
        {
            await Snapshot.EditAsync(state => state.Begun(operation));
            var (result, change) = await work();
            await Snapshot.EditAsync(state => change(state).Ended(operation));
            Log.Finished(step);
            return result;
        }
        catch (Exception error) when (error is ProviderException or FormatException)
        {
            await Snapshot.EditAsync(state => (error is PartialFailureException partial && half is not null ? half(state, partial) : state).Ended(operation));
            Log.Finished(step with { Error = error.Message });
            Log.Error(step.Urn, error.Message);
            throw new AbandonedException();
        }
    }

    public void Dispose() => turns.Dispose();

    /// <summary>Gives a resource up for a reason that is not the provider's.</summary>
    public AbandonedException Refuse(Urn urn, string reason)
    {
        Log.Error(urn, reason);
        return new();
    }
}

/// <summary>A resource is not gone on with; the reason is in the log.</summary>
internal sealed class AbandonedException : Exception;
