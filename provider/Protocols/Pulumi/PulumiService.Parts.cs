using Grpc.Core;
using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Resources;
using PgFleet.Schema;
using Pulumirpc;

namespace PgFleet.Protocols.Pulumi;

internal sealed partial class PulumiService
{
    /// <summary>
    /// Finds the kind of resource. <paramref name="type"/> is empty in older engines, which pass it only in the URN:
    /// <c>urn:pulumi:stack::project::parent$type::name</c>.
    /// </summary>
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

    private EngineDiagnostics DiagnosticsOf(string urn) => new(session.Log, urn);

    /// <param name="call">The call.</param>
    /// <param name="urn">The resource's URN.</param>
    /// <param name="seconds">The user's customTimeouts; 0: none was set.</param>
    private Operation Begin(ServerCallContext call, string urn, double seconds) => new(
        session, DiagnosticsOf(urn), call.CancellationToken, seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue)) : null, urn);

    private static ResourceRequest RequestOf(Resource resource, string urn, string? id, Map? prior) => new(resource, urn) { Id = id, Prior = prior, Urn = urn };

    /// <summary>Refuses what this run cannot do, and warns of the rest.</summary>
    private async Task PreflightAsync(ResourceRequest request, Plan plan, bool isPreview, Operation operation)
    {
        var findings = await planner.PreflightAsync(request, plan, isPreview, operation.Work.Cancel);
        await WarnAsync(request.Who, findings);
        findings.ThrowIfRefused();
    }

    private async Task WarnAsync(string urn, Findings findings)
    {
        foreach (var warning in findings.Losses.Concat(findings.Warnings.Select(RefusedException.Line)))
        {
            await session.Log.WarnAsync(urn, warning);
        }
    }

    private static CheckFailure Failure(ResourceSchema shape, Map news, Problem problem)
    {
        // The engine prints the value of a failure's property, even a secret one; without a property it prints none.
        var name = problem.Path.Split('.', '[')[0];
        var isSecret = shape[name]?.Secret == true || Secrets.Within(news[name]);
        return isSecret
            ? new() { Reason = RefusedException.Line(problem).ToString() }
            : new() { Property = problem.Path, Reason = problem.Reason.ToString() };
    }
}
