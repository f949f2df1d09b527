using System.Collections.Immutable;
using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>
/// Plans a resource in the order that all protocols share: check, computed values, plan; then, for what is destroyed, protection, data loss and obstacles;
/// for what is created or changed, preflight. Differences between engines in what they destroy when are in their <see cref="RunRules"/>.
/// </summary>
internal sealed class ResourcePlanner(ProviderSession session, RunRules rules)
{
    private readonly PreflightRunner preflight = new(session);

    /// <summary>Plans a resource from its checked inputs. <paramref name="config"/> are the inputs as the user wrote them.</summary>
    public async Task<ResourceChange> PlanAsync(ResourceRequest request, Checked check, Map config, CancellationToken cancel)
    {
        var (resource, findings) = (request.Resource, new Findings());
        findings.Add(await preflight.ExplainAsync(resource, check.Problems, config));
        await rules.DeclareAsync(request, check, findings);
        if (findings.Refuses)
        {
            return new(check, PlanComputation.None, null, findings);
        }
        var computation = await resource.ComputeAtPlanAsync(check.Inputs, cancel);
        findings.Add(computation.Problems);
        if (findings.Refuses)
        {
            return new(check, computation, null, findings);
        }
        var plan = Compare(request, PlanComputation.Over(check.Inputs, computation.Values), check.Generated);
        if (request.Prior is { } prior && plan.Replaces)
        {
            await rules.ReplaceAsync(request, prior, plan, findings);
        }
        if (request.Prior is null || plan.Replaces)
        {
            // After the destructions are recorded, because the resource may be restored from one of them.
            findings.Add(session.Sources.Read(rules.TitleOf(request, plan.Planned), plan.Planned));
        }
        return new(check, computation, plan, findings);
    }

    /// <summary>Compares the recorded state with the inputs.</summary>
    /// <param name="request">The resource.</param>
    /// <param name="config">The checked inputs with the computed values.</param>
    /// <param name="generated">The names of inputs that the user did not write.</param>
    public Plan Compare(ResourceRequest request, Map config, ImmutableArray<string> generated) =>
        request.Resource.Plan(request.Prior, config, generated, session.Memory.IsPlanned, rules.RefreshTellsOfContainers ? null : session.Memory.CreatesServer);

    /// <summary>
    /// Checks whether the planned create or update can succeed. <paramref name="isPreview"/> false: an apply, which needs no warning of what it takes over.
    /// </summary>
    public async Task<Findings> PreflightAsync(ResourceRequest request, Plan plan, bool isPreview, CancellationToken cancel)
    {
        var (resource, findings) = (request.Resource, new Findings());
        if (request.Prior is { } prior)
        {
            await rules.KeepAsync(request, prior, findings);
            if (!plan.Empty)
            {
                findings.Add(isPreview ? await preflight.TakeoverAsync(resource, request.Id!, prior) : []);
                findings.Add(await preflight.PreflightAsync(resource, prior, plan, deletedFirst: null, cancel, request.Urn));
            }
        }
        else
        {
            await rules.CreateAsync(request, plan, findings, cancel);
        }
        // In a plan, a refused resource still counts as planned, so that resources that depend on it report no further errors.
        if ((isPreview || !findings.Refuses) && (request.Prior is null || resource.IsUnfinished(request.Prior)))
        {
            session.Memory.MarkPlanned(resource.Creates(plan.Planned), resource.VersionOf(plan.Planned), resource.CreatesServer);
        }
        return findings;
    }
}
