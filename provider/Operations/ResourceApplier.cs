using PgFleet.Progress;
using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>Executes planned changes, and records what the run has created, so that it is not deleted in the same run.</summary>
internal sealed class ResourceApplier(ProviderSession session, RunRules rules)
{
    /// <exception cref="UnfinishedException">The resource exists but is unfinished.</exception>
    public async Task<(string Id, Map State)> CreateAsync(ResourceRequest request, Map inputs, OperationContext work)
    {
        try
        {
            var created = await request.Resource.CreateAsync(inputs, work);
            session.Memory.Make(request.Who, request.Reference(created.Id));
            session.Sources.Done(request.Who);
            return created;
        }
        catch (UnfinishedException unfinished)
        {
            session.Memory.Make(request.Who, request.Reference(unfinished.Id));
            throw;
        }
    }

    /// <exception cref="UnfinishedException">The update was only partly executed.</exception>
    public Task<Map> UpdateAsync(ResourceRequest request, Map prior, Map inputs, OperationContext work)
    {
        session.Memory.Keep(request.Who, request.Reference(request.Id!));
        return request.Resource.UpdateAsync(request.Id!, prior, inputs, work);
    }

    /// <summary>
    /// Deletes a resource, unless this run has created or kept another object with its id: then the object of the old state no longer exists.
    /// </summary>
    /// <exception cref="RefusedException">It must not be deleted in this run.</exception>
    public async Task DeleteAsync(ResourceRequest request, Map prior, OperationContext work)
    {
        var reference = request.Reference(request.Id!);
        if (session.Memory.HolderOf(reference) is { } holder)
        {
            work.Warn($"\"{request.Id}\" is what {holder} has made or keeps in this run, and an old state of that name is to be deleted. Nothing was deleted.");
            return;
        }
        var findings = new Findings();
        await rules.DeleteAsync(request, prior, findings);
        findings.ThrowIfRefused();
        await request.Resource.DeleteAsync(request.Id!, prior, work);
        session.Memory.Forget(reference);
    }
}
