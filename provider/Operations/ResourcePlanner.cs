using System.Collections.Immutable;
using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>
/// The order in which every protocol plans a resource: check, computation, plan; for what is destroyed, protection, loss and obstacles; for what is
/// created or changed, preflight. Where engines differ in what they destroy when, their <see cref="RunRules"/> decide.
/// </summary>
internal sealed class ResourcePlanner(ProviderSession session, RunRules rules)
{
    private readonly PreflightRunner preflight = new(session);

    /// <summary>Plans a resource from its checked inputs.</summary>
    /// <param name="config">The inputs as the user wrote them.</param>
    public async Task<ResourceChange> PlanAsync(ResourceRequest request, Checked check, Map config, CancellationToken cancel)
    {
        var (resource, findings) = (request.Resource, new Findings());
        findings.Add(await preflight.ExplainAsync(resource, check.Problems, config));
        await rules.DeclareAsync(request, check, findings);
        if (findings.Refuses)
        {
            return new(check, PlanComputation.None, null, findings);
        }
        var computation = await resource.DeriveAsync(check.Inputs, cancel);
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
            // After everything that is destroyed is known: the resource may be restored from that.
            findings.Add(session.Sources.Read(rules.TitleOf(request, plan.Planned), plan.Planned));
        }
        return new(check, computation, plan, findings);
    }

    /// <summary>The difference between what is recorded and what is wanted.</summary>
    /// <param name="config">The checked inputs, with what was computed from them.</param>
    /// <param name="generated">The names of inputs that the user did not write.</param>
    public Plan Compare(ResourceRequest request, Map config, ImmutableArray<string> generated) =>
        request.Resource.Plan(request.Prior, config, generated, session.Memory.IsPlanned, rules.RefreshTellsOfContainers ? null : session.Memory.Makes);

    /// <summary>Whether the create or the update that is planned can succeed.</summary>
    /// <param name="isPreview">False in an apply, which needs no warning of what it takes over.</param>
    public async Task<Findings> PreflightAsync(ResourceRequest request, Plan plan, bool isPreview, CancellationToken cancel)
    {
        var (resource, findings) = (request.Resource, new Findings());
        if (request.Prior is { } prior)
        {
            await rules.KeepAsync(request, prior, findings);
            if (!plan.Empty)
            {
                findings.Add(isPreview ? await preflight.TakeoverAsync(resource, request.Id!, prior) : []);
                findings.Add(await preflight.PreflightAsync(resource, prior, plan, freed: null, cancel, request.Urn));
            }
        }
        else
        {
            await rules.CreateAsync(request, plan, findings, cancel);
        }
        // In a plan, what is refused is still counted on by the resources that are planned after it: they are not to blame.
        if ((isPreview || !findings.Refuses) && (request.Prior is null || resource.IsUnfinished(request.Prior)))
        {
            session.Memory.MarkPlanned(resource.Creates(plan.Planned), resource.VersionOf(plan.Planned), resource.MakesServer);
        }
        return findings;
    }
}
