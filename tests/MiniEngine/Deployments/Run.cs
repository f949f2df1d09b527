using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.State;

namespace MiniEngine.Deployments;

/// <summary>The purpose of running the program; null elsewhere means that it is not run.</summary>
internal enum Mode { Update, Destroy, Refresh }

/// <summary>A run of the engine, with everything that its parts share.</summary>
internal sealed record Run(Project Project, StackConfig Config, StackOptions Options, RunOptions Choice, Snapshot Snapshot, RunLog Log, bool Preview, CancellationToken Cancel) : IDisposable
{
    private readonly SemaphoreSlim decisions = new(1);
    private readonly SemaphoreSlim workers = new(Options.Parallel);

    public Mode Mode { get; init; }

    /// <summary>The state at the start of the run; after a refresh, its result.</summary>
    public StackState Base { get; set; } = Snapshot.Current;

    /// <summary>True if nothing new may be started: the run was cancelled, or something failed. Also in a preview, which shows only the first problem.</summary>
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

    /// <summary>Runs work in parallel to others', without a decision before it.</summary>
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

    /// <summary>Executes one step and records its result.</summary>
    /// <param name="pending">The pending operation that a killed run leaves in the state (protocol 4.5).</param>
    /// <param name="work">Returns the step's result, and its change of the state.</param>
    /// <param name="half">The change of the state when the resource exists but is unfinished (protocol 2.6).</param>
    public async Task<T> StepAsync<T>(Step step, string pending, Func<Task<(T Result, Func<StackState, StackState> Change)>> work, Func<StackState, PartialFailureException, StackState>? half = null)
    {
        if (Stopped)
            throw new AbandonedException();
        var operation = new PendingOperation(step.Urn, pending);
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

    /// <summary>Aborts a resource, and with it the run.</summary>
    public AbandonedException Refuse(Urn urn, string reason)
    {
        Log.Error(urn, reason);
        return new();
    }

    /// <summary>Reports an error; a preview continues, to show all changes, and fails at the end.</summary>
    public void Object(Urn urn, string reason)
    {
        if (!Preview)
            throw Refuse(urn, reason);
        Log.Error(urn, reason, stops: false);
    }
}

/// <summary>A resource was aborted; the reason is in the log.</summary>
internal sealed class AbandonedException : Exception;
