using System.Collections.Concurrent;
using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Resources;
using PgFleet.Resources.Instances;
using PgFleet.Schema;
using PgFleet.Schema.Types;

namespace PgFleet.Operations;

/// <summary>
/// The rules for an engine that destroys first (Terraform): everything is planned before anything is done, and resources are destroyed before others are
/// updated in place, so an application cannot leave a server in the apply that destroys it. The user decides which step of a replacement comes first
/// (create_before_destroy), and the provider is not told: a new resource is checked as if the old one were gone.
/// </summary>
internal sealed class DestroyBeforeCreate(ProviderSession session) : RunRules(session)
{
    private const string TwoApplies = "Terraform destroys before it changes what is bound to it: do it in two applies, first the application's change and then this one";

    private readonly ConcurrentDictionary<(string Type, string Id), Map> recorded = new();

    public override bool RefreshTellsOfContainers => true;

    public override string TitleOf(ResourceRequest request, Map values) => Title(request, (values["name"] as StringValue)?.Value);

    /// <summary>Records that the state contains a resource: the plan of a replacement of a tainted resource comes without its state.</summary>
    public void Record(Resource resource, string id, Map state) => recorded[(resource.Name, id)] = state;

    public void Forget(Resource resource, string id) => recorded.TryRemove((resource.Name, id), out _);

    /// <summary>
    /// True if a database is deleted with its server. If it were dropped first, it would be lost in case the server is not replaced after all, as under
    /// create_before_destroy with the same name; and on a stopped server it could not be dropped.
    /// </summary>
    public bool GoesWithItsServer(Resource resource, Map prior) =>
        resource.Name == Database && prior[Instance] is StringValue { Value: var instance } && Memory.Leaves(InstanceOf(instance));

    /// <summary>Refuses a restore from a source that is created in the same apply: it has no past.</summary>
    public override Task DeclareAsync(ResourceRequest request, Checked check, Findings findings)
    {
        if (request.Prior is null && check.Inputs["sourceInstance"] is Unknown && check.Inputs["restoreTime"] is StringValue { Value: var text } && RestoreTime.Parse(text) is { } time)
        {
            findings.Add(
                time.Instant is { } instant && instant <= TimeProvider.System.GetUtcNow()
                    ? new Problem("restoreTime", $"\"{text}\" lies before this plan, and {Term.Property("sourceInstance")} is only made in the same apply: nothing of that instant is on it. Restore first, in an apply of its own, and write {Term.Property("sourceInstance")} as a text where the server is there already.")
                : time.Instant is null && Memory.AnyLeaves(InstanceReferences.Space)
                    ? new Problem("restoreTime", $"is latest, and {Term.Property("sourceInstance")} is made anew in the same apply: the copy would be empty. Restore first, in an apply of its own.")
                : null);
        }
        return Task.CompletedTask;
    }

    public override async Task ReplaceAsync(ResourceRequest request, Map prior, Plan plan, Findings findings)
    {
        Memory.MarkDeletedFirst(request.Key, request.Id);
        await ReplaceAsync(request, request.Id!, prior, findings);
        await WarnOfLossAsync(request.Resource, request.Id!, prior, findings, isSameName: request.Resource.FindId(plan.Planned) == request.Id);
    }

    /// <summary>A resource that is tainted, or replaced by a command-line option, is planned as if it did not exist.</summary>
    public override async Task CreateAsync(ResourceRequest request, Plan plan, Findings findings, CancellationToken cancel)
    {
        var (resource, deletedFirst) = (request.Resource, Memory.DeletedFirst(request.Key));
        if (resource.FindId(plan.Planned) is { } id && recorded.GetValueOrDefault((resource.Name, id)) is { } old)
        {
            if (resource.IsProtected(old))
            {
                findings.Add(resource.Refusal(id));
                return;
            }
            await ReplaceAsync(request, id, old, findings);
            if (findings.Refuses)
            {
                return;
            }
            if (deletedFirst is null)
            {
                await WarnOfLossAsync(resource, id, old, findings, isSameName: true);
            }
            deletedFirst ??= id;
        }
        findings.Add(deletedFirst is null
            ? [.. (await Preflight.PreflightAsync(resource, null, plan, deletedFirst, cancel)).Select(problem => Advised(resource, problem))]
            : await Preflight.ProveAsync(resource, plan, deletedFirst));
    }

