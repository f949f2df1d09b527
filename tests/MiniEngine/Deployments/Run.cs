using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.State;

namespace MiniEngine.Deployments;

/// <summary>What the program is run for; null elsewhere means that it is not run at all.</summary>
internal enum Mode { Update, Destroy, Refresh }

/// <summary>One run of the engine: what all of its parts share.</summary>
internal sealed record Run(Project Project, StackConfig Config, StackOptions Options, RunOptions Choice, Snapshot Snapshot, RunLog Log, bool Preview, CancellationToken Cancel) : IDisposable
{
    private readonly SemaphoreSlim decisions = new(1);
    private readonly SemaphoreSlim workers = new(Options.Parallel);

    public Mode Mode { get; init; }

    /// <summary>What the run began with; if it refreshes first, what it found.</summary>
    public StackState Base { get; set; } = Snapshot.Current;

    /// <summary>Nothing new is begun: the run was cancelled, or something failed. Also in a preview, which shows the first problem alone.</summary>
    public bool Stopped => Cancel.IsCancellationRequested || Log.Stopped;

    public Urn Urn(string type, string name) => new(Options.Stack, Project.Name, type, name);

    /// <summary>Decides on a resource, with every Check and Diff that takes, while nobody else does; what was decided on is carried out beside what others are at (protocol 4.2).</summary>
    public async Task<T> DecideAsync<T>(Func<Task<Func<Task<T>>>> decide)
    {
        Func<Task<T>> steps;
        await decisions.WaitAsync();
        try
        {
            steps = Stopped ? throw new AbandonedException() : await decide();
            await workers.WaitAsync();
        }
        finally
        {
            decisions.Release();
        }
        try
        {
            return await steps();
        }
        finally
        {
            workers.Release();
        }
    }

    /// <summary>Does work beside that of others, with no decision before it.</summary>
    public async Task<T> BesidesAsync<T>(Func<Task<T>> work)
    {
        await workers.WaitAsync();
        try
        {
            return await work();
        }
        finally
        {
            workers.Release();
        }
    }

    /// <summary>Carries out one step and records how it ended.</summary>
    /// <param name="pending">What a killed run leaves behind in the state (protocol 4.5).</param>
    /// <param name="work">Gives what the step is for, and what it changes in the state.</param>
    /// <param name="half">What is recorded when the resource exists, unfinished (protocol 2.6).</param>
    public async Task<T> StepAsync<T>(Step step, string pending, Func<Task<(T Result, Func<StackState, StackState> Change)>> work, Func<StackState, PartialFailureException, StackState>? half = null)
    {
        if (Stopped)
            throw new AbandonedException();
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
            throw Refuse(step.Urn, error.Message);
        }
    }

    public void Dispose()
    {
        decisions.Dispose();
        workers.Dispose();
    }

    /// <summary>Gives a resource up, and with it the run.</summary>
    public AbandonedException Refuse(Urn urn, string reason)
    {
        Log.Error(urn, reason);
        return new();
    }

    /// <summary>Refuses; a preview goes on, to show what it is about, and fails in the end.</summary>
    public void Object(Urn urn, string reason)
    {
        if (!Preview)
            throw Refuse(urn, reason);
        Log.Error(urn, reason, stops: false);
    }
}

/// <summary>A resource is not gone on with; the reason is in the log.</summary>
internal sealed class AbandonedException : Exception;
