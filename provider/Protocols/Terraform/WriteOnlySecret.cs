using PgFleet.Schema;

namespace PgFleet.Protocols.Terraform;

/// <summary>
/// A secret input has two forms in Terraform, whose state keeps secrets in clear: itself, and a write-only twin, which is in no plan and no state.
/// The twin is used when the resource is made, and whenever its version changes.
/// </summary>
/// <param name="Plain">The secret as declared.</param>
/// <param name="Twin">Its write-only form.</param>
/// <param name="Version">Of the twin.</param>
internal sealed record WriteOnlySecret(Field Plain, Field Twin, Field Version)
{
    public static WriteOnlySecret Of(Field plain) => new(
        // Either of the two may be left out, so neither is required by itself.
        plain with { Required = false },
        plain with
        {
            Name = $"{plain.Name}Wo",
            Required = false,
            Description = $"The same as {plain.Name}, write-only: it is in no plan and no state, and what is made of it is written without it. Needs Terraform 1.11. {plain.Description}",
        },
        TerraformShapes.WriteOnly.Inputs.Single() with { Name = $"{plain.Name}WoVersion" });

    public bool IsUsed(Map config) => config[Twin.Name] is not null;

    /// <summary>Whether the value is to be handed on: Terraform cannot tell whether it is another than last time, so its version has to.</summary>
    public bool IsDue(Map? prior, Map config) => IsUsed(config) && (prior is null || !Equals(prior[Version.Name], config[Version.Name]));
}
