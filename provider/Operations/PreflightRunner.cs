using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Resources;
using PgFleet.Resources.Instances;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>Runs preflights under a time limit, so an unresponsive server cannot block a plan.</summary>
internal sealed class PreflightRunner(ProviderSession run)
{
    /// <summary>The input by which a resource names its server.</summary>
    public const string Instance = "instance";

    /// <summary>The limit for a check that a preview waits for; the operation itself checks again.</summary>
    private static readonly TimeSpan PreflightTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The limit for a check that must succeed before anything is deleted.</summary>
    private static readonly TimeSpan ProofTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Finds reasons why the operation would fail; a check that does not complete in time is a warning. <paramref name="deletedFirst"/> is the id of the
    /// resource that is deleted before this one is created.
    /// </summary>
    public async Task<ImmutableArray<Problem>> PreflightAsync(Resource resource, Map? prior, Plan plan, string? deletedFirst, CancellationToken cancel, string? urn = null)
    {
        using var timeout = CreateTimeout(PreflightTimeout, cancel);
        try
        {
            return await PreflightAsync(resource, prior, plan.Planned, ContextOf(timeout, deletedFirst, urn));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return [new("", $"could not be checked beforehand within {PreflightTimeout.TotalSeconds:0} s.", Refuses: false)];
        }
        catch (ResourceFailure failure) when (failure.Kind == FailureKind.Unavailable)
        {
            return [new("", failure.Text, Refuses: false)];
        }
    }

    /// <summary>
    /// Refuses a replacement, before the old resource is deleted, if a preflight of the new one finds a reason or does not complete: the create that follows
    /// the deletion would be too late. <paramref name="deletedFirst"/> is the id of the old resource.
    /// </summary>
    public async Task<ImmutableArray<Problem>> ProveAsync(Resource resource, Plan plan, string deletedFirst, string? urn = null)
    {
        using var timeout = CreateTimeout(ProofTimeout, run.Cancelled);
        try
        {
            return [.. (await PreflightAsync(resource, null, plan.Planned, ContextOf(timeout, deletedFirst, urn, isProof: true))).Where(problem => problem.Refuses)];
        }
        catch (OperationCanceledException) when (!run.Cancelled.IsCancellationRequested)
        {
            return [new("", $"would be deleted before its successor is made, and whether that can be made could not be proven within {ProofTimeout.TotalSeconds:0} s. Run again, or undo the change.")];
        }
        catch (ResourceFailure failure)
        {
            return [new("", $"would be deleted before its successor is made, and whether that can be made could not be proven. {failure.Text}")];
        }
    }

    /// <summary>
    /// Finds reasons why a deletion would fail. A check that does not complete is one, because other resources are deleted before.
    /// <paramref name="counts"/> selects the bound applications that matter; null: all.
    /// </summary>
    public Task<ImmutableArray<Problem>> RemovalAsync(Resource resource, string id, Map inputs, Func<string, bool>? counts = null) =>
        CheckRemovalAsync(id, context => resource.RemovalAsync(id, inputs, context), counts);

    /// <summary>Finds reasons why the deletion of an instance would fail, of which only the name is known.</summary>
    /// <param name="instance">The name of the instance.</param>
    /// <param name="stack">The prefix of the URNs of the resources that are deleted too; null: the instance is known to be deleted.</param>
    public Task<ImmutableArray<Problem>> DepartureAsync(string instance, string? stack = null) => CheckRemovalAsync(instance, async initial =>
    {
        var context = initial with { Stack = stack };
        var problems = new List<Problem>();
        foreach (var resource in run.Fleet.Resources.Where(resource => resource.Space == InstanceReferences.Space))
        {
            problems.AddRange(await resource.RemovalAsync(instance, null, context));
        }
        return [.. problems.Distinct().Select(problem => problem with { Reason = $"{problem.Reason} To delete nothing but a database of it, take that out of the program alone." })];
    });

    /// <summary>True if the object exists, or if that cannot be determined in time.</summary>
    public Task<bool> IsThereAsync(Resource resource, string id, Map state) => TryAsync(async cancel => await resource.ReadAsync(id, state, new(cancel)) is not null, otherwise: true);

