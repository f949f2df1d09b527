using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Progress;
using PgFleet.Resources;
using PgFleet.Resources.Instances;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>What can be told before the work. Every look has its patience: a server that does not answer holds up no plan.</summary>
internal sealed class PreflightRunner(ProviderSession run)
{
    /// <summary>By which a resource names the server that it is on.</summary>
    public const string Instance = "instance";

    /// <summary>Of a look that a preview waits for; what it cannot tell in time, the work itself will.</summary>
    private static readonly TimeSpan PreflightPatience = TimeSpan.FromSeconds(2);

    /// <summary>Of the proof without which nothing is deleted.</summary>
    private static readonly TimeSpan ProofPatience = TimeSpan.FromSeconds(10);

    /// <summary>What this run cannot make true; what cannot be looked at in time is a warning.</summary>
    /// <param name="freed">Id of what is deleted before this is created.</param>
    /// <param name="urn">The Pulumi resource that is planned.</param>
    public async Task<ImmutableArray<Problem>> PreflightAsync(Resource resource, Map? prior, Plan plan, string? freed, CancellationToken cancel, string? urn = null)
    {
        using var patience = Patience(PreflightPatience, cancel);
        try
        {
            return await PreflightAsync(resource, prior, plan.Planned, Looking(patience, freed, urn));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return [new("", $"could not be checked beforehand within {PreflightPatience.TotalSeconds:0} s.", Refuses: false)];
        }
        catch (ResourceFailure failure) when (failure.Kind == FailureKind.Unavailable)
        {
            return [new("", failure.Message, Refuses: false)];
        }
    }

    /// <summary>What a preflight would refuse is refused before the old resource is deleted, and so is what cannot be looked at: the create that follows would be too late.</summary>
    /// <param name="freed">Id of the old resource.</param>
    /// <param name="urn">The Pulumi resource that is planned.</param>
    public async Task<ImmutableArray<Problem>> ProveAsync(Resource resource, Plan plan, string freed, string? urn = null)
    {
        using var patience = Patience(ProofPatience, run.Cancelled);
        try
        {
            return [.. (await PreflightAsync(resource, null, plan.Planned, Looking(patience, freed, urn, isProof: true))).Where(problem => problem.Refuses)];
        }
        catch (OperationCanceledException) when (!run.Cancelled.IsCancellationRequested)
        {
            return [new("", $"would be deleted before its successor is made, and whether that can be made could not be proven within {ProofPatience.TotalSeconds:0} s. Run again, or undo the change.")];
        }
        catch (ResourceFailure failure)
        {
            return [new("", $"would be deleted before its successor is made, and whether that can be made could not be proven. {failure.Message}")];
        }
    }

    /// <summary>What would keep it from being deleted, and so does what cannot be looked at: others go before it.</summary>
    /// <param name="inputs">As recorded.</param>
    /// <param name="counts">Which of the applications that are bound to it matter; null: all.</param>
    public Task<ImmutableArray<Problem>> RemovalAsync(Resource resource, string id, Map inputs, Func<string, bool>? counts = null) =>
        LookAsync(id, context => resource.RemovalAsync(id, inputs, context), counts);

    /// <summary>The same of an instance that only its name is known of.</summary>
    /// <param name="stack">How the URNs of those begin that go too; null: this one is known to go.</param>
    public Task<ImmutableArray<Problem>> DepartureAsync(string instance, string? stack = null) => LookAsync(instance, async looking =>
    {
        var context = looking with { Stack = stack };
        var problems = new List<Problem>();
        foreach (var resource in run.Fleet.Resources.Where(resource => resource.Space == InstanceReferences.Space))
        {
            problems.AddRange(await resource.RemovalAsync(instance, null, context));
        }
        return [.. problems.Distinct().Select(problem => problem with { Reason = $"{problem.Reason} To delete nothing but a database of it, take that out of the program alone." })];
    });

    /// <summary>As far as can be told: what cannot be looked at is there.</summary>
    public Task<bool> IsThereAsync(Resource resource, string id, Map state) => TryAsync(async cancel => await resource.ReadAsync(id, state, new(cancel)) is not null, otherwise: true);

