using PgFleet.Failures;
using PgFleet.Schema;

namespace PgFleet.Protocols.Terraform;

/// <summary>
/// A secret input has two forms in Terraform, whose state contains secrets in clear: the input itself, and a write-only variant, which is in no plan and no
/// state. The variant is used when the resource is created, and when its version changes.
/// </summary>
/// <param name="Plain">The secret as declared.</param>
/// <param name="Twin">Its write-only variant.</param>
/// <param name="Version">The version of the variant.</param>
internal sealed record WriteOnlySecret(Field Plain, Field Twin, Field Version)
{
    public static WriteOnlySecret Of(Field plain) => new(
        // One of the two may be omitted, so neither is required by itself.
        plain with { Required = false },
        plain with
        {
            Name = $"{plain.Name}Wo",
            Required = false,
            Description = $"The same as `{Term.Property(plain.Name)}`, write-only: it is in no plan and no state, and what is made of it is written without it. Needs Terraform 1.11. {plain.Description}",
        },
        TerraformShapes.WriteOnly.Inputs.Single() with { Name = $"{plain.Name}WoVersion" });

    public bool IsUsed(Map config) => config[Twin.Name] is not null;

    /// <summary>True if the value must be passed on: only its version can tell that it has changed.</summary>
    public bool IsDue(Map? prior, Map config) => IsUsed(config) && (prior is null || !Equals(prior[Version.Name], config[Version.Name]));
}
