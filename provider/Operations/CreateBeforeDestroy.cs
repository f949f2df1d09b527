using PgFleet.Failures;
using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>
/// The rules for an engine that destroys last (Pulumi): a replacement is created before the old resource is deleted, unless both cannot exist at the
/// same time. The engine checks and diffs resources one by one, and calls the provider about a deletion only when it executes it.
/// </summary>
internal sealed class CreateBeforeDestroy(ProviderSession session) : RunRules(session)
{
    private static readonly Message Follow = Message.Of(
        $"Take the database out of the program too, or pass the {Term.Property("id")} of the server that is to hold it as its {Term.Property("instance")}, in place of a name, so that it goes where that goes.");

    public override bool RefreshTellsOfContainers => false;

    public override string TitleOf(ResourceRequest request, Map values) => request.Who;

    public override async Task DeclareAsync(ResourceRequest request, Checked check, Findings findings)
    {
        // Inputs with problems may even have the wrong types.
        var id = check.Problems.IsEmpty ? request.Resource.FindId(check.Inputs) : null;
        Memory.Declare(request.Who, id is null ? null : request.Reference(id), request.Id is null ? null : request.Reference(request.Id));
        if (request.Resource.Name == Database && check.Inputs[Instance] is StringValue { Value: var server } && Memory.Leaves(InstanceOf(server)))
        {
            findings.Add(new Problem(Instance, $"The server \"{server}\" is to be destroyed in this run. {Follow}"));
        }
        if (request.Prior is null)
        {
            await ForceAsync(request, findings);
        }
        if (id is not null && Memory.OtherThatWants(request.Who, request.Reference(id)) is { } other)
        {
            findings.Add(new Problem("name", $"\"{id}\" is declared by {other} already. Choose another name, or leave one of the two out of the program."));
        }
    }

    public override async Task ReplaceAsync(ResourceRequest request, Map prior, Plan plan, Findings findings)
    {
        var (resource, id) = (request.Resource, request.Id!);
        findings.AddLoss(await Preflight.LossAsync(resource, prior));
        findings.Add(FindDatabaseOn(request));
        if (plan.DeleteFirst)
        {
            findings.Add(await Preflight.ProveAsync(resource, plan, id, request.Urn));
            findings.Add(await Preflight.RemovalAsync(resource, id, prior));
        }
        findings.Add(Sources.Lose(request.Who, id, prior));
    }

    public override async Task CreateAsync(ResourceRequest request, Plan plan, Findings findings, CancellationToken cancel) =>
        findings.Add(await Preflight.PreflightAsync(request.Resource, null, plan, Memory.DeletedFirst(request.Key), cancel, request.Urn));

    public override Task KeepAsync(ResourceRequest request, Map prior, Findings findings)
    {
        Memory.Keep(request.Who, request.Reference(request.Id!));
        return Task.CompletedTask;
    }

    /// <summary>The engine does not plan deletions with the provider, so this is its first call about one.</summary>
    public override async Task DeleteAsync(ResourceRequest request, Map prior, Findings findings)
    {
        if (Memory.OtherThatWants(request.Who, request.Reference(request.Id!)) is { } other)
        {
            findings.Add(new Problem("", $"\"{request.Id}\" is not deleted: the program declares it as {other}, too. If the resource was only renamed, give it the option aliases, with \"{request.Urn}\"."));
        }
        else if (Resource.TakesArchive(prior) && Sources.ReaderOf(request.Who, request.Id!) is { } reader)
        {
            findings.Add(new Problem("", $"\"{request.Id}\" is not deleted: {reader}, which is to be restored from it, has not come about, and its archive would go with it, since its {Term.Property("backup.onDelete")} is \"delete\". Run again once the restore has succeeded, or take that out of the program."));
        }
        else
        {
            findings.Add(FindDatabaseOn(request));
            await LeaveAsync(prior, findings, request.Resource.Name == Database ? request.Urn : null);
        }
    }

