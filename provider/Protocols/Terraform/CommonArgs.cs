using System.ComponentModel;
using System.Text.Json.Serialization;
using PgFleet.Schema;
using PgFleet.Schema.Types;

namespace PgFleet.Protocols.Terraform;

/// <summary>The inputs that every resource additionally has in Terraform, which has no syntax of its own for them.</summary>
internal sealed record CommonArgs
{
    [Description("How long an operation may take before it is cancelled; 30 minutes each where nothing is set.")]
    public TimeoutsArgs? Timeouts { get; init; }
}

internal sealed record TimeoutsArgs
{
    [Description("Of making it, as a duration such as \"90m\".")]
    public Duration? Create { get; init; }

    [Description("Of changing it.")]
    public Duration? Update { get; init; }

    [Description("Of destroying it.")]
    public Duration? Delete { get; init; }
}

internal sealed record CommonOutputs
{
    [Description("The resource's id, by which it is imported and others refer to it.")]
    public required string Id { get; init; }
}

/// <summary>The additional input of a write-only secret.</summary>
internal sealed record WriteOnlyArgs
{
    [Description("Raise it to have the write-only value set again: Terraform does not see that it has changed.")]
    public int? Version { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CommonArgs))]
[JsonSerializable(typeof(CommonOutputs))]
[JsonSerializable(typeof(WriteOnlyArgs))]
internal sealed partial class TerraformContext : JsonSerializerContext;

internal static class TerraformShapes
{
    public static ResourceSchema Common { get; } = ResourceSchema.Of(TerraformContext.Default.CommonArgs, TerraformContext.Default.CommonOutputs);

    public static ResourceSchema WriteOnly { get; } = ResourceSchema.OfConfiguration(TerraformContext.Default.WriteOnlyArgs);
}
