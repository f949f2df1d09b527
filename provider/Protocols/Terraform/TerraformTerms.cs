using PgFleet.Failures;

namespace PgFleet.Protocols.Terraform;

/// <summary>Spells names as Terraform's users write them: <c>restore_time</c>, <c>pgfleet_database_instance</c>.</summary>
internal sealed class TerraformTerms : ITerms
{
    public static readonly TerraformTerms Instance = new();

    public string Property(string path) => TerraformPaths.Text(path);

    public string Resource(string name) => TerraformNames.Resource(name);

    public string Function(string name) => TerraformNames.DataSource(name);

    /// <remarks>Terraform expects an address instead of a name, which the user chooses.</remarks>
    public string Import(string resource, string name, string id) => $"terraform import {TerraformNames.Resource(resource)}.NAME {id}";
}
