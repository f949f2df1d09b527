using PgFleet.Resources;
using PgFleet.Resources.Instances;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>What depends on the order in which an engine creates, changes and destroys the resources of one run.</summary>
internal abstract class RunRules(ProviderSession session)
{
    protected const string Application = "Application", Database = "Database", Instance = PreflightRunner.Instance;

    /// <summary>Whether a refresh precedes each plan, and shows that a server is new and what was in its predecessor is gone.</summary>
    public abstract bool RefreshTellsOfContainers { get; }

    protected RunMemory Memory => session.Memory;

    protected RestoreSources Sources => session.Sources;

    protected PreflightRunner Preflight { get; } = new(session);

    /// <summary>What a user calls the resource, as far as a provider is told.</summary>
    public abstract string TitleOf(ResourceRequest request, Map values);

    /// <summary>The program declares the resource.</summary>
    /// <param name="check">May have problems; the resource makes nothing then.</param>
    public abstract Task DeclareAsync(ResourceRequest request, Checked check, Findings findings);

    /// <summary>The resource would be replaced.</summary>
    public abstract Task ReplaceAsync(ResourceRequest request, Map prior, Plan plan, Findings findings);

    /// <summary>The resource would be created, perhaps in the place of one that is replaced.</summary>
    public abstract Task CreateAsync(ResourceRequest request, Plan plan, Findings findings, CancellationToken cancel);

    /// <summary>The resource would stay, or be changed in place.</summary>
    public abstract Task KeepAsync(ResourceRequest request, Map prior, Findings findings);

    /// <summary>The resource is about to be destroyed, in an apply. An engine whose plans tell of destruction has asked before.</summary>
    public virtual Task DeleteAsync(ResourceRequest request, Map prior, Findings findings) => Task.CompletedTask;

    protected static bool IsInstance(Resource resource) => resource.Space == InstanceReferences.Space;

    protected static ResourceReference InstanceOf(string name) => new(InstanceReferences.Space, name);
}