    /// <summary>Warns that an update would take over another object of the same id than the one in the state.</summary>
    /// <returns>A warning, or nothing, also when the check does not complete: the update itself reports it.</returns>
    public Task<ImmutableArray<Problem>> TakeoverAsync(Resource resource, string id, Map state) => TryAsync<ImmutableArray<Problem>>(
        async cancel => await resource.ReadAsync(id, state, new(cancel)) is { } seen && Identities.IsAnother(seen)
            ? [new("", $"{Identities.Another(resource.Name, id)} This update would take it over.", Refuses: false)]
            : [],
        otherwise: []);

    private async Task<ImmutableArray<Problem>> CheckRemovalAsync(string id, Func<PreflightContext, Task<ImmutableArray<Problem>>> check, Func<string, bool>? counts = null)
    {
        using var timeout = CreateTimeout(ProofTimeout, run.Cancelled);
        try
        {
            return await check(new(timeout.Token) { Counts = counts });
        }
        catch (OperationCanceledException) when (!run.Cancelled.IsCancellationRequested)
        {
            return [new("", $"\"{id}\" would be deleted, and whether it can be could not be told within {ProofTimeout.TotalSeconds:0} s. Run again, or undo the change.")];
        }
        catch (ResourceFailure failure)
        {
            return [new("", failure.Text)];
        }
    }

    /// <summary>Adds helpful information to problems.</summary>
    public async Task<ImmutableArray<Problem>> ExplainAsync(Resource resource, ImmutableArray<Problem> problems, Map inputs) =>
        problems.IsEmpty ? problems : await TryAsync(cancel => resource.ExplainAsync(problems, inputs, cancel), otherwise: problems);

    /// <summary>What would be lost, as a warning; null when nothing.</summary>
    public Task<Message?> LossAsync(Resource resource, Map priorInputs, bool isReplacement = true)
    {
        var why = isReplacement ? "This is a replacement. " : "";
        return TryAsync(
            async cancel => await resource.LossAsync(priorInputs, cancel) is { } loss ? Message.Of($"{why}{loss}") : null,
            otherwise: $"{why}All data of the {Term.Resource(resource.Name)} \"{resource.FindId(priorInputs)}\" goes. What it holds could not be listed.");
    }

    /// <summary>The inputs of a real operation, in which nothing is unknown. Values that the provider still has to choose are left out.</summary>
    /// <exception cref="RefusedException">An input is still unknown.</exception>
    public static Map Decided(Resource resource, Map planned)
    {
        var inputs = Map.Of(planned.Items.Where(item =>
            resource.Shape[item.Key] is { } field && (field.Input || field.ComputedAtPlan) && !(field.OptionalComputed && item.Value is Unknown)));
        return inputs.IsKnown
            ? inputs
            : throw new RefusedException([.. inputs.Items.Where(item => !item.Value.IsKnown).Select(item => new Problem(item.Key, "is still unknown."))]);
    }

    /// <summary>
    /// Runs a preflight. An instance whose id is not known yet is one that this run creates: a problem that occurs on each of these occurs on it.
    /// </summary>
    private async Task<ImmutableArray<Problem>> PreflightAsync(Resource resource, Map? prior, Map planned, PreflightContext context)
    {
        var instances = run.Memory.PlannedInstances();
        if (planned[Instance] is not Unknown || instances.Count == 0)
        {
            return await resource.PreflightAsync(prior, planned, context);
        }
        var problems = await OnAsync(instances[0]);
        foreach (var other in instances.Skip(1))
        {
            problems = problems.IsEmpty ? problems : [.. problems.Intersect(await OnAsync(other))];
        }
        return problems;

        Task<ImmutableArray<Problem>> OnAsync(string instance) => resource.PreflightAsync(prior, planned.With(Instance, new StringValue(instance)), context);
    }

    /// <summary>Runs a check; returns <paramref name="otherwise"/> when it does not complete in time.</summary>
    private async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> check, T otherwise)
    {
        using var timeout = CreateTimeout(PreflightTimeout, run.Cancelled);
        try
        {
            return await check(timeout.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ResourceFailure)
        {
            return otherwise;
        }
    }

    private PreflightContext ContextOf(CancellationTokenSource timeout, string? deletedFirst, string? urn, bool isProof = false) => new(timeout.Token)
    {
        IsPlanned = run.Memory.IsPlanned,
        PlannedVersion = run.Memory.PlannedVersion,
        DeletedFirst = deletedFirst,
        Urn = urn,
        IsProof = isProof,
    };

    private static CancellationTokenSource CreateTimeout(TimeSpan length, CancellationToken cancel)
    {
        var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(length);
        return timeout;
    }
}
