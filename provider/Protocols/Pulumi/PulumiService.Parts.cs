using System.Collections.Immutable;
using Grpc.Core;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Resources;
using PgFleet.Schema;
using Pulumirpc;

namespace PgFleet.Protocols.Pulumi;

internal sealed partial class PulumiService
{
    /// <summary>Of a look that a preview waits for; what it cannot tell in time, the work itself will.</summary>
    private static readonly TimeSpan PreflightPatience = TimeSpan.FromSeconds(2);

    /// <summary>Of the proof without which nothing is deleted.</summary>
    private static readonly TimeSpan ProofPatience = TimeSpan.FromSeconds(10);

    /// <param name="type">Empty from older engines, which leave it to the URN: <c>urn:pulumi:stack::project::parent$type::name</c>.</param>
    private Resource ResourceOf(string type, string urn)
    {
        var token = type.Length > 0 ? type : urn.Split("::").ElementAtOrDefault(2)?.Split('$')[^1] ?? "";
        return session.Fleet.Resources.FirstOrDefault(resource => Package.Token(resource.Name) == token)
            ?? throw new RpcException(new(StatusCode.InvalidArgument, $"\"{token}\" is no resource of this provider; it has {string.Join(", ", session.Fleet.Resources.Select(resource => Package.Token(resource.Name)))}."));
    }

    private static async Task<T> GuardedAsync<T>(Operation operation, Func<Task<T>> body)
    {
        try
        {
            return await body();
        }
        catch (Exception exception)
        {
            throw PulumiErrors.Of(exception, operation);
        }
    }

    /// <summary>Refuses what this run cannot make true; what it cannot look at in time is a warning.</summary>
    private async Task PreflightAsync(Resource resource, Map? prior, Plan plan, string urn, Operation operation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(operation.Work.Cancel);
        patience.CancelAfter(PreflightPatience);
        ImmutableArray<Problem> problems;
        try
        {
            problems = await resource.PreflightAsync(prior, plan.Planned, new Work(patience.Token, foreseen: session.Foresees, freed: session.FreedBy(urn)));
        }
        catch (OperationCanceledException) when (!operation.Work.Cancel.IsCancellationRequested)
        {
            problems = [new("", $"could not be checked beforehand within {PreflightPatience.TotalSeconds:0} s.", Refuses: false)];
        }
        catch (ResourceFailure failure) when (failure.Kind == FailureKind.Unavailable)
        {
            problems = [new("", failure.Message, Refuses: false)];
        }
        await WarnAsync(urn, problems);
        if (problems.Any(problem => problem.Refuses))
        {
            throw PulumiErrors.Refusal(problems.Where(problem => problem.Refuses));
        }
    }

    /// <summary>Values, and what refuses; warnings are told.</summary>
    private async Task<Derivation> DeriveAsync(Resource resource, Map inputs, string urn)
    {
        var derivation = await resource.DeriveAsync(inputs, session.Cancelled);
        await WarnAsync(urn, derivation.Problems);
        return derivation with { Problems = [.. derivation.Problems.Where(problem => problem.Refuses)] };
    }

    private async Task WarnAsync(string urn, ImmutableArray<Problem> problems)
    {
        foreach (var warning in problems.Where(problem => !problem.Refuses))
        {
            await session.Log.WarnAsync(urn, PulumiErrors.Line(warning));
        }
    }

    /// <summary>What a preflight would refuse is refused before the old resource is deleted, and so is what cannot be looked at: the create that follows would be too late.</summary>
    private async Task<ImmutableArray<Problem>> ProveAsync(Resource resource, Plan plan, Map priorInputs)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(session.Cancelled);
        patience.CancelAfter(ProofPatience);
        try
        {
            var problems = await resource.PreflightAsync(
                null, plan.Planned, new Work(patience.Token, foreseen: session.Foresees, freed: resource.IdOf(priorInputs)));
            return [.. problems.Where(problem => problem.Refuses)];
        }
        catch (OperationCanceledException) when (!session.Cancelled.IsCancellationRequested)
        {
            return [new("", $"would be deleted before its successor is made, and whether that can be made could not be proven within {ProofPatience.TotalSeconds:0} s. Run again, or undo the change.")];
        }
        catch (ResourceFailure failure)
        {
            return [new("", $"would be deleted before its successor is made, and whether that can be made could not be proven. {failure.Message}")];
        }
    }

    private async Task<ImmutableArray<Problem>> ExplainAsync(Resource resource, ImmutableArray<Problem> problems, Map news)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(session.Cancelled);
        patience.CancelAfter(PreflightPatience);
        try
        {
            return await resource.ExplainAsync(problems, news, patience.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ResourceFailure)
        {
            return problems;
        }
    }

    private async Task WarnOfLossAsync(Resource resource, string urn, Map priorInputs)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(session.Cancelled);
        patience.CancelAfter(PreflightPatience);
        try
        {
            if (await resource.LossAsync(priorInputs, patience.Token) is { } loss)
            {
                await session.Log.WarnAsync(urn, $"This is a replacement. {loss}");
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ResourceFailure)
        {
            await session.Log.WarnAsync(urn, $"This is a replacement: all data of \"{resource.Name}\" goes. What it holds could not be listed.");
        }
    }

    /// <summary>The inputs that a real operation works with. The engine drops unknowns from them; one that is left would be written as data.</summary>
    private static Map Decided(Resource resource, Plan plan)
    {
        var inputs = Map.Of(plan.Planned.Items.Where(item =>
            resource.Shape[item.Key] is { } field && (field.Input || field.Derived) && !(field.Chosen && item.Value is Unknown)));
        return inputs.IsKnown
            ? inputs
            : throw PulumiErrors.Refusal(inputs.Items.Where(item => !item.Value.IsKnown).Select(item => new Problem(item.Key, "is still unknown.")));
    }

    private static CheckFailure Failure(Shape shape, Map news, Problem problem)
    {
        // The engine prints the value of a failure's property, secret or not; without a property it prints none.
        var name = problem.Path.Split('.', '[')[0];
        var isSecret = shape[name]?.Secret == true || Secrets.Within(news[name]);
        return isSecret
            ? new() { Reason = PulumiErrors.Line(problem) }
            : new() { Property = problem.Path, Reason = problem.Reason };
    }
}