    /// <summary>An update takes over what bears the id, also where that is another thing than the state means.</summary>
    /// <returns>A warning, or nothing; what cannot be looked at, the update tells.</returns>
    public Task<ImmutableArray<Problem>> TakeoverAsync(Resource resource, string id, Map state) => TryAsync<ImmutableArray<Problem>>(
        async cancel => await resource.ReadAsync(id, state, new(cancel)) is { } seen && Identities.IsAnother(seen)
            ? [new("", $"{Identities.Another(resource.Name, id)} This update would take it over.", Refuses: false)]
            : [],
        otherwise: []);

    private async Task<ImmutableArray<Problem>> LookAsync(string id, Func<PreflightContext, Task<ImmutableArray<Problem>>> look, Func<string, bool>? counts = null)
    {
        using var patience = Patience(ProofPatience, run.Cancelled);
        try
        {
            return await look(new(patience.Token) { Counts = counts });
        }
        catch (OperationCanceledException) when (!run.Cancelled.IsCancellationRequested)
        {
            return [new("", $"\"{id}\" would be deleted, and whether it can be could not be told within {ProofPatience.TotalSeconds:0} s. Run again, or undo the change.")];
        }
        catch (ResourceFailure failure)
        {
            return [new("", failure.Message)];
        }
    }

    /// <summary>The same problems, each with what else helps whoever reads it.</summary>
    public async Task<ImmutableArray<Problem>> ExplainAsync(Resource resource, ImmutableArray<Problem> problems, Map inputs) =>
        problems.IsEmpty ? problems : await TryAsync(cancel => resource.ExplainAsync(problems, inputs, cancel), otherwise: problems);

    /// <summary>What is lost, as a warning; null when nothing.</summary>
    public Task<string?> LossAsync(Resource resource, Map priorInputs, bool isReplacement = true)
    {
        var why = isReplacement ? "This is a replacement. " : "";
        return TryAsync(
            async cancel => await resource.LossAsync(priorInputs, cancel) is { } loss ? $"{why}{loss}" : null,
            otherwise: $"{why}All data of the {resource.Name} \"{resource.FindId(priorInputs)}\" goes. What it holds could not be listed.");
    }

    /// <summary>The inputs that a real operation works with: nothing in them is unknown but what is left to choose.</summary>
    /// <exception cref="RefusedException">One that is left would be written as data.</exception>
    public static Map Decided(Resource resource, Map planned)
    {
        var inputs = Map.Of(planned.Items.Where(item =>
            resource.Shape[item.Key] is { } field && (field.Input || field.Derived) && !(field.Chosen && item.Value is Unknown)));
        return inputs.IsKnown
            ? inputs
            : throw new RefusedException([.. inputs.Items.Where(item => !item.Value.IsKnown).Select(item => new Problem(item.Key, "is still unknown."))]);
    }

    /// <summary>An instance whose id is not known yet is one that this run makes: what holds on each of these holds on it.</summary>
    private async Task<ImmutableArray<Problem>> PreflightAsync(Resource resource, Map? prior, Map planned, PreflightContext context)
    {
        var foreseen = run.Memory.Foreseen();
        if (planned[Instance] is not Unknown || foreseen.Count == 0)
        {
            return await resource.PreflightAsync(prior, planned, context);
        }
        var problems = await OnAsync(foreseen[0]);
        foreach (var other in foreseen.Skip(1))
        {
            problems = problems.IsEmpty ? problems : [.. problems.Intersect(await OnAsync(other))];
        }
        return problems;

        Task<ImmutableArray<Problem>> OnAsync(string instance) => resource.PreflightAsync(prior, planned.With(Instance, new StringValue(instance)), context);
    }

    /// <param name="otherwise">Where it cannot be looked at in time.</param>
    private async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> look, T otherwise)
    {
        using var patience = Patience(PreflightPatience, run.Cancelled);
        try
        {
            return await look(patience.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ResourceFailure)
        {
            return otherwise;
        }
    }

    private PreflightContext Looking(CancellationTokenSource patience, string? freed, string? urn, bool isProof = false) => new(patience.Token)
    {
        IsPlanned = run.Memory.IsPlanned,
        PlannedVersion = run.Memory.VersionForeseen,
        DeletedFirst = freed,
        Urn = urn,
        IsProof = isProof,
    };

    private static CancellationTokenSource Patience(TimeSpan length, CancellationToken cancel)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(length);
        return patience;
    }
}
