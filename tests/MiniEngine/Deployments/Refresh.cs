using System.Collections.Immutable;
using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Brings the state in line with what is there (protocol 4.3).</summary>
internal sealed class Refresh(Run run, ProviderRegistry providers)
{
    public async Task RunAsync()
    {
        await run.Snapshot.EditAsync(Settle);
        var refreshed = run.Snapshot.Current.Resources.Where(resource => resource is { Provider: not null, Delete: false, PendingReplacement: false });
        await Task.WhenAll(refreshed.Select(RefreshAsync));
    }

    /// <summary>A refresh gives up on creations whose end nobody knows (protocol 4.5).</summary>
    private StackState Settle(StackState state)
    {
        foreach (var operation in state.Pending)
            run.Log.Warn(operation.Urn, $"An earlier run ended while it was {operation.Kind} \"{operation.Urn.Name}\"; what it left, if anything, is not known here.");
        return state with { Pending = [] };
    }

    private async Task RefreshAsync(ResourceState old)
    {
        try
        {
            await run.InTurnAsync(() => ReadAsync(old));
        }
        catch (AbandonedException)
        {
            // said already
        }
    }

    private async Task<bool> ReadAsync(ResourceState old)
    {
        run.Log.Started(old.Urn, Op.Read);
        try
        {
            var provider = await providers.OfAsync(old);
            if (await FindAsync(provider, old) is var (found, initErrors))
            {
                var read = Observed(old, found, initErrors);
                await run.Snapshot.EditAsync(state => state.With(Observed(state.Find(old.Urn)!, found, initErrors)));
                var changes = await CompareAsync(provider, old, read);
                run.Log.Finished(new(old.Urn, changes is [] ? Op.Same : Op.Update, changes, null));
            }
            else
            {
                await run.Snapshot.EditAsync(state => Forget(state, old));
                run.Log.Finished(new(old.Urn, Op.Delete, [], null));
            }
            return true;
        }
        catch (ProviderException error)
        {
            run.Log.Finished(new(old.Urn, Op.Read, [], error.Message));
            throw run.Refuse(old.Urn, error.Message);
        }
    }

    private async Task<(Found Found, ImmutableArray<string> InitErrors)?> FindAsync(IProvider provider, ResourceState old)
    {
        try
        {
            var found = await provider.ReadAsync(old.Urn, old.Id, old.Outputs, old.Inputs, old.Timeouts.Read);
            return found is null ? null : (found, []);
        }
        catch (PartialFailureException half)
        {
            // protocol 2.6: in a refresh this is a warning
            run.Log.Warn(old.Urn, half.Message);
            return (new(half.Id, half.Outputs, half.Inputs), half.Reasons);
        }
    }

    private static ResourceState Observed(ResourceState old, Found found, ImmutableArray<string> initErrors)
    {
        var inputs = (found.Inputs ?? old.Inputs).WithSecretsOf(old.Inputs, []);
        return old with { Id = found.Id, Inputs = inputs, Outputs = found.Outputs.WithSecretsOf(inputs, old.AdditionalSecretOutputs), InitErrors = initErrors };
    }

    /// <summary>What was read plays the old part, and the answer is turned round for people.</summary>
    private static async Task<ImmutableArray<PropertyChange>> CompareAsync(IProvider provider, ResourceState old, ResourceState read)
    {
        var diff = await provider.DiffAsync(read, old.Inputs, []);
        return [.. Decision.Of(diff, read, old.Inputs, new ResourceOptions()).Changes.Select(change =>
        {
            var path = PropertyPath.Parse(change.Path);
            var kind = change.Kind switch { ChangeKind.Add => ChangeKind.Delete, ChangeKind.Delete => ChangeKind.Add, var same => same };
            return Comparison.Describe(path, kind, replaces: false, path.Find(old.Outputs) ?? path.Find(old.Inputs), path.Find(read.Outputs) ?? path.Find(read.Inputs));
        })];
    }

    /// <summary>Nothing depends any more on what is gone.</summary>
    private static StackState Forget(StackState state, ResourceState gone)
    {
        var rest = state.Without(gone);
        return rest with
        {
            Resources = [.. rest.Resources.Select(resource => resource.Dependencies.Contains(gone.Urn)
                ? resource with
                {
                    Dependencies = resource.Dependencies.Remove(gone.Urn),
                    PropertyDependencies = resource.PropertyDependencies.ToImmutableSortedDictionary(item => item.Key, item => item.Value.Remove(gone.Urn)),
                }
                : resource)],
        };
    }
}
