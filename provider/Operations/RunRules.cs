using PgFleet.Resources;
using PgFleet.Resources.Instances;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>The rules that depend on the order in which an engine creates, updates and destroys the resources of a run.</summary>
internal abstract class RunRules(ProviderSession session)
{
    protected const string Application = "Application", Database = "Database", Instance = PreflightRunner.Instance;

    /// <summary>True if a refresh precedes each plan, and shows that a server is new and its predecessor's contents are gone.</summary>
    public abstract bool RefreshTellsOfContainers { get; }

    protected RunMemory Memory => session.Memory;

    protected RestoreSources Sources => session.Sources;

    protected PreflightRunner Preflight { get; } = new(session);

    /// <summary>The resource's name for the user, as far as the provider knows it.</summary>
    public abstract string TitleOf(ResourceRequest request, Map values);

    /// <summary>The program declares the resource. <paramref name="check"/> may have problems; then the resource creates nothing.</summary>
    public abstract Task DeclareAsync(ResourceRequest request, Checked check, Findings findings);

    /// <summary>The resource would be replaced.</summary>
    public abstract Task ReplaceAsync(ResourceRequest request, Map prior, Plan plan, Findings findings);

    /// <summary>The resource would be created, possibly as a replacement.</summary>
    public abstract Task CreateAsync(ResourceRequest request, Plan plan, Findings findings, CancellationToken cancel);

    /// <summary>The resource would be kept, or updated in place.</summary>
    public abstract Task KeepAsync(ResourceRequest request, Map prior, Findings findings);

    /// <summary>The resource is about to be destroyed in an apply. An engine that plans destructions has called before.</summary>
    public virtual Task DeleteAsync(ResourceRequest request, Map prior, Findings findings) => Task.CompletedTask;

    protected static bool IsInstance(Resource resource) => resource.Space == InstanceReferences.Space;

    protected static ResourceReference InstanceOf(string name) => new(InstanceReferences.Space, name);
}