    /// <summary>An application that is updated in place stays bound to its server until then.</summary>
    public override Task KeepAsync(ResourceRequest request, Map prior, Findings findings)
    {
        Memory.Keep(request.Who, request.Reference(request.Id!));
        if (request.Resource.Name == Application && prior[Instance] is StringValue { Value: var instance } && Memory.Leaves(InstanceOf(instance)))
        {
            findings.Add(new Problem(Instance, $"cannot change while \"{instance}\", which the application is bound to, is destroyed in the same apply. {TwoApplies}."));
        }
        return Task.CompletedTask;
    }

    /// <summary>Plans the destruction of a resource without replacement. Applications that are destroyed too may be planned later.</summary>
    public async Task<Findings> DestroyAsync(ResourceRequest request, Map prior)
    {
        var (resource, id, findings) = (request.Resource, request.Id!, new Findings());
        if (resource.IsProtected(prior))
        {
            findings.Add(resource.Refusal(id));
            return findings;
        }
        Memory.Remove(request.Who, request.Reference(id));
        await WarnOfLossAsync(resource, id, prior, findings, isReplacement: false);
        findings.Add(Lose(request, id, prior));
        findings.Add(await FindBoundAsync(resource, id, prior, application => Memory.HolderOf(new(Application, application)) is not null));
        return findings;
    }

    private async Task ReplaceAsync(ResourceRequest request, string id, Map prior, Findings findings)
    {
        Memory.Replace(request.Who, request.Reference(id));
        findings.Add(Lose(request, id, prior));
        findings.Add(await FindBoundAsync(request.Resource, id, prior, application => !Memory.Leaves(new(Application, application))));
    }

    private Problem? Lose(ResourceRequest request, string id, Map prior) =>
        IsInstance(request.Resource) ? Sources.Lose(Title(request, id), id, prior)
        : request.Resource.Name == Database && prior["onDelete"] is not StringValue { Value: "retain" } ? Sources.Drop(id)
        : null;

    private async Task<ImmutableArray<Problem>> FindBoundAsync(Resource resource, string id, Map prior, Func<string, bool> counts) =>
        !IsInstance(resource) ? [] : [.. (await Preflight.RemovalAsync(resource, id, prior, counts)).Select(problem => problem with { Reason = $"{problem.Reason} {TwoApplies}." })];

    /// <summary>Warns of data loss. <paramref name="isSameName"/>: the replacement has the same id, so that both cannot exist at the same time.</summary>
    private async Task WarnOfLossAsync(Resource resource, string id, Map prior, Findings findings, bool isReplacement = true, bool isSameName = false)
    {
        if (await Preflight.LossAsync(resource, prior, isReplacement) is { } loss)
        {
            findings.AddLoss(!isSameName ? loss : Message.Of($"{loss} If create_before_destroy holds for it, its own or that of what depends on it, the apply will refuse: \"{id}\" cannot be there twice. Then write another name, or take create_before_destroy out."));
        }
    }

    /// <summary>
    /// Adds advice: in the apply of a replacement that is created first, the old resource still exists, and the provider is not told that it is one.
    /// </summary>
    private static Problem Advised(Resource resource, Problem problem) => problem.Refuses && resource.Shape[problem.Path]?.ExclusiveGroup is not null
        ? problem with { Reason = $"{problem.Reason.TrimEnd('.')}. If this is a replacement, create_before_destroy is set, and both would be there at one time: write another {Term.Property(problem.Path)}. If Terraform's state has a deposed object alone of it, give it back: terraform state rm, then terraform import, each with the resource's address." }
        : problem;

    private static string Title(ResourceRequest request, string? name) => name is null ? request.Who : $"{request.Who} \"{name}\"";
}
