using System.Collections.Concurrent;
using PgFleet.Operations;
using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Protocols.Terraform;

/// <summary>A run of Terraform, and what its state says of each resource: a plan to replace what is tainted comes without it.</summary>
/// <param name="compose">Makes the resources and functions of a configuration; does no work.</param>
internal sealed class TerraformSession(Func<FleetConfig, ProviderDefinition> compose) : ProviderSession(compose)
{
    private readonly ConcurrentDictionary<(string Type, string Id), Map> recorded = new();

    public TerraformResource ResourceOf(string type) => new(Fleet.Resources.First(resource => TerraformNames.Resource(resource.Name) == type));

    public void Record(TerraformResource resource, Map state)
    {
        if (state["id"] is StringValue id)
        {
            recorded[(resource.TypeName, id.Value)] = state;
        }
    }

    public void Forget(TerraformResource resource, string id) => recorded.TryRemove((resource.TypeName, id), out _);

    /// <summary>Null when the state has none of that id.</summary>
    public Map? Recorded(TerraformResource resource, string id) => recorded.GetValueOrDefault((resource.TypeName, id));
}
