using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Resources;
using PgFleet.Resources.Instances;
using PgFleet.Schema;
using Pulumirpc;

namespace PgFleet.Protocols.Pulumi;

/// <summary>What is deleted, and what would be refused then, as early as a call tells of it.</summary>
internal sealed partial class PulumiService
{
    private const string Instance = PreflightRunner.Instance;

    private const string Follow = "Take the database out of the program too, or pass the id of the server that is to hold it as its instance, in place of a name, so that it goes where that goes.";

    /// <summary>An old state may name by its id what this run has made or goes on with: of what it described nothing is left to delete.</summary>
    public override async Task<Empty> Delete(DeleteRequest request, ServerCallContext context)
    {
        var resource = ResourceOf(request.Type, request.Urn);
        var (thing, state) = (Of(resource, request.Id), PulumiValues.Decode(request.Properties));
        if (session.Memory.HolderOf(thing) is { } holder)
        {
            await session.Log.WarnAsync(
                request.Urn, $"\"{request.Id}\" is what {holder} has made or keeps in this run, and an old state of that name is to be deleted. Nothing was deleted.");
            return new Empty();
        }
        if (session.Memory.OtherThatWants(request.Urn, thing) is { } other)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"\"{request.Id}\" is not deleted: the program declares it as {other}, too.",
                $"If the resource was only renamed, give it the option aliases, with \"{request.Urn}\".");
        }
        if (Resource.TakesArchive(state) && session.Sources.ReaderOf(request.Urn, request.Id) is { } reader)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"\"{request.Id}\" is not deleted: {reader}, which is to be restored from it, has not come about, and its archive would go with it, since its backup.onDelete is \"delete\".",
                "Run again once the restore has succeeded, or take that out of the program.");
        }
        Require(HoldingOn(resource, request.Id));
        using var operation = Begin(context, request.Urn, request.Timeout);
        return await GuardedAsync(operation, async () =>
        {
            Require(await GoingWithAsync(state, resource.Name == "Database" ? request.Urn : null));
            await resource.DeleteAsync(request.Id, state, operation.Work);
            session.Memory.Forget(thing);
            return new Empty();
        });
    }

    /// <summary>
    /// Before the engine deletes something in order to make it anew, it diffs what depends on it, with what will not be known until then, and deletes
    /// that first. So this is where to refuse: in a preview too, and before anything is touched.
    /// </summary>
    private async Task RequireRemovableAsync(Resource resource, DiffRequest request, Plan plan, Map news)
    {
        // What the program has declared already goes on, or is judged by its Check.
        if (news.IsKnown || session.Memory.Declares(request.Urn))
        {
            return;
        }
        var state = PulumiValues.Decode(request.Olds);
        Require(
        [
            .. plan.Replaces ? await foresight.RemovalAsync(resource, request.Id, state) : [],
            .. news[Instance] is Unknown ? await GoingWithAsync(state) : [],
        ]);
    }

    /// <summary>
    /// A server that is replaced by one of another name goes at the end of the run, and an application that is still bound to it would refuse that.
    /// Whichever of the two is diffed second tells.
    /// </summary>
    private async Task RequireUnboundAsync(Resource resource, DiffRequest request, Plan plan, Map news)
    {
        if (!session.Memory.Declares(request.Urn))
        {
            return;
        }
        var state = PulumiValues.Decode(request.Olds);
        if (resource.Space == InstanceReferences.Space && plan is { Replaces: true, DeleteFirst: false } && session.Staying.Values.Contains(request.Id))
        {
            Require(await foresight.RemovalAsync(resource, request.Id, state, application => session.Staying.GetValueOrDefault(application) == request.Id));
        }
        if (resource.Name == "Application" && !plan.Replaces && news[Instance] is Schema.StringValue { Value: var instance } && state[Instance] is Schema.StringValue { Value: var before } && instance == before)
        {
            session.Staying[request.Id] = instance;
            Require(!session.Memory.Leaves(new(InstanceReferences.Space, instance)) ? [] :
                [new(Instance, $"\"{instance}\" is replaced in this run by a server of another name, and deleted in the end, which an application that stays bound to it does not allow. Write the new server's id, such as ${{main.id}}.")]);
        }
    }

    /// <summary>What the engine replaces though no plan of ours does (replaceOnChanges, replacementTrigger), unless it is gone already.</summary>
    /// <param name="ids">What was to go on until now.</param>
    private async Task<ImmutableArray<Problem>> ForcedAsync(Resource resource, string urn, IReadOnlyList<ResourceReference> ids)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var (_, id) in ids)
        {
            if (session.States.TryGetValue(urn, out var state) && await foresight.IsThereAsync(resource, id, state))
            {
                await WarnOfLossAsync(resource, urn, state);
                problems.AddRange(await foresight.RemovalAsync(resource, id, state));
                problems.AddRange(Some(session.Sources.Lose(urn, id, state)));
            }
        }
        return problems.ToImmutable();
    }

    /// <summary>What keeps it from being replaced; what is lost with it is told.</summary>
    private async Task<ImmutableArray<Problem>> ReplacementAsync(Resource resource, string urn, Plan plan, Map priorInputs)
    {
        var id = resource.IdOf(priorInputs);
        await WarnOfLossAsync(resource, urn, priorInputs);
        return
        [
            .. HoldingOn(resource, id),
            .. plan.DeleteFirst ? await foresight.ProveAsync(resource, plan, id, urn) : [],
            .. plan.DeleteFirst ? await foresight.RemovalAsync(resource, id, priorInputs) : [],
            .. Some(session.Sources.Lose(urn, id, priorInputs)),
        ];
    }

    private static ImmutableArray<Problem> Some(Problem? problem) => problem is null ? [] : [problem];

    /// <summary>What the program declares on a server by the server's name goes on, as far as the engine knows: the server does not go.</summary>
    private ImmutableArray<Problem> HoldingOn(Resource resource, string id) =>
        resource.Space == InstanceReferences.Space && session.Memory.WhoIsOn(id) is { } holder
            ? [new("", $"The server \"{id}\" is not destroyed: the program declares {holder} on it. {Follow}")]
            : [];

    /// <summary>The same, where the database comes second.</summary>
    private ImmutableArray<Problem> HoldingOnToWhatLeaves(Resource resource, Map inputs) =>
        resource.Name == "Database" && inputs[Instance] is Schema.StringValue { Value: var server } && session.Memory.Leaves(new(InstanceReferences.Space, server))
            ? [new(Instance, $"The server \"{server}\" is to be destroyed in this run. {Follow}")]
            : [];

    /// <summary>Why the instance that this is on cannot be deleted, if it is to be: what is on it would go in vain.</summary>
    /// <param name="destroyed">The database that is deleted: where the program has not declared the server, a protected one of the same stack is to go too.</param>
    private async Task<ImmutableArray<Problem>> GoingWithAsync(Map state, string? destroyed = null)
    {
        if (state[Instance] is not Schema.StringValue { Value: var instance })
        {
            return [];
        }
        var server = new ResourceReference(InstanceReferences.Space, instance);
        return !session.Memory.IsDeclared(server) ? destroyed is null ? [] : await foresight.DepartureAsync(instance, StackOf(destroyed))
            : session.Memory.HolderOf(server) is null ? await foresight.DepartureAsync(instance)
            : [];
    }

    /// <summary>urn:pulumi:STACK::PROJECT::</summary>
    private static string StackOf(string urn) => string.Concat(urn.Split("::").Take(2).Select(part => $"{part}::"));

    private static void Require(ImmutableArray<Problem> problems)
    {
        if (problems.Any(problem => problem.Refuses))
        {
            throw new RefusedException([.. problems.Where(problem => problem.Refuses)]);
        }
    }
}
