using PgFleet.Operations;
using PgFleet.Resources;

namespace PgFleet.Protocols.Terraform;

/// <summary>A run of Terraform.</summary>
/// <param name="compose">Composes the resources and functions for a configuration, without side effects.</param>
internal sealed class TerraformSession(Func<FleetConfig, ProviderDefinition> compose) : ProviderSession(compose)
{
    public TerraformResource ResourceOf(string type) => new(Fleet.Resources.First(resource => TerraformNames.Resource(resource.Name) == type));
}