    /// <summary>
    /// Handles a diff. Before the engine deletes something to create it anew, it diffs its dependants with the inputs that will then be unknown, and
    /// deletes those first. So this is where they must be refused, also in a preview. A refresh diffs too, with old and new exchanged: only a
    /// resource that the engine keeps was checked before.
    /// </summary>
    /// <param name="request">The resource.</param>
    /// <param name="prior">The recorded state.</param>
    /// <param name="plan">The planned change.</param>
    /// <param name="news">The checked inputs.</param>
    public async Task<Findings> DiffAsync(ResourceRequest request, Map prior, Plan plan, Map news)
    {
        var (findings, id) = (new Findings(), request.Id!);
        var isDeclared = Memory.Declares(request.Who);
        Memory.MarkDeletedFirst(request.Key, plan.DeleteFirst ? id : null);
        if (plan.Replaces)
        {
            Memory.Replace(request.Who, request.Reference(id));
        }
        else if (isDeclared)
        {
            Memory.Keep(request.Who, request.Reference(id), prior);
        }
        if (isDeclared)
        {
            await RequireUnboundAsync(request, prior, plan, news, findings);
        }
        else if (!news.IsKnown)
        {
            findings.Add(plan.Replaces ? await Preflight.RemovalAsync(request.Resource, id, prior) : []);
            await (news[Instance] is Unknown ? LeaveAsync(prior, findings) : Task.CompletedTask);
        }
        return findings;
    }

    /// <summary>
    /// A server that is replaced by one of another name is deleted at the end of the run, which fails while an application is bound to it.
    /// Of the server and the application, the one that is diffed second is refused.
    /// </summary>
    private async Task RequireUnboundAsync(ResourceRequest request, Map prior, Plan plan, Map news, Findings findings)
    {
        if (IsInstance(request.Resource) && plan is { Replaces: true, DeleteFirst: false } && Memory.HasBound(request.Id!))
        {
            findings.Add(await Preflight.RemovalAsync(request.Resource, request.Id!, prior, application => Memory.IsBound(application, request.Id!)));
        }
        if (request.Resource.Name == Application && !plan.Replaces && news[Instance] is StringValue { Value: var instance } && prior[Instance] is StringValue { Value: var before } && instance == before)
        {
            Memory.Bind(request.Id!, instance);
            if (Memory.Leaves(InstanceOf(instance)))
            {
                findings.Add(new Problem(Instance, $"\"{instance}\" is replaced in this run by a server of another name, and deleted in the end, which an application that stays bound to it does not allow. Write the new server's id, such as ${{main.id}}."));
            }
        }
    }

    /// <summary>
    /// Handles replacements that the engine makes without a plan of ours (replaceOnChanges, replacementTrigger), unless the resource is gone already.
    /// </summary>
    private async Task ForceAsync(ResourceRequest request, Findings findings)
    {
        foreach (var (id, state) in Memory.TakeForced(request.Who))
        {
            if (await Preflight.IsThereAsync(request.Resource, id, state))
            {
                findings.AddLoss(await Preflight.LossAsync(request.Resource, state));
                findings.Add(await Preflight.RemovalAsync(request.Resource, id, state));
                findings.Add(Sources.Lose(request.Who, id, state));
            }
        }
    }

    /// <summary>
    /// Finds a database that refers to the server by a literal name: the engine sees no dependency and keeps the database, so its server must not be destroyed.
    /// </summary>
    private Problem? FindDatabaseOn(ResourceRequest request) =>
        IsInstance(request.Resource) && Memory.WhoIsOn(request.Id!) is { } holder
            ? new("", $"The server \"{request.Id}\" is not destroyed: the program declares {holder} on it. {Follow}")
            : null;

    /// <summary>
    /// If the instance that a resource is on is to be deleted, finds reasons why it cannot be: then what is on it must not be deleted either.
    /// </summary>
    /// <param name="state">The resource's state.</param>
    /// <param name="findings">Receives the reasons.</param>
    /// <param name="database">
    /// The URN of a database that is deleted: if the program has not declared the server, a protected one of the same stack is to be deleted too.
    /// </param>
    private async Task LeaveAsync(Map state, Findings findings, string? database = null)
    {
        if (state[Instance] is not StringValue { Value: var instance })
        {
            return;
        }
        if (!Memory.IsDeclared(InstanceOf(instance)))
        {
            findings.Add(database is null ? [] : await Preflight.DepartureAsync(instance, StackOf(database)));
        }
        else if (Memory.HolderOf(InstanceOf(instance)) is null)
        {
            findings.Add(await Preflight.DepartureAsync(instance));
        }
    }

    /// <summary>urn:pulumi:STACK::PROJECT::</summary>
    private static string StackOf(string urn) => string.Concat(urn.Split("::").Take(2).Select(part => $"{part}::"));
}
